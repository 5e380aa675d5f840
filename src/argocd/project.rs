//! Projects: what the Applications of a team may do on a cluster. Everything is denied that nothing
//! rendered there asks for.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::Resource;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use super::application::{self, FINALIZER};
use super::name::{DEFAULT_PROJECT, OWN_PROJECT};
use super::{ControlFile, Target};
use crate::kube::custom::AppProject;
use crate::kube::custom::argocd::{AppProjectSpec, Destination, KindPattern, ProjectDestination, Role};
use crate::kube::{Body, Object, Raw, Scope, Stage};
use crate::language::team::Team;
use crate::layout;
use crate::lower::annotation::{SYNC_OPTIONS, SYNC_WAVE};
use crate::lower::provision;
use crate::objects::component_of;
use crate::plan::Release;

/// What charts of operators bring for the whole cluster. What a chart renders is not known here, so a
/// team that installs charts may have these, and the groups its charts provide.
const OF_CHARTS: &[(&str, &str)] = &[
    ("", "Namespace"),
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("networking.k8s.io", "IngressClass"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("scheduling.k8s.io", "PriorityClass"),
    ("storage.k8s.io", "CSIDriver"),
    ("storage.k8s.io", "StorageClass"),
];

/// Kinds of namespaces that bound a team, or that are as good as Argo CD's own rights: forbidden unless
/// kiln writes them for the team.
const SENSITIVE: &[(&str, &str)] = &[
    ("", "LimitRange"),
    ("", "ResourceQuota"),
    ("argoproj.io", "AppProject"),
    ("argoproj.io", "Application"),
    ("argoproj.io", "ApplicationSet"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"),
];

/// What the Applications of a team have in common on one cluster.
#[derive(Default)]
struct Reach {
    repositories: BTreeSet<String>,
    namespaces: BTreeSet<String>,
    /// Group, kind and name; any name when there is none.
    of_cluster: BTreeSet<(String, String, Option<String>)>,
    of_namespaces: BTreeSet<(String, String)>,
    has_releases: bool,
}

/// The projects of a cluster: kiln's own and the locked default where Argo CD runs, and the teams'.
pub fn files(target: &Target) -> Vec<ControlFile> {
    let mut files = Vec::new();
    if !target.names.is_driven() {
        let origins = vec![target.workspace_origin(), target.origin()];
        let path = layout::project(target.cluster, DEFAULT_PROJECT);
        files.push(application::file(path, locked(target), origins.clone(), target.span()));
        let path = layout::project(target.cluster, OWN_PROJECT);
        files.push(application::file(path, own(target), origins, target.span()));
    }
    for (name, (team, reach)) in reaches(target) {
        let project = target.names.project(name);
        let path = layout::project(target.cluster, &project);
        let file = target.plan.sources.path(team.span.file);
        let origins = vec![format!("stacks/{file}#teams.{name}"), target.origin()];
        files.push(application::file(path, of_team(target, &project, team, reach), origins, team.span));
    }
    files
}

fn reaches<'p>(target: &Target<'p>) -> BTreeMap<&'p str, (&'p Team, Reach)> {
    let plan = target.plan;
    let mut reaches: BTreeMap<&str, (&Team, Reach)> = BTreeMap::new();
    for deployment in plan.deployments.iter().filter(|deployment| deployment.cluster_name == target.cluster) {
        let reach =
            reaches.entry(deployment.team_name).or_insert_with(|| (deployment.team, Reach::default()));
        reach.1.namespaces.insert(deployment.namespace.clone());
    }
    for placed in &target.objects.placed {
        let Some(deployment) = placed.deployment(plan).filter(|one| one.cluster_name == target.cluster)
        else {
            continue;
        };
        let Some((_, reach)) = reaches.get_mut(deployment.team_name) else { continue };
        reach.repositories.insert(plan.definitions.workspace.repository.url.to_string());
        let object = &placed.object;
        let (group, kind) = (object.group().to_owned(), object.kind().to_owned());
        match object.scope() {
            Scope::Cluster => {
                reach.of_cluster.insert((group, kind, Some(object.name().to_owned())));
            }
            Scope::Namespaced => {
                reach.of_namespaces.insert((group, kind));
                reach.namespaces.extend(placed.namespace().map(ToOwned::to_owned));
            }
        }
    }
    for (id, release) in &target.objects.releases {
        let Some((deployment, component)) = component_of(plan, *id) else { continue };
        if deployment.cluster_name != target.cluster {
            continue;
        }
        let Some((_, reach)) = reaches.get_mut(deployment.team_name) else { continue };
        reach.has_releases = true;
        reach.namespaces.insert(application::namespace_of(release).to_owned());
        match release {
            Release::Helm(helm) => {
                reach.repositories.insert(application::chart_repository(&helm.chart));
                reach.repositories.insert(plan.definitions.workspace.repository.url.to_string());
                // Charts put the Services of the control plane and the roles of aggregated APIs there.
                reach.namespaces.insert("kube-system".to_owned());
            }
            Release::Git(git) => {
                reach.repositories.insert(git.repository.to_string());
            }
        }
        for (group, kind) in OF_CHARTS {
            reach.of_cluster.insert(((*group).to_owned(), (*kind).to_owned(), None));
        }
        for group in provision::groups(plan, component) {
            reach.of_cluster.insert((group.to_owned(), "*".to_owned(), None));
        }
    }
    reaches
}

