//! `two-owners`: an object, or a release of a chart, that comes from two places.

use std::collections::BTreeMap;

use crate::kube::Key;
use crate::kube::implied::implied;
use crate::objects::{Placed, component_of};
use crate::plan::{Component, ComponentId, Deployment, Release};
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;

/// Finds what has two owners on one cluster.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    objects(fleet, findings);
    releases(fleet, findings);
}

fn objects(fleet: &Fleet, findings: &mut Findings) {
    let plan = fleet.plan;
    let mut owners: BTreeMap<(&str, Key), &Placed> = BTreeMap::new();
    let named = fleet.objects.placed.iter().flat_map(|placed| {
        let (cluster, own) = placed.identity(plan);
        let all = std::iter::once(own).chain(implied(&placed.object));
        all.map(move |key| (placed, (cluster, key)))
    });
    for (placed, identity) in named {
        let what = identity.1.to_string();
        let Some(first) = owners.get(&identity) else {
            owners.insert(identity, placed);
            continue;
        };
        let (Some(deployment), Some(other)) = (placed.deployment(plan), first.deployment(plan)) else {
            continue;
        };
        let owner = owner(deployment, placed.component(plan));
        let other = self::owner(other, first.component(plan));
        findings.add(placed, two(&what, (placed.span(plan), owner), (first.span(plan), other)));
    }
}

/// The objects of a chart are named like its release.
fn releases(fleet: &Fleet, findings: &mut Findings) {
    let plan = fleet.plan;
    let mut owners: BTreeMap<(&str, &str, &str, &str), ComponentId> = BTreeMap::new();
    for (id, release) in &fleet.objects.releases {
        let Release::Helm(helm) = release else { continue };
        let Some((deployment, component)) = component_of(plan, *id) else { continue };
        let key = (deployment.cluster_name, &*helm.namespace, &*helm.release_name, &*helm.chart_name);
        let Some(first) = owners.get(&key).and_then(|first| component_of(plan, *first)) else {
            owners.insert(key, *id);
            continue;
        };
        let what =
            format!("the release `{}/{}` of chart `{}`", helm.namespace, helm.release_name, helm.chart_name);
        let owner = (component.span, owner(deployment, Some(component)));
        let other = (first.1.span, self::owner(first.0, Some(first.1)));
        findings.add_to(*id, two(&what, owner, other));
    }
}

fn owner(deployment: &Deployment, component: Option<&Component>) -> String {
    match component {
        Some(component) => format!("component `{}` of `{}`", component.name, deployment.name),
        None => format!("`{}`", deployment.name),
    }
}

fn two(what: &str, owner: (Span, String), first: (Span, String)) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::TwoOwners, owner.0, format!("{what} has two owners on one cluster"));
    let diagnostic = if owner.1 == first.1 {
        diagnostic.label(format!("{} makes it twice", owner.1))
    } else {
        diagnostic
            .label(format!("{} makes it", owner.1))
            .because(first.0, format!("{} makes it too", first.1))
    };
    diagnostic.help("let one of the two make it, or give them different names or namespaces")
}
