//! Every object of the fleet, each with who made it. A type without decisions; `lower` fills it.

use crate::kube::{Key, Object, Scope};
use crate::plan::{ComponentId, Deployment, Plan, Release};
use crate::source::Span;

/// Everything that the plan becomes in the clusters.
#[derive(Debug, Default)]
pub struct Objects {
    /// The objects that kiln writes: by deployment, then those of the deployment itself, then by component.
    pub placed: Vec<Placed>,
    /// What Argo CD renders, by component.
    pub releases: Vec<(ComponentId, Release)>,
}

/// An object and who made it.
#[derive(Debug)]
pub struct Placed {
    /// The position of the deployment in [`Plan::deployments`].
    pub deployment: usize,
    /// The position of the component in the deployment; `None` for objects of the deployment as a whole.
    pub component: Option<usize>,
    /// The object.
    pub object: Object,
    /// The definitions it was made from, as `file#path`.
    pub origins: Vec<String>,
}

impl Placed {
    /// The deployment it belongs to.
    pub fn deployment<'p, 'd>(&self, plan: &'p Plan<'d>) -> Option<&'p Deployment<'d>> {
        plan.deployments.get(self.deployment)
    }

    /// The component it belongs to.
    pub fn component<'p>(&self, plan: &'p Plan<'_>) -> Option<&'p crate::plan::Component> {
        self.deployment(plan)?.components.get(self.component?)
    }

    /// The place to blame for it: its component, or its stack.
    pub fn span(&self, plan: &Plan) -> Span {
        match (self.component(plan), self.deployment(plan)) {
            (Some(component), _) => component.span,
            (None, Some(deployment)) => deployment.stack.header.span,
            (None, None) => Span::NOWHERE,
        }
    }

    /// Its cluster and its identity there: no other object of the fleet may have both.
    pub fn identity<'d>(&self, plan: &Plan<'d>) -> (&'d str, Key) {
        let cluster = self.deployment(plan).map_or("", |deployment| deployment.cluster_name);
        (cluster, self.object.key())
    }

    /// The namespace it is in.
    pub fn namespace(&self) -> Option<&str> {
        match self.object.scope() {
            Scope::Namespaced => self.object.metadata().namespace.as_deref(),
            Scope::Cluster => None,
        }
    }
}

impl Objects {
    /// The objects of one deployment.
    pub fn of(&self, deployment: usize) -> impl Iterator<Item = &Placed> {
        self.placed.iter().filter(move |placed| placed.deployment == deployment)
    }
}

/// The component a release belongs to, and its deployment.
pub fn component_of<'p, 'd>(
    plan: &'p Plan<'d>,
    id: ComponentId,
) -> Option<(&'p Deployment<'d>, &'p crate::plan::Component)> {
    let deployment = plan.deployments.get(id.deployment)?;
    Some((deployment, deployment.components.get(id.component)?))
}

/// The folder of what belongs to a deployment as a whole; no component can have this name.
pub const DEPLOYMENT_FOLDER: &str = "_deployment";
