//! Sources → definitions: what was written, typed where it can be, nothing merged and nothing
//! defaulted across layers.
//!
//! Components stay trees: their values are known only per deployment.

mod names;
mod partial;
pub(crate) mod toml;

use std::collections::{BTreeMap, BTreeSet};

use crate::language::chart::Chart;
use crate::language::cluster::Cluster;
use crate::language::param::{Param, ParamName};
use crate::language::placement::Placement;
use crate::language::read::{Read, Reader, Stage};
use crate::language::stack::{Instance, Overlay, StackHeader};
use crate::language::team::Team;
use crate::language::value::{Name, Scalar};
use crate::language::workspace::{ArgoCd, Policy, Workspace};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{FileId, Key, Node, Sources, Span, Table, Value};
use crate::table;

/// The version of the language that this binary knows.
pub const LANGUAGE_VERSION: u32 = 1;

table! {
    /// The files directly in `stacks/`: together they define the workspace.
    pub struct WorkspaceFile {
        /// The workspace as a whole.
        workspace: Option<Workspace>,
        /// How Argo CD is set up and treats what kiln renders.
        argocd: Option<ArgoCd>,
        /// The level of each rule, and the waivers.
        policy: Policy,
        /// Third-party charts, pinned in one place.
        charts: BTreeMap<Name, Chart>,
        /// The clusters.
        clusters: BTreeMap<Name, Cluster>,
        /// The teams.
        teams: BTreeMap<Name, Team>,
        /// Which instances go to which clusters.
        placements: BTreeMap<Name, Placement>,
        /// Fields that every component of a kind has unless it says otherwise.
        defaults: BTreeMap<Name, Node>,
    }
}

table! {
    /// The files in a folder of `stacks/`: together they define the stack of that name.
    pub struct StackFile {
        /// The stack as a whole.
        stack: StackHeader,
        /// Its parameters.
        params: BTreeMap<ParamName, Param>,
        /// Its instances; without any there is one, named like the stack.
        instances: BTreeMap<Name, Instance>,
        /// Its parts.
        components: BTreeMap<Name, Node>,
        /// Fields that several components have in common, by a name that components `use`.
        shared: BTreeMap<Name, Node>,
        /// Changes for some instances or clusters.
        overlays: BTreeMap<Name, Overlay>,
        /// Which of its instances go to which clusters.
        placements: BTreeMap<Name, Placement>,
        /// Who is told of its alerts.
        receivers: BTreeMap<Name, Node>,
    }
}

/// Everything that was written.
#[derive(Debug)]
pub struct Definitions {
    /// The workspace as a whole.
    pub workspace: Workspace,
    /// How Argo CD is set up.
    pub argocd: ArgoCd,
    /// The rules' levels, and the waivers.
    pub policy: Policy,
    /// Charts by name.
    pub charts: BTreeMap<String, Chart>,
    /// Clusters by name.
    pub clusters: BTreeMap<String, Cluster>,
    /// Teams by name.
    pub teams: BTreeMap<String, Team>,
    /// The workspace's placements by name.
    pub placements: BTreeMap<String, Placement>,
    /// Fields of every component of a kind.
    pub defaults: BTreeMap<String, Node>,
    /// Stacks by name.
    pub stacks: BTreeMap<String, Stack>,
    /// What was written but could not be read, such as `teams.shop` or `stacks.shop`: it is reported already, so
    /// nothing else is reported for its absence.
    pub unread: BTreeSet<String>,
}

/// Whether everything that was written could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Knowledge {
    /// All of it: what is not there was not written.
    Whole,
    /// Some of it: what is not there may have been written.
    Partial,
}

impl Definitions {
    /// Whether everything that was written is here.
    pub fn knowledge(&self) -> Knowledge {
        if self.unread.is_empty() && self.stacks.values().all(|stack| stack.unread.is_empty()) {
            Knowledge::Whole
        } else {
            Knowledge::Partial
        }
    }
}

