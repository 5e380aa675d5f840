//! Plan + objects → what Argo CD reads: the root Application, the Applications below it, the projects
//! that bound them, and the bootstrap.
//!
//! Waves between Applications act only while the root syncs, so nothing here relies on them: they make
//! the first sync short, and `retry` makes every sync end well.

mod application;
mod bootstrap;
mod layer;
mod name;
mod project;

use crate::kube::Object;
use crate::layout;
use crate::objects::{Objects, component_of};
use crate::plan::{Plan, Release};
use crate::report::Report;
use crate::source::Span;
use name::Names;

/// A file for Argo CD or for those who install it.
#[derive(Debug)]
pub struct ControlFile {
    /// Where it lies, relative to `out/`.
    pub path: String,
    /// What it holds.
    pub content: ControlContent,
    /// The definitions it was made from, as `file#path`; the one it names first.
    pub origins: Vec<String>,
    /// The place to blame for it.
    pub span: Span,
}

/// What a file for Argo CD holds.
#[derive(Debug)]
pub enum ControlContent {
    /// An object.
    Object(Box<Object>),
    /// Helm values.
    Values(serde_json::Map<String, serde_json::Value>),
}

/// The part of the fleet that one Argo CD sees as one cluster.
struct Target<'p> {
    plan: &'p Plan<'p>,
    objects: &'p Objects,
    names: Names<'p>,
    /// The cluster.
    cluster: &'p str,
}

/// Makes the files of every cluster. Names that would meet in one Argo CD are reported.
pub fn control<'p>(plan: &'p Plan<'p>, objects: &'p Objects, report: &mut Report) -> Vec<ControlFile> {
    let mut files = Vec::new();
    name::check(plan, objects, report);
    let layers = layer::layers(plan, objects);
    for cluster in plan.definitions.clusters.keys() {
        let names = Names::of(plan, cluster);
        let target = Target { plan, objects, names, cluster };
        let placed = plan.deployments.iter().any(|deployment| deployment.cluster_name == cluster);
        if !placed && names.is_driven() {
            continue;
        }
        files.extend(bootstrap::files(&target));
        files.extend(project::files(&target));
        for (position, deployment) in plan.deployments.iter().enumerate() {
            if deployment.cluster_name == cluster && objects.of(position).next().is_some() {
                let wave = layers.deployment(position);
                files.push(application::of_deployment(&target, deployment, wave));
            }
        }
        for (id, release) in &objects.releases {
            let Some((deployment, component)) = component_of(plan, *id) else { continue };
            if deployment.cluster_name != cluster {
                continue;
            }
            files.push(application::of_release(&target, deployment, component, release, layers.release(*id)));
            if let Release::Helm(helm) = release {
                files.push(ControlFile {
                    path: layout::values(cluster, &deployment.name, &component.name),
                    content: ControlContent::Values(helm.values.clone()),
                    origins: component.origins.clone(),
                    span: component.span,
                });
            }
        }
    }
    files
}

impl Target<'_> {
    /// Where the cluster is defined.
    fn span(&self) -> Span {
        self.plan.definitions.clusters.get(self.cluster).map_or(Span::NOWHERE, |cluster| cluster.span)
    }

    /// The definition of the cluster, as an origin.
    fn origin(&self) -> String {
        let span = self.plan.definitions.clusters.get(self.cluster).map(|cluster| cluster.span);
        let file = span.map_or("", |span| self.plan.sources.path(span.file));
        format!("stacks/{file}#clusters.{}", self.cluster)
    }

    /// The workspace's own definition, as an origin.
    fn workspace_origin(&self) -> String {
        let span = self.plan.definitions.workspace.span;
        format!("stacks/{}#workspace", self.plan.sources.path(span.file))
    }

    /// A folder of the output, as a path in the repository.
    fn in_repository(&self, path: &str) -> String {
        let root = &self.plan.definitions.workspace.repository.path;
        if root.is_root() { path.to_owned() } else { format!("{root}/{path}") }
    }
}
