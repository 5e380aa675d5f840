//! What can be read of definitions that have mistakes: an entry that cannot be read is dropped and named, so that
//! the rest is judged in the same run.

use std::sync::Arc;

use crate::language::chart::Chart;
use crate::language::cluster::Cluster;
use crate::language::param::{Param, ParamName};
use crate::language::placement::Placement;
use crate::language::read::{Read, Reader, Stage};
use crate::language::stack::{Instance, Overlay};
use crate::language::team::Team;
use crate::language::value::{Name, Scalar};
use crate::language::workspace::{ArgoCd, Policy};
use crate::report::Report;
use crate::source::{Node, Table, Value};

/// A table of the definitions, and whether an entry of it can be read.
type Section = (&'static str, fn(&str, &Node) -> bool);

const WORKSPACE: &[Section] = &[
    ("charts", entry::<Name, Chart>),
    ("clusters", entry::<Name, Cluster>),
    ("teams", entry::<Name, Team>),
    ("placements", entry::<Name, Placement>),
    ("defaults", entry::<Name, Node>),
];

const STACK: &[Section] = &[
    ("params", entry::<ParamName, Param>),
    ("instances", entry::<Name, Instance>),
    ("components", entry::<Name, Node>),
    ("shared", entry::<Name, Node>),
    ("overlays", entry::<Name, Overlay>),
    ("placements", entry::<Name, Placement>),
    ("receivers", entry::<Name, Node>),
];

/// The workspace without what cannot be read, and the dotted names of that.
pub fn workspace(root: &Node) -> (Node, Vec<String>) {
    let (root, mut dropped) = without_broken(root, WORKSPACE);
    let mut table = root.as_table().cloned().unwrap_or_default();
    table.entries.retain(|(key, node)| {
        let kept = match &*key.name {
            "argocd" => reads::<ArgoCd>(node),
            "policy" => reads::<Policy>(node),
            _ => true,
        };
        if !kept {
            dropped.push(key.name.to_string());
        }
        kept
    });
    (Node::table(table, root.span), dropped)
}

/// A stack without what cannot be read, and the dotted names of that.
pub fn stack(root: &Node) -> (Node, Vec<String>) {
    without_broken(root, STACK)
}

fn without_broken(root: &Node, sections: &[Section]) -> (Node, Vec<String>) {
    let mut dropped = Vec::new();
    let mut table = root.as_table().cloned().unwrap_or_default();
    table.entries.retain_mut(|(key, node)| {
        let Some((name, readable)) = sections.iter().find(|(name, _)| *name == &*key.name) else {
            return true;
        };
        let Value::Table(entries) = &node.value else {
            dropped.push((*name).to_owned());
            return false;
        };
        let mut kept = Table::clone(entries);
        kept.entries.retain(|(key, node)| {
            let kept = readable(&key.name, node);
            if !kept {
                dropped.push(format!("{name}.{}", key.name));
            }
            kept
        });
        node.value = Value::Table(Arc::new(kept));
        true
    });
    (Node::table(table, root.span), dropped)
}

fn entry<K: Scalar, V: Read>(key: &str, node: &Node) -> bool {
    K::parse(key).is_ok() && reads::<V>(node)
}

fn reads<T: Read>(node: &Node) -> bool {
    T::read(node, &mut Reader::new(&mut Report::new(), Stage::Final)).is_some()
}
