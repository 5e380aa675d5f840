//! The inventory: the fleet as a static JSON API. Field names are stable; lists are sorted.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::tree::TreeFile;

use crate::argocd::{ControlContent, ControlFile};
use crate::kube::{Body, Object};
use crate::layout;
use crate::objects::{Objects, component_of};
use crate::plan::{Component, ComponentId, Deployment, GitTool, OutputValue, Plan, Release};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClusterEntry<'a> {
    name: &'a str,
    kubernetes: String,
    labels: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<String>,
    provides: Vec<String>,
    /// The cluster whose Argo CD drives it.
    argocd: &'a str,
    deployments: Vec<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TeamEntry<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    groups: BTreeMap<String, Vec<String>>,
    stacks: BTreeSet<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct StackEntry<'a> {
    name: &'a str,
    team: &'a str,
    labels: BTreeMap<String, String>,
    instances: Vec<&'a str>,
    components: Vec<StackComponent<'a>>,
}

#[derive(Serialize)]
struct StackComponent<'a> {
    name: &'a str,
    kind: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InstanceEntry<'a> {
    name: &'a str,
    stack: &'a str,
    instance: &'a str,
    team: &'a str,
    labels: &'a BTreeMap<String, String>,
    clusters: BTreeSet<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DeploymentEntry<'a> {
    cluster: &'a str,
    instance: &'a str,
    stack: &'a str,
    team: &'a str,
    namespace: &'a str,
    labels: &'a BTreeMap<String, String>,
    components: Vec<&'a str>,
    objects: usize,
    /// The folder of its manifests, relative to the output.
    path: String,
    /// The names of its Applications.
    applications: BTreeSet<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ComponentEntry<'a> {
    cluster: &'a str,
    instance: &'a str,
    component: &'a str,
    kind: &'a str,
    namespace: &'a str,
    wave: i32,
    images: BTreeSet<String>,
    /// The files of its objects, relative to the output.
    files: BTreeSet<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<ReleaseEntry>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReleaseEntry {
    repository: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    chart: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    revision: String,
    tool: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageEntry<'a> {
    image: &'a str,
    used: &'a BTreeSet<Use<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Use<'a> {
    cluster: &'a str,
    instance: &'a str,
    component: &'a str,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
struct RouteEntry<'a> {
    cluster: &'a str,
    host: String,
    path: String,
    tls: bool,
    instance: &'a str,
    component: &'a str,
    service: String,
}

#[derive(Serialize)]
struct Graph<'a> {
    nodes: Vec<Node<'a>>,
    edges: BTreeSet<Edge>,
}

#[derive(Serialize)]
struct Node<'a> {
    id: String,
    cluster: &'a str,
    instance: &'a str,
    component: &'a str,
    kind: &'a str,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    from: String,
    to: String,
    /// The output that is used; nothing for an order alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    secret: bool,
}

/// The files of the inventory with their paths. `paths` are those of the objects, in their order.
pub fn files(
    plan: &Plan,
    objects: &Objects,
    control: &[ControlFile],
    paths: &[String],
) -> Vec<(String, TreeFile)> {
    let images = images(plan, objects);
    let used: Vec<ImageEntry> = images.iter().map(|(image, used)| ImageEntry { image, used }).collect();
    let files = [
        ("clusters", json(&clusters(plan))),
        ("components", json(&components(plan, objects, paths))),
        ("deployments", json(&deployments(plan, objects, control))),
        ("graph", json(&graph(plan))),
        ("images", json(&used)),
        ("instances", json(&instances(plan))),
        ("routes", json(&routes(plan, objects))),
        ("stacks", json(&stacks(plan))),
        ("teams", json(&teams(plan))),
    ];
    // It is made of everything: the workspace stands for all of it.
    let workspace = plan.definitions.workspace.span;
    let origin = format!("stacks/{}#workspace", plan.sources.path(workspace.file));
    let file = |(noun, bytes)| (layout::inventory(noun), TreeFile::new(bytes, vec![origin.clone()]));
    files.into_iter().map(file).collect()
}

fn json<T: Serialize>(value: &T) -> Vec<u8> {
    // Maps with text keys and numbers only: there is nothing that JSON could not say.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

fn texts<K: ToString + Ord, V: ToString>(map: &BTreeMap<K, V>) -> BTreeMap<String, String> {
    map.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

fn clusters<'a>(plan: &'a Plan) -> Vec<ClusterEntry<'a>> {
    let entry = |(name, cluster): (&'a String, &'a crate::language::cluster::Cluster)| ClusterEntry {
        name,
        kubernetes: cluster.kubernetes.value.to_string(),
        labels: texts(&cluster.labels),
        domain: cluster.domain.as_ref().map(ToString::to_string),
        provides: cluster.provides.iter().map(|one| one.value.to_string()).collect(),
        argocd: cluster.argocd.as_ref().map_or(name, |hub| hub.value.as_str()),
        deployments: plan
            .deployments
            .iter()
            .filter(|deployment| deployment.cluster_name == name)
            .map(|deployment| deployment.name.as_str())
            .collect(),
    };
    plan.definitions.clusters.iter().map(entry).collect()
}

