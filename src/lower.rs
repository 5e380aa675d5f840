//! Plan → objects: each kind lowers its components; what all objects have in common is added here.

mod namespace;
mod patch;
mod receiver;
mod wave;

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::kube::{Object, Scope, Stage};
use crate::objects::{Objects, Placed};
use crate::parts::{dashboard, prometheus_rule};
use crate::plan::{ComponentId, Deployment, Plan, Release, Site};
use crate::report::Report;

/// Lowers every component of the plan.
pub fn lower(plan: &Plan, report: &mut Report) -> Objects {
    let lowered: Vec<(Vec<Placed>, Vec<(ComponentId, Release)>, Report)> = plan
        .deployments
        .par_iter()
        .enumerate()
        .map(|(position, deployment)| {
            let mut report = Report::new();
            let (placed, releases) = components(plan, position, deployment, &mut report);
            (placed, releases, report)
        })
        .collect();
    let mut objects = Objects::default();
    for (placed, releases, problems) in lowered {
        objects.placed.extend(placed);
        objects.releases.extend(releases);
        report.append(problems);
    }
    let more = namespace::objects(plan, &objects, report);
    objects.placed.extend(more);
    objects.placed.extend(receiver::objects(plan, report));
    objects.placed.sort_by_key(|placed| placed.deployment);
    objects
}

fn components(
    plan: &Plan,
    position: usize,
    deployment: &Deployment,
    report: &mut Report,
) -> (Vec<Placed>, Vec<(ComponentId, Release)>) {
    let mut placed = Vec::new();
    let mut releases = Vec::new();
    let claims = wave::claims(deployment);
    for (index, component) in deployment.components.iter().enumerate() {
        let site = Site { plan, deployment, component };
        let lowered = component.kind.lower(&site, report);
        let mut objects = lowered.objects;
        let common = component.kind.common();
        objects.extend(prometheus_rule::object(common, &site));
        objects.extend(dashboard::objects(common, &site, report));
        for object in &mut objects {
            let wave = match object.stage {
                Stage::Foundation => wave::FOUNDATION,
                Stage::Component | Stage::Observer => {
                    claims.get(object.name()).copied().filter(|_| object.kind() == "PersistentVolumeClaim").unwrap_or(component.wave)
                }
            };
            complete(object, &site, wave);
        }
        patch::apply(&mut objects, common, report);
        placed.extend(objects.into_iter().map(|object| Placed {
            deployment: position,
            component: Some(index),
            object,
            origins: component.origins.clone(),
            span: component.span,
        }));
        let id = ComponentId { deployment: position, component: index };
        releases.extend(lowered.release.map(|release| (id, release)));
    }
    (placed, releases)
}

/// Adds what every object of a component has: namespace, labels, annotations and its place in the order.
fn complete(object: &mut Object, site: &Site, wave: i32) {
    let place = site.place();
    let scope = object.scope();
    let common = site.component.kind.common();
    let metadata = object.metadata_mut();
    if scope == Scope::Namespaced && metadata.namespace.is_none() {
        metadata.namespace = Some(place.namespace.to_owned());
    }
    let labels = metadata.labels.get_or_insert_default();
    let own = common.labels.iter().map(|(key, value)| (key.to_string(), value.to_string()));
    let standard = [("app.kubernetes.io/name".to_owned(), place.component.to_owned())];
    for (key, value) in standard.into_iter().chain(deployment_labels(site.deployment)).chain(own) {
        labels.entry(key).or_insert(value);
    }
    if !common.annotations.is_empty() {
        let annotations = metadata.annotations.get_or_insert_default();
        for (key, value) in &common.annotations {
            annotations.entry(key.to_string()).or_insert_with(|| value.clone());
        }
    }
    wave::annotate(metadata, wave);
}

/// The labels of everything that belongs to a deployment.
fn deployment_labels(deployment: &Deployment) -> BTreeMap<String, String> {
    BTreeMap::from([
        ("app.kubernetes.io/instance".to_owned(), deployment.name.clone()),
        ("app.kubernetes.io/part-of".to_owned(), deployment.stack.name.clone()),
        ("app.kubernetes.io/managed-by".to_owned(), "kiln".to_owned()),
    ])
}
