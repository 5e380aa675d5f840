//! The objects of the whole workspace, each with its owner. Types only; `lower` and `argocd` make them.

use crate::kube::Object;
use crate::plan::{ComponentId, Release};
use crate::source::Span;

/// Everything that the plan becomes.
#[derive(Debug, Default)]
pub struct Objects {
    /// The objects, in the order of the plan.
    pub placed: Vec<Placed>,
    /// What Argo CD renders itself.
    pub releases: Vec<(ComponentId, Release)>,
}

/// An object and its owner.
#[derive(Debug)]
pub struct Placed {
    /// The position of the deployment it belongs to in the plan.
    pub deployment: usize,
    /// The component it was made from; `None` for what belongs to the deployment as a whole.
    pub component: Option<usize>,
    /// The object, complete.
    pub object: Object,
    /// The definitions it was made from.
    pub origins: Vec<String>,
    /// Where to point at when something is wrong with it.
    pub span: Span,
}

/// The folder of what belongs to a deployment as a whole; no component can have this name.
pub const DEPLOYMENT_FOLDER: &str = "_deployment";
