//! The inventory: the fleet as pages of JSON, for whatever wants to ask it without reading YAML.
//!
//! A page is `{ "version": 1, "<noun>": [ … ] }`, sorted, without empty fields. Fields are only ever added.

mod defined;
mod graph;
mod placed;

use serde::Serialize;
use serde_json::{Map, Value};

use super::tree::TreeFile;
use crate::argocd::ControlFile;
use crate::layout;
use crate::objects::Objects;
use crate::plan::{Component, Deployment, Plan};
use crate::report::{Code, Diagnostic, Report};

/// The version of the pages' form.
pub const VERSION: u32 = 1;

/// The pages with their paths. `paths` are those of the objects, in their order.
pub fn files(
    plan: &Plan,
    objects: &Objects,
    control: &[ControlFile],
    paths: &[String],
    report: &mut Report,
) -> Vec<(String, TreeFile)> {
    let graph = graph::graph(plan);
    let pages = [
        ("clusters", page(&[("clusters", list(defined::clusters(plan)))])),
        ("teams", page(&[("teams", list(defined::teams(plan)))])),
        ("stacks", page(&[("stacks", list(defined::stacks(plan)))])),
        ("instances", page(&[("instances", list(defined::instances(plan)))])),
        ("deployments", page(&[("deployments", list(placed::deployments(plan, objects, control)))])),
        ("components", page(&[("components", list(placed::components(plan, objects, paths)))])),
        ("images", page(&[("images", list(placed::images(plan, objects)))])),
        ("routes", page(&[("routes", list(placed::routes(plan, objects)))])),
        ("graph", page(&[("nodes", list(graph.nodes)), ("edges", list(graph.edges))])),
    ];
    // A page is made of everything: the workspace stands for all of it.
    let workspace = plan.definitions.workspace.span;
    let origin = format!("stacks/{}#workspace", plan.sources.path(workspace.file));
    let mut files = Vec::new();
    for (name, page) in pages {
        match page {
            Ok(text) => {
                let file = TreeFile::new(text.into_bytes(), vec![origin.clone()]);
                files.push((layout::inventory(name), file));
            }
            Err(error) => report.add(Diagnostic::nowhere(
                Code::InvalidManifest,
                format!("the page `{name}` of the inventory cannot be written: {error}"),
            )),
        }
    }
    files
}

type List = Result<Value, serde_json::Error>;

fn list<T: Serialize>(entries: Vec<T>) -> List {
    serde_json::to_value(entries)
}

/// The version comes first, then the lists: a reader sees at once what it has.
#[derive(Serialize)]
struct Page<'a> {
    version: u32,
    #[serde(flatten)]
    lists: &'a Map<String, Value>,
}

fn page(lists: &[(&str, List)]) -> Result<String, serde_json::Error> {
    let mut map = Map::new();
    for (noun, list) in lists {
        let list = list.as_ref().map_err(|error| serde::ser::Error::custom(error.to_string()));
        let list: Result<&Value, serde_json::Error> = list;
        map.insert((*noun).to_owned(), list?.clone());
    }
    let mut text = serde_json::to_string_pretty(&Page { version: VERSION, lists: &map })?;
    text.push('\n');
    Ok(text)
}

/// What a component is called across the pages: unique in the fleet.
fn id(deployment: &Deployment, component: &Component) -> String {
    format!("{}/{}/{}", deployment.cluster_name, deployment.name, component.name)
}

/// Labels, capabilities and the like as plain text.
fn texts<K: ToString, V: ToString>(
    map: &std::collections::BTreeMap<K, V>,
) -> std::collections::BTreeMap<String, String> {
    map.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}
