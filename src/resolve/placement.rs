//! Which instances go to which clusters.

use std::collections::{BTreeMap, BTreeSet};

use crate::language::cluster::Cluster;
use crate::language::placement::Placement;
use crate::language::stack::Instance;
use crate::language::team::Team;
use crate::load::{Definitions, Knowledge, Stack};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// An instance on a cluster.
pub struct Placed<'d> {
    /// The cluster's name.
    pub cluster_name: &'d str,
    /// The cluster.
    pub cluster: &'d Cluster,
    /// The labels of the cluster, with the built-in ones.
    pub cluster_labels: BTreeMap<String, String>,
    /// The stack.
    pub stack: &'d Stack,
    /// The instance's name within the stack.
    pub instance_name: &'d str,
    /// The instance.
    pub instance: &'d Instance,
    /// The full name.
    pub name: String,
    /// The team's name.
    pub team_name: &'d str,
    /// The team.
    pub team: &'d Team,
    /// The labels of the instance, with the stack's and the built-in ones.
    pub labels: BTreeMap<String, String>,
    /// The placement that brought it here.
    pub span: Span,
}

/// An instance before it is placed.
struct Candidate<'d> {
    stack: &'d Stack,
    instance_name: &'d str,
    instance: &'d Instance,
    name: String,
    labels: BTreeMap<String, String>,
}

/// Every deployment of the workspace, by cluster and full name.
pub fn place<'d>(definitions: &'d Definitions, report: &mut Report) -> Vec<Placed<'d>> {
    let candidates = candidates(definitions, report);
    let clusters: Vec<(&str, &Cluster, BTreeMap<String, String>)> = definitions
        .clusters
        .iter()
        .map(|(name, cluster)| (name.as_str(), cluster, cluster_labels(name, cluster)))
        .collect();
    let mut chosen: BTreeMap<(usize, usize), Span> = BTreeMap::new();
    let workspace = definitions.placements.iter().map(|(name, placement)| (None, name, placement));
    let stacks = definitions.stacks.values().flat_map(|stack| {
        stack.placements.iter().map(move |(name, placement)| (Some(&stack.name), name, placement))
    });
    for (stack, name, placement) in workspace.chain(stacks) {
        let instances: Vec<usize> = (0..candidates.len())
            .filter(|index| {
                candidates.get(*index).is_some_and(|candidate| {
                    stack.is_none_or(|stack| *stack == candidate.stack.name)
                        && placement.instances.selector.matches(&candidate.labels)
                })
            })
            .collect();
        let reached: Vec<usize> = (0..clusters.len())
            .filter(|index| {
                clusters.get(*index).is_some_and(|(_, _, labels)| placement.clusters.selector.matches(labels))
            })
            .collect();
        let whole = definitions.knowledge() == Knowledge::Whole;
        let labels = candidates.iter().map(|candidate| &candidate.labels);
        selects_nothing(name, placement, whole && instances.is_empty(), "instance", labels, report);
        let labels = clusters.iter().map(|(_, _, labels)| labels);
        selects_nothing(name, placement, whole && reached.is_empty(), "cluster", labels, report);
        for instance in &instances {
            for cluster in &reached {
                chosen.entry((*cluster, *instance)).or_insert(placement.span);
            }
        }
    }
    if definitions.knowledge() == Knowledge::Whole {
        not_placed(&candidates, &chosen, report);
    }
    chosen
        .into_iter()
        .filter_map(|((cluster, instance), span)| {
            let (cluster_name, cluster, labels) = clusters.get(cluster)?;
            let candidate = candidates.get(instance)?;
            let (team_name, team) =
                definitions.teams.get_key_value(candidate.stack.header.team.value.as_str())?;
            Some(Placed {
                cluster_name,
                cluster,
                cluster_labels: labels.clone(),
                stack: candidate.stack,
                instance_name: candidate.instance_name,
                instance: candidate.instance,
                name: candidate.name.clone(),
                team_name,
                team,
                labels: candidate.labels.clone(),
                span,
            })
        })
        .collect()
}