/// A stack as written.
#[derive(Debug)]
pub struct Stack {
    /// Its name: that of its folder.
    pub name: String,
    /// Its header.
    pub header: StackHeader,
    /// Its parameters.
    pub params: BTreeMap<String, Param>,
    /// Its instances; never empty.
    pub instances: BTreeMap<String, Instance>,
    /// Its components.
    pub components: BTreeMap<String, ComponentDefinition>,
    /// Fields that several of them have in common.
    pub shared: BTreeMap<String, Node>,
    /// Its overlays.
    pub overlays: BTreeMap<String, Overlay>,
    /// Its own placements.
    pub placements: BTreeMap<String, Placement>,
    /// Who is told of its alerts.
    pub receivers: BTreeMap<String, Node>,
    /// The path of the file with its header.
    pub file: String,
    /// What was written but could not be read, such as `params.host`.
    pub unread: BTreeSet<String>,
}

/// A component as written.
#[derive(Debug)]
pub struct ComponentDefinition {
    /// The name of its kind, and where it is written.
    pub kind: (String, Span),
    /// Its fields.
    pub node: Node,
    /// Where its name is written.
    pub span: Span,
}

/// Reads all TOML files. `None` when there is no workspace to go on with; problems are in the
/// report either way.
pub fn load(sources: &Sources, report: &mut Report) -> Option<Definitions> {
    let mut workspace = Table::default();
    let mut stacks: BTreeMap<&str, Table> = BTreeMap::new();
    let mut first: BTreeMap<&str, FileId> = BTreeMap::new();
    let mut unread: BTreeSet<String> = BTreeSet::new();
    for (id, file) in sources.iter() {
        if !file.path.ends_with(".toml") {
            continue;
        }
        let (stack, rest) =
            file.path.split_once('/').map_or(("", &*file.path), |(stack, rest)| (stack, rest));
        if !stack.is_empty() && (rest.starts_with("files/") || rest.starts_with("templates/")) {
            continue;
        }
        let into = if stack.is_empty() { &mut workspace } else { stacks.entry(stack).or_default() };
        first.entry(stack).or_insert(id);
        match toml::parse(id, file, report) {
            Some(table) => unite(into, table, report),
            None => drop(unread.insert(format!("stacks.{stack}"))),
        }
    }
    let start = |stack: &str| Span::at(first.get(stack).copied().unwrap_or(FileId(u32::MAX)), 0);
    let root = Node::table(workspace, start(""));
    let read = WorkspaceFile::read(&root, &mut Reader::new(report, Stage::Final)).or_else(|| {
        let (root, dropped) = partial::workspace(&root);
        unread.extend(dropped);
        WorkspaceFile::read(&root, &mut Reader::new(&mut Report::new(), Stage::Final))
    });
    let mut readable = BTreeMap::new();
    for (name, table) in stacks {
        if unread.contains(&format!("stacks.{name}")) {
            continue;
        }
        let Some(mut stack) = read_stack(name, Node::table(table, start(name)), report) else {
            unread.insert(format!("stacks.{name}"));
            continue;
        };
        stack.file = sources.get(stack.header.span.file).map(|file| file.path.clone()).unwrap_or_default();
        readable.insert(name.to_owned(), stack);
    }
    // The files of the workspace itself are those of no stack.
    if unread.contains("stacks.") {
        return None;
    }
    let file = read?;
    let Some(header) = file.workspace else {
        report.add(
            Diagnostic::nowhere(Code::NoWorkspace, "no file directly in `stacks/` has a `[workspace]`")
                .help("add a `stacks/workspace.toml` with `[workspace]`, `version = 1` and `repository`"),
        );
        return None;
    };
    let mut definitions = Definitions {
        workspace: header,
        argocd: file.argocd.or_else(default_argocd)?,
        policy: file.policy,
        charts: named(file.charts),
        clusters: named(file.clusters),
        teams: named(file.teams),
        placements: named(file.placements),
        defaults: named(file.defaults),
        stacks: readable,
        unread,
    };
    names::check(&definitions, report);
    for stack in definitions.stacks.values() {
        // A team that is not there is reported; the rest of its stack is judged as if it were.
        let team = stack.header.team.value.to_string();
        definitions.teams.entry(team).or_insert_with(|| Team {
            description: None,
            groups: BTreeMap::new(),
            span: stack.header.team.span,
        });
    }
    Some(definitions)
}

fn default_argocd() -> Option<ArgoCd> {
    ArgoCd::read(
        &Node::table(Table::default(), Span::NOWHERE),
        &mut Reader::new(&mut Report::new(), Stage::Final),
    )
}

