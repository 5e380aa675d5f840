//! The pages of what runs where: deployments, components, images, routes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::id;
use crate::argocd::{ControlContent, ControlFile};
use crate::kube::{Body, ingress, pod};
use crate::layout;
use crate::objects::{Objects, Placed};
use crate::plan::{Component as Planned, ComponentId, OutputValue, Plan, Release, Site};

/// An instance on a cluster.
#[derive(Debug, Serialize)]
pub struct Deployment {
    cluster: String,
    instance: String,
    stack: String,
    team: String,
    namespace: String,
    /// The Argo CD Applications: of its native components, and of each that Argo CD renders.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    applications: BTreeSet<String>,
    /// The folder of its manifests, relative to the output.
    path: String,
    /// How many objects there are in it.
    objects: usize,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Part>,
}

/// A component of a deployment.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    kind: String,
    wave: i32,
}

/// The deployments by cluster and full name.
pub fn deployments(plan: &Plan, objects: &Objects, control: &[ControlFile]) -> Vec<Deployment> {
    let part = |component: &Planned| Part {
        name: component.name.clone(),
        kind: component.kind.common().kind.clone(),
        wave: component.wave,
    };
    let mut applications = applications(control);
    let deployment = |(position, deployment): (usize, &crate::plan::Deployment)| Deployment {
        cluster: deployment.cluster_name.to_owned(),
        instance: deployment.name.clone(),
        stack: deployment.stack.name.clone(),
        team: deployment.team_name.to_owned(),
        namespace: deployment.namespace.clone(),
        applications: applications
            .remove(&(deployment.cluster_name.to_owned(), deployment.name.clone()))
            .unwrap_or_default(),
        path: layout::manifests(deployment.cluster_name, &deployment.name),
        objects: objects.of(position).count(),
        labels: deployment.labels.clone(),
        components: deployment.components.iter().map(part).collect(),
    };
    plan.deployments.iter().enumerate().map(deployment).collect()
}

/// The names of the Applications by cluster and full name of the instance.
fn applications(control: &[ControlFile]) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut applications: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for file in control {
        let ControlContent::Object(object) = &file.content else { continue };
        let Body::Application(_) = object.body else { continue };
        let label = |key: &str| object.metadata().labels.as_ref().and_then(|labels| labels.get(key)).cloned();
        if let (Some(cluster), Some(instance)) = (label("cluster"), label("app.kubernetes.io/instance")) {
            applications.entry((cluster, instance)).or_default().insert(object.name().to_owned());
        }
    }
    applications
}

/// A component of a deployment.
#[derive(Debug, Serialize)]
pub struct Component {
    id: String,
    cluster: String,
    instance: String,
    component: String,
    kind: String,
    namespace: String,
    wave: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    chart: Option<Chart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    git: Option<Git>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    images: BTreeSet<String>,
    /// The files of its objects, relative to the output.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    files: BTreeSet<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outputs: Vec<Output>,
}

/// The chart that a component installs.
#[derive(Debug, Serialize)]
struct Chart {
    name: String,
    repository: String,
    version: String,
}

/// The path in a repository that a component installs.
#[derive(Debug, Serialize)]
struct Git {
    repository: String,
    revision: String,
    path: String,
}

