//! Layers: workspace defaults < shared fields < component < matching overlays. Tables merge, anything else is
//! replaced, and two overlays of one priority never decide silently.

use std::collections::{BTreeMap, BTreeSet};

use super::placement::Placed;
use super::{files, origin};
use crate::language::stack::Overlay;
use crate::load::{ComponentDefinition, Definitions, Knowledge, Stack};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Key, Node, Sources, Span, Spanned, Table, Value};

/// The components of all stacks, with the workspace's defaults beneath them.
pub struct Layers<'d> {
    sources: &'d Sources,
    bases: BTreeMap<(&'d str, &'d str), Base>,
    merged: BTreeMap<(&'d str, Vec<&'d str>), Changed<'d>>,
}

/// The components that overlays change: their fields, and the definitions those came from.
type Changed<'d> = BTreeMap<&'d str, (Node, Vec<String>)>;

/// A component before overlays.
struct Base {
    node: Node,
    origins: Vec<String>,
}

impl<'d> Layers<'d> {
    /// Merges what does not depend on the deployment, and every combination of overlays that some
    /// deployment has, each once.
    pub fn new(
        definitions: &'d Definitions,
        sources: &'d Sources,
        placed: &[Placed<'d>],
        report: &mut Report,
    ) -> Self {
        let mut bases = BTreeMap::new();
        for stack in definitions.stacks.values() {
            for (name, component) in &stack.components {
                let key = format!("components.{name}");
                let mut written = BTreeSet::new();
                files(&component.node, &mut written);
                written.remove(&component.span.file);
                // The file that has the component's `kind` is named first: it is where people look.
                let mut origins: Vec<String> = std::iter::once(component.span.file)
                    .chain(written)
                    .map(|file| origin(sources, file, &key))
                    .collect();
                let (node, used) = with_shared(stack, component, &mut Report::new());
                origins.extend(
                    used.into_iter()
                        .map(|(name, span)| origin(sources, span.file, &format!("shared.{name}"))),
                );
                let node = match definitions.defaults.get(&component.kind.0) {
                    Some(defaults) => {
                        origins.push(origin(
                            sources,
                            defaults.span.file,
                            &format!("defaults.{}", component.kind.0),
                        ));
                        merge(defaults, &node)
                    }
                    None => node,
                };
                bases.insert((stack.name.as_str(), name.as_str()), Base { node, origins });
            }
        }
        let mut layers = Self { sources, bases, merged: BTreeMap::new() };
        let mut matched: BTreeMap<(&str, &str), ()> = BTreeMap::new();
        for placed in placed {
            let overlays = matching(placed);
            matched.extend(overlays.iter().map(|(name, _)| ((placed.stack.name.as_str(), *name), ())));
            let names: Vec<&'d str> = overlays.iter().map(|(name, _)| *name).collect();
            if overlays.is_empty() || layers.merged.contains_key(&(placed.stack.name.as_str(), names.clone()))
            {
                continue;
            }
            let components = layers.apply(placed.stack, &overlays, report);
            layers.merged.insert((placed.stack.name.as_str(), names), components);
        }
        for stack in definitions.stacks.values() {
            for (name, overlay) in &stack.overlays {
                if definitions.knowledge() == Knowledge::Whole
                    && !matched.contains_key(&(stack.name.as_str(), name.as_str()))
                {
                    report.add(
                        Diagnostic::new(
                            Code::SelectsNothing,
                            overlay.span,
                            format!("overlay `{name}` applies to no deployment of `{}`", stack.name),
                        )
                        .label("no instance on any cluster matches it"),
                    );
                }
            }
        }
        layers
    }

    /// The overlays of a deployment, by the names under which their combination was merged.
    pub fn overlays(placed: &Placed<'d>) -> Vec<&'d str> {
        matching(placed).into_iter().map(|(name, _)| name).collect()
    }

    /// The merged fields of a component under a combination of overlays, and the definitions they came from.
    pub fn component(&self, stack: &'d str, overlays: &[&'d str], name: &str) -> Option<(Node, Vec<String>)> {
        if !overlays.is_empty()
            && let Some(components) = self.merged.get(&(stack, overlays.to_vec()))
            && let Some(found) = components.get(name)
        {
            return Some(found.clone());
        }
        let base = self.bases.get(&(stack, name))?;
        Some((base.node.clone(), base.origins.clone()))
    }

    /// The components that a combination of overlays changes.
    fn apply(
        &self,
        stack: &'d Stack,
        overlays: &[(&'d str, &'d Overlay)],
        report: &mut Report,
    ) -> Changed<'d> {
        let mut changed: Changed<'d> = BTreeMap::new();
        for group in overlays.chunk_by(|(_, a), (_, b)| a.priority == b.priority) {
            for name in stack.components.keys() {
                let Some(base) = self.bases.get(&(stack.name.as_str(), name.as_str())) else { continue };
                let mut patch: Option<Node> = None;
                let mut before: Vec<(&str, &Node)> = Vec::new();
                let mut touched = Vec::new();
                for (overlay_name, overlay) in group {
                    let Some(node) = overlay.components.get(name.as_str()) else { continue };
                    touched.push(origin(
                        self.sources,
                        overlay.span.file,
                        &format!("overlays.{overlay_name}"),
                    ));
                    for (other_name, other) in &before {
                        let ranks = Rank::Overlays(other_name, overlay_name);
                        disagree(other, node, &format!("components.{name}"), ranks, report);
                    }
                    before.push((overlay_name, node));
                    patch = Some(patch.map_or_else(|| node.clone(), |patch| merge(&patch, node)));
                }
                let unsets = group.iter().flat_map(|(_, overlay)| {
                    overlay.unset.iter().filter_map(|path| Some((path, path_in(path, name)?)))
                });
                let unsets: Vec<_> = unsets.collect();
                if patch.is_none() && unsets.is_empty() {
                    continue;
                }
                let entry = changed.entry(name).or_insert_with(|| (base.node.clone(), base.origins.clone()));
                for (written, path) in &unsets {
                    unset(&mut entry.0, written, path, patch.as_ref(), report);
                }
                if let Some(patch) = patch {
                    let span = entry.0.span;
                    entry.0 = Node { span, ..merge(&entry.0, &patch) };
                }
                for origin in touched {
                    if !entry.1.contains(&origin) {
                        entry.1.push(origin);
                    }
                }
            }
            for (_, overlay) in group {
                for path in &overlay.unset {
                    if !stack.components.keys().any(|name| path_in(path, name).is_some()) {
                        unset_nothing(path, stack, report);
                    }
                }
            }
        }
        changed
    }
}

