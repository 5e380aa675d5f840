//! The variables that expressions and templates see, and nothing else.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::placement::Placed;
use crate::load::Definitions;
use crate::template::Scope;

/// The scope of a deployment, still without its parameters.
pub fn of(placed: &Placed, definitions: &Definitions) -> Scope {
    let cluster = placed.cluster;
    let repository = &definitions.workspace.repository;
    let mut values = Map::new();
    values.insert(
        "instance".to_owned(),
        json!({ "name": placed.instance_name, "full_name": placed.name, "labels": placed.labels }),
    );
    values.insert(
        "stack".to_owned(),
        json!({ "name": placed.stack.name, "labels": strings(&placed.stack.header.labels) }),
    );
    let mut facts = Map::new();
    facts.insert("name".to_owned(), json!(placed.cluster_name));
    facts.insert("labels".to_owned(), strings(&cluster.labels));
    facts.insert("kubernetes".to_owned(), json!(cluster.kubernetes.value.to_string()));
    if let Some(domain) = &cluster.domain {
        facts.insert("domain".to_owned(), json!(domain.to_string()));
    }
    if let Some(ingress) = &cluster.ingress {
        facts.insert(
            "ingress".to_owned(),
            json!({ "controller": ingress.controller.word(), "class": ingress.class.to_string() }),
        );
    }
    values.insert("cluster".to_owned(), Value::Object(facts));
    values.insert("team".to_owned(), json!({ "name": placed.team_name }));
    values.insert(
        "workspace".to_owned(),
        json!({ "repository": {
            "url": repository.url.to_string(),
            "revision": repository.revision.to_string(),
            "path": repository.path.to_string(),
        } }),
    );
    Scope::new(values)
}

fn strings(map: &BTreeMap<impl ToString, impl ToString>) -> Value {
    map.iter()
        .map(|(key, value)| (key.to_string(), Value::String(value.to_string())))
        .collect::<Map<_, _>>()
        .into()
}