fn named<T>(map: BTreeMap<impl ToString, T>) -> BTreeMap<String, T> {
    map.into_iter().map(|(name, value)| (name.to_string(), value)).collect()
}

fn read_stack(name: &str, root: Node, report: &mut Report) -> Option<Stack> {
    if let Err(invalid) = Name::parse(name) {
        report.add(
            Diagnostic::new(
                Code::InvalidValue,
                root.span,
                format!("a stack is named like its folder: {}", invalid.message),
            )
            .help("rename the folder"),
        );
        return None;
    }
    let mut unread = BTreeSet::new();
    let read = StackFile::read(&root, &mut Reader::new(report, Stage::Final)).or_else(|| {
        let (root, dropped) = partial::stack(&root);
        unread.extend(dropped);
        StackFile::read(&root, &mut Reader::new(&mut Report::new(), Stage::Final))
    });
    let components = root.as_table().and_then(|table| table.get("components")).and_then(Node::as_table);
    let components = components.map(|table| read_components(table, &mut unread, report)).unwrap_or_default();
    let read = read?;
    let mut instances = named(read.instances);
    if instances.is_empty() && !unread.iter().any(|key| key.starts_with("instances")) {
        let span = read.stack.span;
        instances
            .insert(name.to_owned(), Instance { labels: BTreeMap::new(), params: BTreeMap::new(), span });
    }
    Some(Stack {
        name: name.to_owned(),
        header: read.stack,
        params: named(read.params),
        instances,
        components,
        shared: named(read.shared),
        overlays: named(read.overlays),
        placements: named(read.placements),
        receivers: named(read.receivers),
        file: String::new(),
        unread,
    })
}

fn read_components(
    table: &Table,
    unread: &mut BTreeSet<String>,
    report: &mut Report,
) -> BTreeMap<String, ComponentDefinition> {
    let mut components = BTreeMap::new();
    for (key, node) in &table.entries {
        if Name::parse(&key.name).is_err() {
            continue; // reported when the stack's table was read
        }
        unread.insert(format!("components.{}", key.name));
        let Some(fields) = node.as_table() else {
            Reader::new(report, Stage::Final).expected::<()>(node, "a table");
            continue;
        };
        let Some(kind) = fields.get("kind") else {
            report.add(
                Diagnostic::new(
                    Code::MissingField,
                    key.span,
                    format!("component `{}` has no `kind`", key.name),
                )
                .label("`kind` is required here")
                .help("say what it is: `kind = \"service\"`"),
            );
            continue;
        };
        let Some(word) = kind.as_str() else {
            Reader::new(report, Stage::Final).expected::<()>(kind, "the name of a kind");
            continue;
        };
        let kind = (word.to_owned(), kind.span);
        let node = Node { value: node.value.clone(), span: key.span };
        unread.remove(&format!("components.{}", key.name));
        components.insert(key.name.to_string(), ComponentDefinition { kind, node, span: key.span });
    }
    components
}

/// Puts the entries of one file into those of the others; the same leaf twice is an error.
fn unite(into: &mut Table, from: Table, report: &mut Report) {
    for (key, node) in from.entries {
        match into.entries.iter_mut().find(|(present, _)| present.name == key.name) {
            None => into.entries.push((key, node)),
            Some((present, held)) => unite_entry(present, held, &key, node, report),
        }
    }
}

fn unite_entry(present: &mut Key, held: &mut Node, key: &Key, node: Node, report: &mut Report) {
    match (&held.value, node.value) {
        (Value::Table(a), Value::Table(b)) => {
            // A component is defined where its `kind` is, whichever file comes first.
            if b.get("kind").is_some() && a.get("kind").is_none() {
                *present = key.clone();
                held.span = node.span;
            }
            let mut merged = Table::clone(a);
            unite(&mut merged, Table::clone(&b), report);
            *held = Node::table(merged, held.span);
        }
        _ => report.add(
            Diagnostic::new(Code::DefinedTwice, key.span, format!("`{}` is defined twice", key.name))
                .label("defined again here")
                .because(present.span, "first defined here")
                .help("keep one of the two"),
        ),
    }
}
