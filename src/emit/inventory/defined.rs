//! The pages of what is defined: clusters, teams, stacks, instances.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::texts;
use crate::lower::provision::Provisions;
use crate::plan::Plan;

/// A cluster.
#[derive(Debug, Serialize)]
pub struct Cluster {
    name: String,
    kubernetes: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    /// The cluster whose Argo CD drives it.
    argocd: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    provides: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    instances: Vec<String>,
}

/// The clusters by name.
pub fn clusters(plan: &Plan) -> Vec<Cluster> {
    let provisions = Provisions::of(plan);
    let cluster = |(name, fields): (&String, &crate::language::cluster::Cluster)| Cluster {
        name: name.clone(),
        kubernetes: fields.kubernetes.value.to_string(),
        labels: texts(&fields.labels),
        domain: fields.domain.as_ref().map(ToString::to_string),
        argocd: fields.argocd.as_ref().map_or_else(|| name.clone(), |hub| hub.value.to_string()),
        server: fields.server.as_ref().map(ToString::to_string),
        provides: provisions.on(name).map(str::to_owned).collect(),
        instances: plan
            .deployments
            .iter()
            .filter(|deployment| deployment.cluster_name == name)
            .map(|deployment| deployment.name.clone())
            .collect(),
    };
    plan.definitions.clusters.iter().map(cluster).collect()
}

/// A team.
#[derive(Debug, Serialize)]
pub struct Team {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    groups: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stacks: Vec<String>,
}

/// The teams by name.
pub fn teams(plan: &Plan) -> Vec<Team> {
    let definitions = plan.definitions;
    let team = |(name, fields): (&String, &crate::language::team::Team)| Team {
        name: name.clone(),
        description: fields.description.clone(),
        groups: fields
            .groups
            .iter()
            .map(|(role, groups)| (role.to_string(), groups.iter().map(ToString::to_string).collect()))
            .collect(),
        stacks: definitions
            .stacks
            .values()
            .filter(|stack| stack.header.team.value.as_str() == name)
            .map(|stack| stack.name.clone())
            .collect(),
    };
    definitions.teams.iter().map(team).collect()
}

/// A stack.
#[derive(Debug, Serialize)]
pub struct Stack {
    name: String,
    team: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    params: Vec<String>,
    instances: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<StackComponent>,
}

/// A component as its stack defines it.
#[derive(Debug, Serialize)]
struct StackComponent {
    name: String,
    kind: String,
}

/// The stacks by name.
pub fn stacks(plan: &Plan) -> Vec<Stack> {
    let stack = |stack: &crate::load::Stack| Stack {
        name: stack.name.clone(),
        team: stack.header.team.value.to_string(),
        labels: texts(&stack.header.labels),
        params: stack.params.keys().cloned().collect(),
        instances: stack.instances.keys().cloned().collect(),
        components: stack
            .components
            .iter()
            .map(|(name, component)| StackComponent { name: name.clone(), kind: component.kind.0.clone() })
            .collect(),
    };
    plan.definitions.stacks.values().map(stack).collect()
}

/// An instance that is somewhere.
#[derive(Debug, Serialize)]
pub struct Instance {
    name: String,
    stack: String,
    instance: String,
    team: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    clusters: BTreeSet<String>,
}

/// The instances that placements bring to a cluster, by full name.
pub fn instances(plan: &Plan) -> Vec<Instance> {
    let mut instances: BTreeMap<&str, Instance> = BTreeMap::new();
    for deployment in &plan.deployments {
        let instance = instances.entry(&deployment.name).or_insert_with(|| Instance {
            name: deployment.name.clone(),
            stack: deployment.stack.name.clone(),
            instance: deployment.instance.to_owned(),
            team: deployment.team_name.to_owned(),
            labels: deployment.labels.clone(),
            clusters: BTreeSet::new(),
        });
        instance.clusters.insert(deployment.cluster_name.to_owned());
    }
    instances.into_values().collect()
}