/// Every instance by its full name; two with the same full name are an error.
fn candidates<'d>(definitions: &'d Definitions, report: &mut Report) -> Vec<Candidate<'d>> {
    let mut candidates: BTreeMap<String, Candidate> = BTreeMap::new();
    for stack in definitions.stacks.values() {
        for (instance_name, instance) in &stack.instances {
            let name = full_name(&stack.name, instance_name);
            if name.len() > 63 {
                report.add(
                    Diagnostic::new(
                        Code::NameTooLong,
                        instance.span,
                        format!(
                            "the full name `{name}` has {} characters; a label value has 63 at most",
                            name.len()
                        ),
                    )
                    .help("shorten the name of the instance or of the stack's folder"),
                );
            }
            let candidate = Candidate {
                stack,
                instance_name,
                instance,
                labels: instance_labels(stack, instance_name, instance),
                name,
            };
            if let Some(other) = candidates.get(&candidate.name) {
                report.add(
                    Diagnostic::new(
                        Code::NameTaken,
                        instance.span,
                        format!(
                            "the full name `{}` is taken by an instance of stack `{}`",
                            candidate.name, other.stack.name
                        ),
                    )
                    .because(other.instance.span, "which has the same full name")
                    .help("rename one of the two instances"),
                );
                continue;
            }
            candidates.insert(candidate.name.clone(), candidate);
        }
    }
    candidates.into_values().collect()
}

/// `<stack>-<instance>`, or the stack's name for an instance of the same name.
fn full_name(stack: &str, instance: &str) -> String {
    if stack == instance { stack.to_owned() } else { format!("{stack}-{instance}") }
}

fn instance_labels(stack: &Stack, name: &str, instance: &Instance) -> BTreeMap<String, String> {
    let built_in =
        [("stack", stack.name.as_str()), ("instance", name), ("team", stack.header.team.value.as_str())];
    let mut labels: BTreeMap<String, String> =
        built_in.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    let written = stack.header.labels.iter().chain(&instance.labels);
    labels.extend(written.map(|(key, value)| (key.to_string(), value.to_string())));
    labels
}

fn cluster_labels(name: &str, cluster: &Cluster) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([("cluster".to_owned(), name.to_owned())]);
    labels.extend(cluster.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())));
    labels
}

fn selects_nothing<'a>(
    name: &str,
    placement: &Placement,
    empty: bool,
    noun: &str,
    labels: impl Iterator<Item = &'a BTreeMap<String, String>>,
    report: &mut Report,
) {
    if !empty {
        return;
    }
    let select = if noun == "cluster" { &placement.clusters } else { &placement.instances };
    let mut diagnostic =
        Diagnostic::new(Code::SelectsNothing, select.span, format!("placement `{name}` selects no {noun}"))
            .label(format!("no {noun} has these labels"));
    let known: BTreeSet<String> =
        labels.flat_map(|labels| labels.iter().map(|(key, value)| format!("{key}={value}"))).collect();
    if let Some(advice) =
        crate::report::nearest::advice(&select.selector.to_string(), known.iter().map(String::as_str))
    {
        diagnostic = diagnostic.help(advice);
    }
    report.add(diagnostic);
}

fn not_placed(candidates: &[Candidate], chosen: &BTreeMap<(usize, usize), Span>, report: &mut Report) {
    let placed: BTreeSet<usize> = chosen.keys().map(|(_, instance)| *instance).collect();
    for (index, candidate) in candidates.iter().enumerate() {
        if !placed.contains(&index) {
            report.add(
                Diagnostic::new(
                    Code::NotPlaced,
                    candidate.instance.span,
                    format!("no placement brings `{}` to a cluster", candidate.name),
                )
                .help("add a `[placements.<name>]` whose `instances` match its labels, in the stack or the workspace"),
            );
        }
    }
}
