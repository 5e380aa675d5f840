//! The page of who needs whom.

use std::collections::BTreeSet;

use serde::Serialize;

use super::id;
use crate::language::reference::Want;
use crate::objects::component_of;
use crate::plan::Plan;

/// The components of the fleet and what they want of each other.
#[derive(Debug)]
pub struct Graph {
    /// The components.
    pub nodes: Vec<Node>,
    /// What they want of each other.
    pub edges: Vec<Edge>,
}

/// A component.
#[derive(Debug, Serialize)]
pub struct Node {
    id: String,
    kind: String,
    wave: i32,
}

/// What a component wants of another.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    from: String,
    to: String,
    /// `output`, `volume` or `order`.
    kind: &'static str,
    /// The output or volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// The graph of a plan. Edges lead from who needs to what is needed.
pub fn graph(plan: &Plan) -> Graph {
    let mut nodes = Vec::new();
    let mut edges = BTreeSet::new();
    for deployment in &plan.deployments {
        for component in &deployment.components {
            let from = id(deployment, component);
            for (target, link) in &component.links {
                let Some((deployment, provider)) = component_of(plan, link.provider) else { continue };
                let kind = match target.want {
                    Want::Output => "output",
                    Want::Volume => "volume",
                    Want::Order => "order",
                };
                let name = Some(target.output.clone()).filter(|name| !name.is_empty());
                edges.insert(Edge { from: from.clone(), to: id(deployment, provider), kind, name });
            }
            nodes.push(Node { id: from, kind: component.kind.common().kind.clone(), wave: component.wave });
        }
    }
    Graph { nodes, edges: edges.into_iter().collect() }
}
