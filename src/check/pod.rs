//! The pods of the fleet, each with the definition of its containers where there is one.

use std::borrow::Cow;

use k8s_openapi::api::core::v1::{Container, PodSpec};
use rayon::prelude::*;

use crate::kube;
use crate::language::component::container::Container as Written;
use crate::objects::{Objects, Placed};
use crate::plan::{Component, Plan};
use crate::source::Span;

/// A pod and who makes it.
#[derive(Debug)]
pub struct Pod<'p> {
    /// The object that makes it.
    pub placed: &'p Placed,
    /// The component it belongs to.
    pub component: Option<&'p Component>,
    /// What runs in it.
    pub spec: Cow<'p, PodSpec>,
    /// The place to blame where nothing more exact is known.
    pub span: Span,
}

/// The pods of all objects, in their order.
pub fn pods<'p>(plan: &'p Plan<'p>, objects: &'p Objects) -> Vec<Pod<'p>> {
    let pods = objects.placed.par_iter().filter_map(|placed| {
        let spec = kube::pod::pod(&placed.object)?;
        Some(Pod { placed, component: placed.component(plan), spec, span: placed.span(plan) })
    });
    pods.collect()
}

impl<'p> Pod<'p> {
    /// The definition of a container; `None` for what users wrote as YAML, and for what a kind adds on its own.
    pub fn written(&self, container: &Container) -> Option<&'p Written> {
        let component = self.component?;
        let workload = component.kind.workload()?;
        let name = container.name.as_str();
        let sidecar = workload.sidecars.get(name).map(|sidecar| &sidecar.container);
        let init = || workload.init.get(name).map(|step| &step.container);
        // The steps of a job are the main container, each with a command of its own.
        let main = || (name == component.name || name.starts_with("step-")).then_some(&workload.container);
        sidecar.or_else(init).or_else(main)
    }

    /// The object, as messages say it.
    pub fn object(&self) -> String {
        format!("{} `{}`", self.placed.object.kind(), self.placed.object.name())
    }
}
