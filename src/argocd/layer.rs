//! Coarse layers between Applications: what provides a capability or an output comes before what needs it.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::lower::provision::{Provider, Provisions};
use crate::need::needs;
use crate::objects::Objects;
use crate::plan::{ComponentId, Plan};

/// An Application: that of a deployment, or that of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Deployment(usize),
    Release(ComponentId),
}

/// The layer of every Application, 0 first.
#[derive(Debug, Default)]
pub struct Layers(BTreeMap<Unit, usize>);

impl Layers {
    /// The layer of a deployment's Application.
    pub fn deployment(&self, position: usize) -> usize {
        self.0.get(&Unit::Deployment(position)).copied().unwrap_or(0)
    }

    /// The layer of a release's Application.
    pub fn release(&self, id: ComponentId) -> usize {
        self.0.get(&Unit::Release(id)).copied().unwrap_or(0)
    }
}

/// Finds the fewest layers. Applications that need each other share one: they come together by retrying.
pub fn layers(plan: &Plan, objects: &Objects) -> Layers {
    let provisions = Provisions::of(plan);
    let releases: BTreeSet<ComponentId> = objects.releases.iter().map(|(id, _)| *id).collect();
    let unit = |id: ComponentId| match releases.contains(&id) {
        true => Unit::Release(id),
        false => Unit::Deployment(id.deployment),
    };
    let mut edges: BTreeSet<(Unit, Unit)> = BTreeSet::new();
    for placed in &objects.placed {
        let Some(deployment) = placed.deployment(plan) else { continue };
        let from = Unit::Deployment(placed.deployment);
        for need in needs(placed, deployment, plan) {
            if let Some(Provider::Component(id)) = provisions.find(deployment.cluster_name, &need.capability)
            {
                edges.insert((from, unit(id)));
            }
        }
    }
    // A reference is an edge as well, unless it leads to what becomes no Application.
    let applied = |id: ComponentId| releases.contains(&id) || objects.of(id.deployment).next().is_some();
    for (deployment, here) in plan.deployments.iter().enumerate() {
        for (component, consumer) in here.components.iter().enumerate() {
            let from = unit(ComponentId { deployment, component });
            let providers = consumer.links.values().map(|link| link.provider);
            edges.extend(providers.filter(|id| applied(*id)).map(|id| (from, unit(id))));
        }
    }
    let units = (0..plan.deployments.len()).map(Unit::Deployment);
    longest_paths(units.chain(releases.iter().copied().map(Unit::Release)), &edges)
}

fn longest_paths(units: impl Iterator<Item = Unit>, edges: &BTreeSet<(Unit, Unit)>) -> Layers {
    let mut graph: DiGraph<Unit, ()> = DiGraph::new();
    let nodes: BTreeMap<Unit, NodeIndex> = units.map(|unit| (unit, graph.add_node(unit))).collect();
    for (from, to) in edges {
        if let (Some(from), Some(to), true) = (nodes.get(from), nodes.get(to), from != to) {
            graph.add_edge(*from, *to, ());
        }
    }
    let mut layers: BTreeMap<Unit, usize> = BTreeMap::new();
    // Providers come first: the order of the components is the reverse of a topological one.
    for component in tarjan_scc(&graph) {
        let needed = component.iter().flat_map(|node| graph.neighbors(*node));
        let layer = needed
            .filter_map(|node| graph.node_weight(node).and_then(|unit| layers.get(unit)))
            .map(|layer| layer + 1)
            .max()
            .unwrap_or(0);
        layers
            .extend(component.iter().filter_map(|node| graph.node_weight(*node)).map(|unit| (*unit, layer)));
    }
    Layers(layers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_come_first_and_cycles_share_a_layer() {
        let unit = Unit::Deployment;
        let edges =
            BTreeSet::from([(unit(0), unit(1)), (unit(1), unit(2)), (unit(2), unit(1)), (unit(2), unit(3))]);
        let layers = longest_paths((0..5).map(unit), &edges);
        let found: Vec<usize> = (0..5).map(|position| layers.deployment(position)).collect();
        assert_eq!(found, [2, 1, 1, 0, 0]);
    }
}
