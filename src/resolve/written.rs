//! What is wrong whatever the deployment: kinds that don't exist, fields that their kinds don't
//! have, overlays of components that aren't there.

use super::layers::with_shared;
use crate::kinds::{self, KINDS};
use crate::language::component::receiver::Receiver;
use crate::language::read::{Read, Reader, Stage};
use crate::load::{Definitions, Stack};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// Reads every component, overlay and default as written.
pub fn check(definitions: &Definitions, report: &mut Report) {
    for (kind, node) in &definitions.defaults {
        match kinds::find(kind) {
            Some(kind) => drop((kind.read)(node, &mut Reader::new(report, Stage::Written))),
            None => unknown_kind(kind, node.span, report),
        }
    }
    for stack in definitions.stacks.values() {
        components(stack, report);
        overlays(stack, report);
        for node in stack.receivers.values() {
            Receiver::read(node, &mut Reader::new(report, Stage::Written));
        }
    }
}

fn components(stack: &Stack, report: &mut Report) {
    for definition in stack.components.values() {
        let (word, span) = &definition.kind;
        match kinds::find(word) {
            Some(kind) => {
                let (node, _) = with_shared(stack, definition, report);
                drop((kind.read)(&node, &mut Reader::new(report, Stage::Written)));
            }
            None => unknown_kind(word, *span, report),
        }
    }
}

fn overlays(stack: &Stack, report: &mut Report) {
    for (overlay_name, overlay) in &stack.overlays {
        for (name, node) in &overlay.components {
            let Some(definition) = stack.components.get(name.as_str()) else {
                if stack.unread.contains(&format!("components.{name}")) {
                    continue;
                }
                report.add(
                    Diagnostic::new(
                        Code::UnknownComponent,
                        node.span,
                        format!(
                            "overlay `{overlay_name}` changes `{name}`, which stack `{}` does not have",
                            stack.name
                        ),
                    )
                    .nearest(name.as_str(), stack.components.keys().map(String::as_str)),
                );
                continue;
            };
            if let Some(kind) = node.as_table().and_then(|table| table.entry("kind")) {
                report.add(
                    Diagnostic::new(
                        Code::OverlayConflict,
                        kind.0.span,
                        "an overlay cannot change the `kind`",
                    )
                    .because(definition.kind.1, "the kind is set here"),
                );
            }
            if let Some(kind) = kinds::find(&definition.kind.0) {
                (kind.read)(node, &mut Reader::new(report, Stage::Written));
            }
        }
    }
}

fn unknown_kind(word: &str, span: Span, report: &mut Report) {
    report.add(
        Diagnostic::new(Code::UnknownKind, span, format!("there is no kind `{word}`"))
            .nearest(word, KINDS.iter().map(|kind| kind.name)),
    );
}
