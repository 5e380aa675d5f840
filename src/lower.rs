//! Plan → objects: every component becomes what its kind makes of it; what all objects have in common
//! (namespace, labels, waves, deletion) is added here, and patches come last.

pub mod annotation;
mod namespace;
mod patch;
pub mod provision;
mod receiver;
mod wave;

use rayon::prelude::*;

use crate::kube::{Object, Scope, Stage};
use crate::objects::{Objects, Placed};
use crate::parts::{dashboard, prometheus_rule};
use crate::plan::{Component, ComponentId, Deployment, Plan, Site};
use crate::report::Report;
use namespace::Namespaces;
use provision::Provisions;
use wave::Waves;

/// What lowering looks at beside the component itself.
struct Fleet<'p> {
    plan: &'p Plan<'p>,
    provisions: Provisions<'p>,
    namespaces: Namespaces<'p>,
}

/// Makes all objects. Everything wrong is reported; what could be made is there all the same.
pub fn lower<'p>(plan: &'p Plan<'p>, report: &mut Report) -> Objects {
    let fleet = Fleet { plan, provisions: Provisions::of(plan), namespaces: Namespaces::of(plan, report) };
    let lowered: Vec<(Objects, Report)> = plan
        .deployments
        .par_iter()
        .enumerate()
        .map(|(position, deployment)| {
            let mut report = Report::new();
            let objects = lower_deployment(position, deployment, &fleet, &mut report);
            (objects, report)
        })
        .collect();
    let mut objects = Objects::default();
    for (part, problems) in lowered {
        objects.placed.extend(part.placed);
        objects.releases.extend(part.releases);
        report.append(problems);
    }
    objects
}

fn lower_deployment<'p>(
    position: usize,
    deployment: &'p Deployment<'p>,
    fleet: &Fleet<'p>,
    report: &mut Report,
) -> Objects {
    let plan = fleet.plan;
    let mut objects = Objects::default();
    let waves = Waves::of(position, deployment);
    let own = fleet
        .namespaces
        .objects(position, deployment)
        .into_iter()
        .chain(receiver::objects(deployment, report));
    for mut object in own {
        dress(&mut object, None, deployment, fleet);
        waves.set(&mut object, None);
        objects.placed.push(Placed {
            deployment: position,
            component: None,
            object,
            origins: vec![stack_origin(plan, deployment)],
        });
    }
    for (index, component) in deployment.components.iter().enumerate() {
        let site = Site { plan, deployment, component };
        let lowered = component.kind.lower(&site, report);
        let mut finished = lowered.objects;
        let common = component.kind.common();
        finished.extend(prometheus_rule::object(common, &site));
        finished.extend(dashboard::objects(common, &site, report));
        for object in &mut finished {
            dress(object, Some(&site), deployment, fleet);
            waves.set(object, Some(index));
        }
        patch::apply(&mut finished, component, report);
        objects.placed.extend(finished.into_iter().map(|object| Placed {
            deployment: position,
            component: Some(index),
            object,
            origins: component.origins.clone(),
        }));
        let id = ComponentId { deployment: position, component: index };
        objects.releases.extend(lowered.release.map(|release| (id, release)));
    }
    objects
}

/// Gives an object its namespace, the common labels and annotations, and the options of its sync.
fn dress(object: &mut Object, site: Option<&Site>, deployment: &Deployment, fleet: &Fleet) {
    let namespaced = object.scope() == Scope::Namespaced;
    let component: Option<&Component> = site.map(|site| site.component);
    let group = object.group().to_owned();
    let kept = annotation::keeps_data(object);
    let metadata = object.metadata_mut();
    if namespaced && metadata.namespace.is_none() {
        let namespace = site.map_or(&*deployment.namespace, |site| site.place().namespace);
        metadata.namespace = Some(namespace.to_owned());
    }
    let labels = metadata.labels.get_or_insert_default();
    let mut label = |key: &str, value: &str| {
        labels.entry(key.to_owned()).or_insert_with(|| value.to_owned());
    };
    label("app.kubernetes.io/instance", &deployment.name);
    label("app.kubernetes.io/part-of", &deployment.stack.name);
    label("app.kubernetes.io/managed-by", "kiln");
    if let Some(component) = component {
        label("app.kubernetes.io/name", &component.name);
        let common = component.kind.common();
        labels.extend(common.labels.iter().map(|(key, value)| (key.to_string(), value.to_string())));
        if !common.annotations.is_empty() {
            let annotations = metadata.annotations.get_or_insert_default();
            let given = common.annotations.iter().map(|(key, value)| (key.to_string(), value.clone()));
            annotations.extend(given);
        }
    }
    if kept {
        annotation::confirm_deletion(metadata, fleet.plan.definitions.argocd.deletion);
    }
    if fleet.provisions.comes_from_elsewhere(deployment, &group) {
        annotation::add_sync_option(metadata, "SkipDryRunOnMissingResource=true");
    }
}

/// The definition that a deployment's own objects come from.
fn stack_origin(plan: &Plan, deployment: &Deployment) -> String {
    format!("stacks/{}#stack", plan.sources.path(deployment.stack.header.span.file))
}

/// An object of metadata that has only a name.
fn named(name: impl Into<String>) -> k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
    k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta {
        name: Some(name.into()),
        ..Default::default()
    }
}

/// An object that only watches.
fn observer(object: impl Into<Object>) -> Object {
    object.into().at(Stage::Observer)
}