/// The overlays that match a deployment, by priority, then by name.
fn matching<'d>(placed: &Placed<'d>) -> Vec<(&'d str, &'d Overlay)> {
    let matches = |overlay: &Overlay| {
        overlay.instances.as_ref().is_none_or(|select| select.selector.matches(&placed.labels))
            && overlay.clusters.as_ref().is_none_or(|select| select.selector.matches(&placed.cluster_labels))
    };
    let mut overlays: Vec<(&str, &Overlay)> = placed
        .stack
        .overlays
        .iter()
        .filter(|(_, overlay)| matches(overlay))
        .map(|(name, overlay)| (name.as_str(), overlay))
        .collect();
    overlays.sort_by_key(|(name, overlay)| (overlay.priority, *name));
    overlays
}

/// A component with the shared fields it uses beneath its own, and which those are. Groups of one
/// component are of one rank: where they disagree and the component does not decide, that is an error.
pub fn with_shared<'d>(
    stack: &'d Stack,
    component: &ComponentDefinition,
    report: &mut Report,
) -> (Node, Vec<(&'d str, Span)>) {
    let mut together: Option<Node> = None;
    let mut used = Vec::new();
    let names = match component.node.as_table().and_then(|table| table.get("use")).map(|node| &node.value) {
        Some(Value::Array(names)) => &names[..],
        _ => &[],
    };
    for node in names {
        let Some(name) = node.as_str() else { continue }; // reported when the component is read
        let Some((name, shared)) = stack.shared.get_key_value(name) else {
            report.add(
                Diagnostic::new(
                    Code::UnknownShared,
                    node.span,
                    format!("stack `{}` has no shared fields `{name}`", stack.name),
                )
                .nearest(name, stack.shared.keys().map(String::as_str))
                .help(format!("define them as `[shared.{name}]`")),
            );
            continue;
        };
        for (other_name, _) in &used {
            if let Some(other) = stack.shared.get(*other_name) {
                let ranks = Rank::Shared(other_name, name);
                disagree(other, shared, "", ranks, report);
            }
        }
        used.push((name.as_str(), shared.span));
        together = Some(together.map_or_else(|| shared.clone(), |others| merge(&others, shared)));
    }
    let span = component.node.span;
    match together {
        Some(shared) => (Node { span, ..merge(&shared, &component.node) }, used),
        None => (component.node.clone(), used),
    }
}

/// `upper` over `lower`: tables merge, anything else is replaced.
fn merge(lower: &Node, upper: &Node) -> Node {
    let (Value::Table(below), Value::Table(above)) = (&lower.value, &upper.value) else {
        return upper.clone();
    };
    let mut table = Table::clone(below);
    for (key, node) in &above.entries {
        let merged = match below.get(&key.name) {
            Some(present) => merge(present, node),
            None => node.clone(),
        };
        table.set(key.clone(), merged);
    }
    Node::table(table, upper.span)
}

/// Two layers of which neither is above the other.
#[derive(Clone, Copy)]
enum Rank<'a> {
    /// Overlays of one priority.
    Overlays(&'a str, &'a str),
    /// Groups of shared fields that one component uses.
    Shared(&'a str, &'a str),
}