/// Something a component offers; the values of secrets are nowhere.
#[derive(Debug, Serialize)]
struct Output {
    name: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

/// The components by cluster, full name of the instance, and name.
pub fn components(plan: &Plan, objects: &Objects, paths: &[String]) -> Vec<Component> {
    let mut files: BTreeMap<ComponentId, BTreeSet<String>> = BTreeMap::new();
    let mut images: BTreeMap<ComponentId, BTreeSet<String>> = BTreeMap::new();
    for (placed, path) in objects.placed.iter().zip(paths) {
        let Some(component) = placed.component else { continue };
        let id = ComponentId { deployment: placed.deployment, component };
        files.entry(id).or_default().insert(path.clone());
        images.entry(id).or_default().extend(used(placed).into_iter().map(|(image, _)| image));
    }
    let releases: BTreeMap<ComponentId, &Release> =
        objects.releases.iter().map(|(id, release)| (*id, release)).collect();
    let mut entries = Vec::new();
    for (position, deployment) in plan.deployments.iter().enumerate() {
        for (index, component) in deployment.components.iter().enumerate() {
            let key = ComponentId { deployment: position, component: index };
            let place = Site { plan, deployment, component }.place();
            let (chart, git) = match releases.get(&key) {
                Some(Release::Helm(helm)) => (Some(chart(helm)), None),
                Some(Release::Git(git)) => (None, Some(repository(git))),
                None => (None, None),
            };
            entries.push(Component {
                id: id(deployment, component),
                cluster: deployment.cluster_name.to_owned(),
                instance: deployment.name.clone(),
                component: component.name.clone(),
                kind: component.kind.common().kind.clone(),
                namespace: place.namespace.to_owned(),
                wave: component.wave,
                chart,
                git,
                images: images.remove(&key).unwrap_or_default(),
                files: files.remove(&key).unwrap_or_default(),
                outputs: component
                    .kind
                    .outputs(&place)
                    .into_iter()
                    .map(|(name, output)| self::output(name, output.value))
                    .collect(),
            });
        }
    }
    entries
}

fn chart(helm: &crate::plan::HelmRelease) -> Chart {
    Chart {
        name: helm.chart_name.clone(),
        repository: helm.chart.repository.to_string(),
        version: helm.chart.version.to_string(),
    }
}

fn repository(git: &crate::plan::GitRelease) -> Git {
    Git {
        repository: git.repository.to_string(),
        revision: git.revision.to_string(),
        path: git.path.to_string(),
    }
}

fn output(name: String, value: OutputValue) -> Output {
    match value {
        OutputValue::Plain(value) => Output { name, r#type: "plain", value: Some(value) },
        OutputValue::Secret { .. } | OutputValue::Composed { .. } => {
            Output { name, r#type: "secret", value: None }
        }
        OutputValue::Claim(claim) => Output { name, r#type: "claim", value: Some(Value::String(claim)) },
    }
}

/// An image and where it is used.
#[derive(Debug, Serialize)]
pub struct Image {
    image: String,
    used_by: BTreeSet<Use>,
}

/// Where an image is used.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
struct Use {
    cluster: String,
    instance: String,
    component: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<String>,
}

/// The images of an object, each with its container.
fn used(placed: &Placed) -> Vec<(String, Option<String>)> {
    if let Body::PostgresCluster(cluster) = &placed.object.body {
        return cluster.spec.image_name.iter().map(|image| (image.clone(), None)).collect();
    }
    let Some(spec) = pod::pod(&placed.object) else { return Vec::new() };
    pod::containers(&spec)
        .filter_map(|container| Some((container.image.clone()?, Some(container.name.clone()))))
        .collect()
}

/// The images by reference. What charts run is unknown here.
pub fn images(plan: &Plan, objects: &Objects) -> Vec<Image> {
    let mut images: BTreeMap<String, BTreeSet<Use>> = BTreeMap::new();
    for placed in &objects.placed {
        let (Some(deployment), Some(component)) = (placed.deployment(plan), placed.component(plan)) else {
            continue;
        };
        for (image, container) in used(placed) {
            images.entry(image).or_default().insert(Use {
                cluster: deployment.cluster_name.to_owned(),
                instance: deployment.name.clone(),
                component: component.name.clone(),
                container,
            });
        }
    }
    images.into_iter().map(|(image, used_by)| Image { image, used_by }).collect()
}

/// A host and path, and where it leads.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Route {
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    path: String,
    path_type: String,
    tls: bool,
    cluster: String,
    instance: String,
    component: String,
}

/// The routes by host and path.
pub fn routes(plan: &Plan, objects: &Objects) -> Vec<Route> {
    let mut routes = BTreeSet::new();
    for placed in &objects.placed {
        let (Some(deployment), Some(component)) = (placed.deployment(plan), placed.component(plan)) else {
            continue;
        };
        let Some(spec) = ingress::spec(&placed.object) else { continue };
        routes.extend(ingress::addresses(&spec).map(|address| Route {
            tls: ingress::has_tls(&spec, address.host.as_deref()),
            host: address.host,
            path: address.path,
            path_type: address.path_type,
            cluster: deployment.cluster_name.to_owned(),
            instance: deployment.name.clone(),
            component: component.name.clone(),
        }));
    }
    routes.into_iter().collect()
}