fn teams<'a>(plan: &'a Plan) -> Vec<TeamEntry<'a>> {
    let stacks = &plan.definitions.stacks;
    let entry = |(name, team): (&'a String, &'a crate::language::team::Team)| TeamEntry {
        name,
        description: team.description.as_deref(),
        groups: team
            .groups
            .iter()
            .map(|(role, groups)| (role.to_string(), groups.iter().map(ToString::to_string).collect()))
            .collect(),
        stacks: stacks
            .iter()
            .filter(|(_, stack)| stack.header.team.value.as_str() == name)
            .map(|(stack, _)| stack.as_str())
            .collect(),
    };
    plan.definitions.teams.iter().map(entry).collect()
}

fn stacks<'a>(plan: &'a Plan) -> Vec<StackEntry<'a>> {
    let entry = |(name, stack): (&'a String, &'a crate::load::Stack)| StackEntry {
        name,
        team: stack.header.team.value.as_str(),
        labels: texts(&stack.header.labels),
        instances: stack.instances.keys().map(String::as_str).collect(),
        components: stack
            .components
            .iter()
            .map(|(name, component)| StackComponent { name, kind: &component.kind.0 })
            .collect(),
    };
    plan.definitions.stacks.iter().map(entry).collect()
}

fn instances<'a>(plan: &'a Plan) -> Vec<InstanceEntry<'a>> {
    let mut found: BTreeMap<&str, InstanceEntry> = BTreeMap::new();
    for deployment in &plan.deployments {
        let entry = found.entry(&deployment.name).or_insert_with(|| InstanceEntry {
            name: &deployment.name,
            stack: &deployment.stack.name,
            instance: deployment.instance,
            team: deployment.team_name,
            labels: &deployment.labels,
            clusters: BTreeSet::new(),
        });
        entry.clusters.insert(deployment.cluster_name);
    }
    found.into_values().collect()
}

fn deployments<'a>(plan: &'a Plan, objects: &Objects, control: &[ControlFile]) -> Vec<DeploymentEntry<'a>> {
    let mut applications: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for file in control {
        let ControlContent::Object(object) = &file.content else { continue };
        let Body::Application(_) = object.body else { continue };
        let label = |key: &str| object.metadata().labels.as_ref().and_then(|labels| labels.get(key)).cloned();
        let (Some(cluster), Some(instance)) = (label("cluster"), label("app.kubernetes.io/instance")) else {
            continue;
        };
        applications.entry((cluster, instance)).or_default().insert(object.name().to_owned());
    }
    let entry = |(position, deployment): (usize, &'a Deployment<'_>)| DeploymentEntry {
        cluster: deployment.cluster_name,
        instance: &deployment.name,
        stack: &deployment.stack.name,
        team: deployment.team_name,
        namespace: &deployment.namespace,
        labels: &deployment.labels,
        components: deployment.components.iter().map(|component| component.name.as_str()).collect(),
        objects: objects.of(position).count(),
        path: layout::manifests(deployment.cluster_name, &deployment.name),
        applications: applications
            .remove(&(deployment.cluster_name.to_owned(), deployment.name.clone()))
            .unwrap_or_default(),
    };
    plan.deployments.iter().enumerate().map(entry).collect()
}

fn components<'a>(plan: &'a Plan, objects: &Objects, paths: &'a [String]) -> Vec<ComponentEntry<'a>> {
    let mut entries: BTreeMap<(usize, usize), ComponentEntry> = BTreeMap::new();
    for (position, deployment) in plan.deployments.iter().enumerate() {
        for (index, component) in deployment.components.iter().enumerate() {
            let own = component.kind.own_namespace().map(|(name, _)| name);
            let entry = ComponentEntry {
                cluster: deployment.cluster_name,
                instance: &deployment.name,
                component: &component.name,
                kind: &component.kind.common().kind,
                namespace: own.unwrap_or(&deployment.namespace),
                wave: component.wave,
                images: BTreeSet::new(),
                files: BTreeSet::new(),
                release: None,
            };
            entries.insert((position, index), entry);
        }
    }
    for (placed, path) in objects.placed.iter().zip(paths) {
        let Some(index) = placed.component else { continue };
        if let Some(entry) = entries.get_mut(&(placed.deployment, index)) {
            entry.files.insert(path);
            entry.images.extend(images_of(&placed.object));
        }
    }
    for (id, release) in &objects.releases {
        if let Some(entry) = entries.get_mut(&(id.deployment, id.component)) {
            entry.release = Some(release_entry(release));
        }
    }
    entries.into_values().collect()
}