/// Reports every field that two layers of one rank set to different values; `path` is where they stand.
fn disagree(one: &Node, other: &Node, path: &str, ranks: Rank, report: &mut Report) {
    let (Value::Table(a), Value::Table(b)) = (&one.value, &other.value) else { return };
    for (key, node) in &b.entries {
        let Some((held_key, held)) = a.entry(&key.name) else { continue };
        let path = if path.is_empty() { key.name.to_string() } else { format!("{path}.{}", key.name) };
        if held.as_table().is_some() && node.as_table().is_some() {
            disagree(held, node, &path, ranks, report);
        } else if !same(held, node) {
            conflict(&path, key, held_key, ranks, report);
        }
    }
}

fn conflict(path: &str, key: &Key, held: &Key, ranks: Rank, report: &mut Report) {
    let (one, other, what, help) = match ranks {
        Rank::Overlays(one, other) => (
            one,
            other,
            "overlays",
            "give one of them a higher `priority`, narrow what they match, or set the field in the component itself",
        ),
        Rank::Shared(one, other) => {
            (one, other, "shared fields", "set the field in the component itself, or `use` only one of them")
        }
    };
    let message = format!("the {what} `{one}` and `{other}` set `{path}` to different values");
    report.add(
        Diagnostic::new(Code::OverlayConflict, key.span, message)
            .label(format!("set here by `{other}`"))
            .because(held.span, format!("set here by `{one}`"))
            .help(help),
    );
}

/// Whether two values are equal, wherever they were written.
fn same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
        }
        (Value::Table(a), Value::Table(b)) => {
            a.entries.len() == b.entries.len()
                && a.entries.iter().all(|(key, node)| b.get(&key.name).is_some_and(|other| same(node, other)))
        }
        (a, b) => a == b,
    }
}

/// The part of an `unset` path that lies within a component.
fn path_in(path: &Spanned<String>, component: &str) -> Option<Vec<String>> {
    let mut segments = segments(&path.value)?.into_iter();
    (segments.next()? == "components" && segments.next()? == component).then(|| segments.collect())
}

/// A dotted path in TOML's own key syntax: `a.b."c.d"`.
fn segments(path: &str) -> Option<Vec<String>> {
    let mut segments = Vec::new();
    let mut rest = path;
    loop {
        let (segment, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => rest.split_at(rest.find('.').unwrap_or(rest.len())),
        };
        segments.push(segment.to_owned());
        if after.is_empty() {
            return Some(segments);
        }
        rest = after.strip_prefix('.')?;
    }
}

fn unset(
    node: &mut Node,
    written: &Spanned<String>,
    path: &[String],
    patch: Option<&Node>,
    report: &mut Report,
) {
    if let Some(span) = patch.and_then(|patch| held(patch, path)) {
        report.add(
            Diagnostic::new(
                Code::OverlayConflict,
                written.span,
                format!("`{}` is both set and unset for the same deployment", written.value),
            )
            .because(span, "it is set here")
            .help("give one of the overlays a `priority`, or narrow what they match"),
        );
        return;
    }
    if !remove(node, path) {
        report.add(
            Diagnostic::new(
                Code::UnsetNothing,
                written.span,
                format!("there is no `{}` to take away", written.value),
            )
            .because(node.span, "the component is defined here"),
        );
    }
}

/// Where a path is set.
fn held(node: &Node, path: &[String]) -> Option<Span> {
    match path.split_first() {
        None => Some(node.span),
        Some((first, rest)) => held(node.as_table()?.get(first)?, rest),
    }
}

fn remove(node: &mut Node, path: &[String]) -> bool {
    let Value::Table(table) = &node.value else { return false };
    let Some((first, rest)) = path.split_first() else { return false };
    let mut table = Table::clone(table);
    let found = match table.entries.iter_mut().find(|(key, _)| *key.name == **first) {
        Some(_) if rest.is_empty() => table.remove(first).is_some(),
        Some((_, inner)) => remove(inner, rest),
        None => false,
    };
    if found {
        *node = Node::table(table, node.span);
    }
    found
}

fn unset_nothing(path: &Spanned<String>, stack: &Stack, report: &mut Report) {
    let paths: Vec<String> = stack.components.keys().map(|name| format!("components.{name}")).collect();
    report.add(
        Diagnostic::new(Code::UnsetNothing, path.span, format!("there is no `{}` to take away", path.value))
            .nearest(&path.value, paths.iter().map(String::as_str))
            .help("write the path of a field, such as `components.backend.scale`"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_segment_keeps_its_dots() {
        assert_eq!(
            segments("components.nginx.config.\"nginx.conf\"").unwrap(),
            ["components", "nginx", "config", "nginx.conf"]
        );
        assert_eq!(segments("a.").unwrap(), ["a", ""]);
        assert!(segments("a.\"b").is_none());
    }
}