fn of_team(target: &Target, project: &str, team: &Team, reach: Reach) -> AppProject {
    let Destination { name, server, .. } = target.names.destination();
    let destinations = reach.namespaces.iter().map(|namespace| ProjectDestination {
        name: name.clone(),
        server: server.clone(),
        namespace: namespace.clone(),
    });
    // A name is no restriction where any name is allowed.
    let any: BTreeSet<(&str, &str)> = reach
        .of_cluster
        .iter()
        .filter(|(_, _, name)| name.is_none())
        .map(|(group, kind, _)| (group.as_str(), kind.as_str()))
        .collect();
    let of_cluster = reach.of_cluster.iter().filter(|(group, kind, name)| {
        name.is_none()
            || !(any.contains(&(group.as_str(), kind.as_str())) || any.contains(&(group.as_str(), "*")))
    });
    let forbidden = SENSITIVE.iter().filter(|(group, kind)| {
        let written = reach.of_namespaces.contains(&((*group).to_owned(), (*kind).to_owned()));
        let by_chart = reach.has_releases && *group != "argoproj.io";
        !written && !by_chart
    });
    AppProject {
        metadata: metadata(target, project),
        spec: AppProjectSpec {
            description: team.description.clone(),
            source_repos: reach.repositories.into_iter().collect(),
            destinations: destinations.collect(),
            cluster_resource_whitelist: of_cluster
                .map(|(group, kind, name)| pattern(group, kind, name.clone()))
                .collect(),
            namespace_resource_blacklist: forbidden.map(|(group, kind)| pattern(group, kind, None)).collect(),
            roles: roles(project, team),
            ..AppProjectSpec::default()
        },
    }
}

/// Roles by the names of a team's groups: `admin` may do everything with the project's Applications,
/// `edit` may sync and act, every other one may look.
fn roles(project: &str, team: &Team) -> Vec<Role> {
    let filled = team.groups.iter().filter(|(_, groups)| !groups.is_empty());
    filled
        .map(|(role, groups)| {
            let allowed: &[(&str, &str)] = match role.as_str() {
                "admin" => &[("applications", "*"), ("logs", "get")],
                "edit" => &[
                    ("applications", "get"),
                    ("applications", "sync"),
                    ("applications", "action/*"),
                    ("applications", "delete/*/Pod/*"),
                    ("logs", "get"),
                ],
                _ => &[("applications", "get"), ("logs", "get")],
            };
            let line = |(resource, action): &(&str, &str)| {
                format!("p, proj:{project}:{role}, {resource}, {action}, {project}/*, allow")
            };
            Role {
                name: role.to_string(),
                description: None,
                groups: groups.iter().map(ToString::to_string).collect(),
                policies: allowed.iter().map(line).collect(),
            }
        })
        .collect()
}

/// The project of the root Application, and of Argo CD's own.
pub fn own(target: &Target) -> AppProject {
    let definitions = target.plan.definitions;
    let Destination { name, server, .. } = target.names.destination();
    let chart =
        definitions.argocd.chart.as_ref().and_then(|chart| definitions.charts.get(chart.value.as_str()));
    let of_chart = ["CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"];
    let of_chart = OF_CHARTS.iter().filter(|(_, kind)| chart.is_some() && of_chart.contains(kind));
    let mut metadata = metadata(target, OWN_PROJECT);
    metadata.finalizers = None;
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.insert(SYNC_OPTIONS.to_owned(), "Prune=false".to_owned());
    AppProject {
        metadata,
        spec: AppProjectSpec {
            description: Some(
                "Argo CD itself, and the Applications and projects that kiln writes".to_owned(),
            ),
            source_repos: [definitions.workspace.repository.url.to_string()]
                .into_iter()
                .chain(chart.map(application::chart_repository))
                .collect(),
            destinations: vec![ProjectDestination {
                name,
                server,
                namespace: definitions.argocd.namespace.to_string(),
            }],
            cluster_resource_whitelist: of_chart.map(|(group, kind)| pattern(group, kind, None)).collect(),
            ..AppProjectSpec::default()
        },
    }
}

/// The project that everyone may use, made useless (AC:docs/user-guide/projects.md).
///
/// Argo CD makes it with everything allowed, so the lists are there to be empty: what is left out would stay.
fn locked(target: &Target) -> Object {
    let mut metadata = metadata(target, DEFAULT_PROJECT);
    metadata.finalizers = None;
    let annotations = metadata.annotations.get_or_insert_default();
    annotations.insert(SYNC_OPTIONS.to_owned(), "Prune=false".to_owned());
    let spec = json!({
        "description": "locked: every Application has a project of its own",
        "sourceRepos": [],
        "destinations": [],
        "clusterResourceWhitelist": [],
        "namespaceResourceBlacklist": [{ "group": "*", "kind": "*" }],
    });
    let raw = Raw {
        api_version: AppProject::API_VERSION.to_owned(),
        kind: AppProject::KIND.to_owned(),
        scope: Scope::Namespaced,
        metadata,
        fields: [("spec".to_owned(), spec)].into_iter().collect(),
    };
    Object { body: Body::Raw(Box::new(raw)), stage: Stage::Component }
}

/// A project comes before its Applications and goes after them.
fn metadata(target: &Target, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(target.plan.definitions.argocd.namespace.to_string()),
        annotations: Some(BTreeMap::from([(SYNC_WAVE.to_owned(), "-1".to_owned())])),
        finalizers: Some(vec![FINALIZER.to_owned()]),
        ..ObjectMeta::default()
    }
}

fn pattern(group: &str, kind: &str, name: Option<String>) -> KindPattern {
    KindPattern { group: group.to_owned(), kind: kind.to_owned(), name }
}