fn release_entry(release: &Release) -> ReleaseEntry {
    match release {
        Release::Helm(helm) => ReleaseEntry {
            repository: helm.chart.repository.to_string(),
            chart: Some(helm.chart_name.clone()),
            path: None,
            revision: helm.chart.version.to_string(),
            tool: "helm",
        },
        Release::Git(git) => ReleaseEntry {
            repository: git.repository.to_string(),
            chart: None,
            path: Some(git.path.to_string()),
            revision: git.revision.to_string(),
            tool: match git.tool {
                GitTool::Directory => "directory",
                GitTool::Kustomize => "kustomize",
                GitTool::Helm(_) => "helm",
            },
        },
    }
}

/// The images an object runs: those of its containers wherever they are, and CloudNativePG's `imageName`.
fn images_of(object: &Object) -> BTreeSet<String> {
    let mut images = BTreeSet::new();
    let runs = !matches!(object.kind(), "ConfigMap" | "CustomResourceDefinition");
    if let (true, Ok(value)) = (runs, serde_json::to_value(object)) {
        images.extend(value.pointer("/spec/imageName").and_then(Value::as_str).map(ToOwned::to_owned));
        find_images(&value, &mut images);
    }
    images
}

fn find_images(value: &Value, images: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let containers = matches!(key.as_str(), "containers" | "initContainers");
                for container in value.as_array().filter(|_| containers).into_iter().flatten() {
                    images.extend(container.get("image").and_then(Value::as_str).map(ToOwned::to_owned));
                }
                find_images(value, images);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_images(item, images)),
        _ => {}
    }
}

fn images<'a>(plan: &'a Plan, objects: &Objects) -> BTreeMap<String, BTreeSet<Use<'a>>> {
    let mut images: BTreeMap<String, BTreeSet<Use>> = BTreeMap::new();
    for placed in &objects.placed {
        let Some(deployment) = plan.deployments.get(placed.deployment) else { continue };
        let component = placed.component.and_then(|index| deployment.components.get(index));
        for image in images_of(&placed.object) {
            images.entry(image).or_default().insert(Use {
                cluster: deployment.cluster_name,
                instance: &deployment.name,
                component: component.map_or("", |component| &component.name),
            });
        }
    }
    images
}

fn routes<'a>(plan: &'a Plan, objects: &Objects) -> BTreeSet<RouteEntry<'a>> {
    let mut routes = BTreeSet::new();
    for placed in &objects.placed {
        let Body::Ingress(ingress) = &placed.object.body else { continue };
        let Some(deployment) = plan.deployments.get(placed.deployment) else { continue };
        let component = placed.component.and_then(|index| deployment.components.get(index));
        let Some(spec) = &ingress.spec else { continue };
        for rule in spec.rules.iter().flatten() {
            let host = rule.host.clone().unwrap_or_default();
            let secured = |tls: &k8s_openapi::api::networking::v1::IngressTLS| {
                tls.hosts.iter().flatten().any(|secured| *secured == host)
            };
            for path in rule.http.iter().flat_map(|http| &http.paths) {
                routes.insert(RouteEntry {
                    cluster: deployment.cluster_name,
                    host: host.clone(),
                    path: path.path.clone().unwrap_or_default(),
                    tls: spec.tls.iter().flatten().any(secured),
                    instance: &deployment.name,
                    component: component.map_or("", |component| &component.name),
                    service: path.backend.service.as_ref().map(|one| one.name.clone()).unwrap_or_default(),
                });
            }
        }
    }
    routes
}

fn graph<'a>(plan: &'a Plan) -> Graph<'a> {
    let id = |deployment: &Deployment, component: &Component| {
        format!("{}/{}/{}", deployment.cluster_name, deployment.name, component.name)
    };
    let mut graph = Graph { nodes: Vec::new(), edges: BTreeSet::new() };
    for (position, deployment) in plan.deployments.iter().enumerate() {
        for (index, component) in deployment.components.iter().enumerate() {
            let from = ComponentId { deployment: position, component: index };
            graph.nodes.push(Node {
                id: id(deployment, component),
                cluster: deployment.cluster_name,
                instance: &deployment.name,
                component: &component.name,
                kind: &component.kind.common().kind,
            });
            for (target, link) in component.links.iter().filter(|(_, link)| link.provider != from) {
                let Some((other, provider)) = component_of(plan, link.provider) else { continue };
                let value = link.output.as_ref().map(|output| &output.value);
                graph.edges.insert(Edge {
                    from: id(deployment, component),
                    to: id(other, provider),
                    output: link.output.as_ref().map(|_| target.output.clone()),
                    secret: matches!(value, Some(OutputValue::Secret { .. } | OutputValue::Composed { .. })),
                });
            }
        }
    }
    graph
}
