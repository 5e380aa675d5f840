//! Names within Argo CD. Several clusters may be driven by one Argo CD, and share its names.

use std::collections::BTreeMap;

use crate::kube::custom::argocd::Destination;
use crate::objects::{Objects, component_of};
use crate::plan::Plan;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// The project of what kiln itself puts beside Argo CD: the root, and Argo CD's own Application.
pub const OWN_PROJECT: &str = "kiln";
/// The Application that keeps Argo CD itself.
pub const SELF: &str = "argocd";
/// The Application that reads all others.
const ROOT: &str = "root";
/// The project that Argo CD makes itself, which is locked.
pub const DEFAULT_PROJECT: &str = "default";

/// The names of one cluster's Applications and projects.
#[derive(Debug, Clone, Copy)]
pub struct Names<'p> {
    plan: &'p Plan<'p>,
    cluster: &'p str,
    /// The cluster whose Argo CD drives this one, when that is another.
    hub: Option<&'p str>,
}

impl<'p> Names<'p> {
    /// The names for a cluster.
    pub fn of(plan: &'p Plan<'p>, cluster: &'p str) -> Self {
        let hub = plan.definitions.clusters.get(cluster).and_then(|fields| fields.argocd.as_ref());
        let hub = hub.map(|hub| hub.value.as_str()).filter(|hub| *hub != cluster);
        Self { plan, cluster, hub }
    }

    /// Whether another cluster's Argo CD drives this one.
    pub fn is_driven(&self) -> bool {
        self.hub.is_some()
    }

    /// The cluster whose Argo CD drives this one.
    pub fn argocd(&self) -> &'p str {
        self.hub.unwrap_or(self.cluster)
    }

    fn own(&self, name: &str) -> String {
        match self.hub {
            Some(_) => format!("{}-{name}", self.cluster),
            None => name.to_owned(),
        }
    }

    /// The root Application.
    pub fn root(&self) -> String {
        self.own(ROOT)
    }

    /// A team's project.
    pub fn project(&self, team: &str) -> String {
        self.own(team)
    }

    /// A deployment's Application.
    pub fn deployment(&self, instance: &str) -> String {
        self.own(instance)
    }

    /// A release's Application.
    pub fn release(&self, instance: &str, component: &str) -> String {
        self.own(&format!("{instance}-{component}"))
    }

    /// How Argo CD reaches the cluster: by its name or its address, never both.
    pub fn destination(&self) -> Destination {
        let fields = self.plan.definitions.clusters.get(self.cluster);
        let name = fields.and_then(|fields| fields.name.clone());
        let server = fields.and_then(|fields| fields.server.as_ref()).map(ToString::to_string);
        match (name, server) {
            (Some(name), _) => Destination { name: Some(name), ..Destination::default() },
            (None, Some(server)) => Destination { server: Some(server), ..Destination::default() },
            (None, None) => {
                let name = if self.is_driven() { self.cluster } else { "in-cluster" };
                Destination { name: Some(name.to_owned()), ..Destination::default() }
            }
        }
    }
}

/// Reports Applications and projects that would have one name in one Argo CD.
pub fn check(plan: &Plan, objects: &Objects, report: &mut Report) {
    let mut taken = Taken { names: BTreeMap::new(), report };
    for cluster in plan.definitions.clusters.keys() {
        let names = Names::of(plan, cluster);
        let span = plan.definitions.clusters.get(cluster).map_or(Span::NOWHERE, |fields| fields.span);
        let argocd = names.argocd();
        if !names.is_driven() {
            taken.take("project", argocd, OWN_PROJECT.to_owned(), "kiln's own project".to_owned(), span);
            taken.take("project", argocd, DEFAULT_PROJECT.to_owned(), "the default project".to_owned(), span);
            taken.take("Application", argocd, SELF.to_owned(), "Argo CD itself".to_owned(), span);
        }
        taken.take("Application", argocd, names.root(), format!("the root of `{cluster}`"), span);
    }
    for deployment in &plan.deployments {
        let names = Names::of(plan, deployment.cluster_name);
        let (argocd, cluster) = (names.argocd(), deployment.cluster_name);
        let what = format!("the team `{}` on `{cluster}`", deployment.team_name);
        taken.take("project", argocd, names.project(deployment.team_name), what, deployment.team.span);
        let what = format!("the deployment `{}` on `{cluster}`", deployment.name);
        let span = deployment.stack.header.span;
        taken.take("Application", argocd, names.deployment(&deployment.name), what, span);
    }
    for (id, _) in &objects.releases {
        let Some((deployment, component)) = component_of(plan, *id) else { continue };
        let names = Names::of(plan, deployment.cluster_name);
        let what = format!(
            "the component `{}` of `{}` on `{}`",
            component.name, deployment.name, deployment.cluster_name
        );
        let name = names.release(&deployment.name, &component.name);
        taken.take("Application", names.argocd(), name, what, component.span);
    }
}

struct Taken<'p, 'r> {
    names: BTreeMap<(&'static str, &'p str, String), (String, Span)>,
    report: &'r mut Report,
}

impl<'p> Taken<'p, '_> {
    fn take(&mut self, sort: &'static str, argocd: &'p str, name: String, what: String, span: Span) {
        let Some((first, other)) = self.names.get(&(sort, argocd, name.clone())) else {
            self.names.insert((sort, argocd, name), (what, span));
            return;
        };
        if *first != what {
            let message = format!("{what} and {first} would both be the {sort} `{name}` of one Argo CD");
            self.report.add(
                Diagnostic::new(Code::NameTaken, span, message)
                    .because(*other, "the other one")
                    .help("give one of them another name"),
            );
        }
    }
}
