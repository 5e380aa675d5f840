//! Definitions → plan: placement, parameters, layers, expressions, references and order. Every
//! choice is made here; what comes after only looks at the plan.

mod evaluate;
mod layers;
mod link;
mod order;
mod params;
mod placement;
mod scope;
mod written;

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::kinds;
use crate::language::component::receiver::Receiver;
use crate::language::read::{Read, Reader, Stage};
use crate::language::reference::Reference;
use crate::language::value::{Name, Scalar};
use crate::load::{ComponentDefinition, Definitions};
use crate::plan::{Component, Deployment, Plan};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{FileId, Node, Sources, Value};
use crate::template::{Engine, Scope};

use layers::Layers;
use placement::Placed;

/// A deployment whose references are read but not linked.
struct Draft<'d> {
    deployment: Deployment<'d>,
    /// The references, each with the position of its component; none where the component could not be read.
    references: Vec<(Option<usize>, Reference)>,
    /// Components that are there in the stack but not in this deployment.
    disabled: Vec<String>,
}

/// Makes the plan. Everything wrong is reported; what could be read is in the plan all the same.
pub fn resolve<'d>(
    definitions: &'d Definitions,
    sources: &'d Sources,
    engine: &'d Engine,
    report: &mut Report,
) -> Plan<'d> {
    written::check(definitions, report);
    params::check(definitions, report);
    let placed = placement::place(definitions, report);
    let layers = Layers::new(definitions, sources, &placed, report);
    let drafts: Vec<(Draft, Report)> = placed
        .par_iter()
        .map(|placed| {
            let mut report = Report::new();
            let draft = draft(placed, definitions, &layers, sources, engine, &mut report);
            (draft, report)
        })
        .collect();
    let mut deployments = Vec::with_capacity(drafts.len());
    let mut references = Vec::with_capacity(drafts.len());
    let mut disabled = Vec::with_capacity(drafts.len());
    for (draft, problems) in drafts {
        report.append(problems);
        deployments.push(draft.deployment);
        references.push(draft.references);
        disabled.push(draft.disabled);
    }
    link::link(&mut deployments, &references, &disabled, definitions.knowledge(), report);
    order::order(&mut deployments, report);
    Plan { definitions, sources, engine, deployments }
}

fn draft<'d>(
    placed: &Placed<'d>,
    definitions: &'d Definitions,
    layers: &Layers<'d>,
    sources: &'d Sources,
    engine: &'d Engine,
    report: &mut Report,
) -> Draft<'d> {
    let mut scope = scope::of(placed, definitions);
    let mut evaluator = evaluate::Evaluator { engine, sources, report };
    let (params, unknown) = params::fill(placed, &scope, &mut evaluator);
    scope = scope.with("params", params).without(unknown);
    let namespace = namespace(placed, &scope, &mut evaluator);
    let mut deployment = Deployment {
        cluster_name: placed.cluster_name,
        cluster: placed.cluster,
        stack: placed.stack,
        instance: placed.instance_name,
        name: placed.name.clone(),
        team_name: placed.team_name,
        team: placed.team,
        namespace,
        labels: placed.labels.clone(),
        scope: scope.clone(),
        placement: placed.span,
        components: Vec::new(),
        receivers: Default::default(),
    };
    let mut references = Vec::new();
    let mut disabled = Vec::new();
    let overlays = Layers::overlays(placed);
    for (name, definition) in &placed.stack.components {
        let merged = layers.component(&placed.stack.name, &overlays, name);
        match component(name, definition, merged, &scope, &mut evaluator) {
            Ready::Component(component, found) => {
                let position = deployment.components.len();
                deployment.components.push(*component);
                references.extend(found.into_iter().map(|reference| (Some(position), reference)));
            }
            Ready::Disabled => disabled.push(name.clone()),
            // Its own problems are reported, references to it are no others; those it has are still looked at.
            Ready::Unread(found) => references.extend(found.into_iter().map(|reference| (None, reference))),
        }
    }
    for (name, node) in &placed.stack.receivers {
        if let Some(node) = evaluator.evaluate(node, &scope)
            && let Some(receiver) = Receiver::read(&node, &mut Reader::new(evaluator.report, Stage::Final))
        {
            deployment.receivers.insert(name.clone(), receiver);
        }
    }
    Draft { deployment, references, disabled }
}

/// What became of a component.
enum Ready {
    Component(Box<Component>, Vec<Reference>),
    /// This deployment does without it.
    Disabled,
    /// It is wrong somewhere; the references that could be read nevertheless.
    Unread(Vec<Reference>),
}

fn component(
    name: &str,
    definition: &ComponentDefinition,
    merged: Option<(Node, Vec<String>)>,
    scope: &Scope,
    evaluator: &mut evaluate::Evaluator,
) -> Ready {
    let (Some(kind), Some((node, origins))) = (kinds::find(&definition.kind.0), merged) else {
        return Ready::Unread(Vec::new());
    };
    let scope = scope.with("component", serde_json::json!({ "name": name, "kind": kind.name }));
    let Some(node) = evaluator.evaluate(&node, &scope) else {
        let mut known = Report::new(); // what is wrong is reported already
        let mut reader = Reader::new(&mut known, Stage::Final);
        let _ = (kind.read)(&node, &mut reader);
        return Ready::Unread(reader.references);
    };
    if is_disabled(&node) {
        return Ready::Disabled;
    }
    let mut reader = Reader::new(evaluator.report, Stage::Final);
    let Some(kind) = (kind.read)(&node, &mut reader) else {
        return Ready::Unread(reader.references);
    };
    let references = std::mem::take(&mut reader.references);
    Ready::Component(
        Box::new(Component {
            name: name.to_owned(),
            kind,
            span: definition.span,
            origins,
            wave: 0,
            links: Default::default(),
            consumers: Vec::new(),
        }),
        references,
    )
}

/// Whether `enabled` is false: then nothing else of the component has to be right.
fn is_disabled(node: &Node) -> bool {
    let enabled = node.as_table().and_then(|table| table.get("enabled"));
    matches!(enabled.map(|node| &node.value), Some(Value::Boolean(false)))
}

fn namespace(placed: &Placed, scope: &Scope, evaluator: &mut evaluate::Evaluator) -> String {
    let Some(written) = &placed.stack.header.namespace else {
        return placed.name.clone();
    };
    let text = evaluator.text(&written.value, written.span, scope);
    match text.as_deref().map(Name::parse) {
        Some(Ok(name)) => name.to_string(),
        Some(Err(invalid)) => {
            let mut diagnostic = Diagnostic::new(Code::InvalidValue, written.span, invalid.message)
                .label(format!("the namespace of `{}`", placed.name));
            diagnostic.help.extend(invalid.help);
            evaluator.report.add(diagnostic);
            placed.name.clone()
        }
        None => placed.name.clone(),
    }
}

/// The path of a definition for the index: file and dotted key, no line, so that a comment added
/// above changes nothing.
fn origin(sources: &Sources, file: FileId, key: &str) -> String {
    let file = sources.get(file).map_or("", |file| &*file.path);
    format!("stacks/{file}#{key}")
}

/// The files that parts of a definition are written in.
fn files(node: &Node, files: &mut BTreeSet<FileId>) {
    files.insert(node.span.file);
    match &node.value {
        Value::Array(items) => items.iter().for_each(|item| self::files(item, files)),
        Value::Table(table) => table.entries.iter().for_each(|(_, item)| self::files(item, files)),
        Value::String(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
    }
}
