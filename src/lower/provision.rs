//! Who provides what on a cluster: the cluster itself, a chart, a component.

use std::collections::BTreeMap;

use crate::language::value::{Capability, CapabilityKind};
use crate::plan::{Component, ComponentId, Deployment, Plan};

/// Who provides a capability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// It was there before kiln.
    Cluster,
    /// A component of the plan brings it.
    Component(ComponentId),
}

/// The capabilities of every cluster by how they are written: `cert-manager.io`, `storageclass/x`.
#[derive(Debug, Default)]
pub struct Provisions<'p> {
    clusters: BTreeMap<&'p str, BTreeMap<String, Provider>>,
}

impl<'p> Provisions<'p> {
    /// What the clusters and the components of a plan declare. Of several providers the first counts.
    pub fn of(plan: &'p Plan<'p>) -> Self {
        let mut clusters: BTreeMap<&str, BTreeMap<String, Provider>> = BTreeMap::new();
        for (name, cluster) in &plan.definitions.clusters {
            let provided =
                cluster.provides.iter().map(|written| (written.value.to_string(), Provider::Cluster));
            clusters.entry(name).or_default().extend(provided);
        }
        for (deployment, placed) in plan.deployments.iter().enumerate() {
            let known = clusters.entry(placed.cluster_name).or_default();
            for (component, fields) in placed.components.iter().enumerate() {
                for capability in provided(plan, fields) {
                    let id = ComponentId { deployment, component };
                    known.entry(capability.to_string()).or_insert(Provider::Component(id));
                }
            }
        }
        Self { clusters }
    }

    /// Who provides a capability on a cluster.
    pub fn find(&self, cluster: &str, capability: &str) -> Option<Provider> {
        self.clusters.get(cluster)?.get(capability).copied()
    }

    /// Everything provided on a cluster.
    pub fn on(&self, cluster: &str) -> impl Iterator<Item = &str> {
        self.clusters.get(cluster).into_iter().flat_map(|provided| provided.keys().map(String::as_str))
    }

    /// Whether the kinds of an API group come to the cluster with an Application, and may be missing
    /// when a deployment is first looked at.
    pub fn comes_from_elsewhere(&self, deployment: &Deployment, group: &str) -> bool {
        matches!(self.find(deployment.cluster_name, group), Some(Provider::Component(_)))
    }
}

/// What a component brings: what it says itself, and what its chart says.
pub fn provided<'p>(plan: &'p Plan, component: &'p Component) -> impl Iterator<Item = &'p Capability> {
    let chart = component.kind.chart().and_then(|name| plan.definitions.charts.get(name.value.as_str()));
    let by_chart = chart.map_or(&[][..], |chart| &chart.provides);
    component.kind.provides().iter().chain(by_chart).map(|written| &written.value)
}

/// The API groups among the capabilities of a component.
pub fn groups<'p>(plan: &'p Plan, component: &'p Component) -> impl Iterator<Item = &'p str> {
    provided(plan, component).filter(|one| one.kind() == CapabilityKind::ApiGroup).map(Capability::name)
}
