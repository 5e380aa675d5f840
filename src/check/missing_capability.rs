//! `missing-capability`: what an object needs of its cluster, and nothing there provides.

use std::collections::{BTreeMap, BTreeSet};

use crate::kube::{Body, Object};
use crate::lower::provision::Provisions;
use crate::need::{Need, needs};
use crate::plan::Plan;
use crate::report::nearest::nearest;
use crate::report::{Code, Diagnostic};

use super::Fleet;
use super::finding::Findings;

/// What is there on each cluster.
struct Provided<'p> {
    provisions: Provisions<'p>,
    /// What the objects of the plan define themselves, as capabilities are written.
    defined: BTreeMap<&'p str, BTreeSet<String>>,
}

/// Finds objects whose API group, class or issuer nothing provides.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    let plan = fleet.plan;
    let provided = Provided::of(fleet);
    for placed in &fleet.objects.placed {
        let Some(deployment) = placed.deployment(plan) else { continue };
        for need in needs(placed, deployment, plan) {
            if provided.has(deployment.cluster_name, &need) {
                continue;
            }
            let cluster = deployment.cluster_name;
            let mut problem = Diagnostic::new(
                Code::MissingCapability,
                need.span,
                format!("nothing on cluster `{cluster}` provides {}", need.noun()),
            )
            .label(format!("{} needs it", need.user))
            .because(deployment.cluster.span, "the cluster");
            for advice in provided.advice(cluster, &need.capability, plan) {
                problem = problem.help(advice);
            }
            findings.add(placed, problem);
        }
    }
}

impl<'p> Provided<'p> {
    fn of(fleet: &Fleet<'p>) -> Self {
        let mut defined: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for placed in &fleet.objects.placed {
            if let (Some(capability), Some(deployment)) =
                (definition(&placed.object), placed.deployment(fleet.plan))
            {
                defined.entry(deployment.cluster_name).or_default().insert(capability);
            }
        }
        for (name, cluster) in &fleet.plan.definitions.clusters {
            // Argo CD comes with its own kinds to the clusters it runs on.
            if cluster.argocd.as_ref().is_none_or(|hub| hub.value.as_str() == name) {
                defined.entry(name).or_default().insert("argoproj.io".to_owned());
            }
        }
        Self { provisions: Provisions::of(fleet.plan), defined }
    }

    fn has(&self, cluster: &str, need: &Need) -> bool {
        let found = self.on(cluster).any(|provided| provided == need.capability);
        // Issuers, stores and priorities are seldom listed: they are looked at where somebody lists any.
        found || need.is_lenient() && !self.on(cluster).any(|provided| provided.starts_with(need.word()))
    }

    fn on(&self, cluster: &str) -> impl Iterator<Item = &str> {
        self.provisions.on(cluster).chain(self.defined.get(cluster).into_iter().flatten().map(String::as_str))
    }

    fn advice(&self, cluster: &str, capability: &str, plan: &Plan) -> Vec<String> {
        let mut advice = Vec::new();
        if let Some(name) = nearest(capability, self.on(cluster)) {
            advice.push(format!("did you mean `{name}`?"));
        }
        let charts: Vec<&str> = plan
            .definitions
            .charts
            .iter()
            .filter(|(_, chart)| {
                chart.provides.iter().any(|provided| provided.value.to_string() == capability)
            })
            .map(|(name, _)| name.as_str())
            .collect();
        match charts.first() {
            Some(chart) => advice.push(format!(
                "the chart `{chart}` provides it: place a component with `kind = \"helm\"` and `chart = \"{chart}\"` on the cluster"
            )),
            None => advice.push(format!(
                "add `\"{capability}\"` to the `provides` of the chart or component that brings it, or of the cluster if it is there already"
            )),
        }
        advice
    }
}

/// The capability that an object is the definition of.
fn definition(object: &Object) -> Option<String> {
    let Body::Raw(raw) = &object.body else { return None };
    if raw.kind == "CustomResourceDefinition" {
        return raw.at(&["spec", "group"])?.as_str().map(str::to_owned);
    }
    let kinds = [
        "StorageClass",
        "VolumeSnapshotClass",
        "IngressClass",
        "PriorityClass",
        "ClusterIssuer",
        "ClusterSecretStore",
    ];
    kinds.contains(&&*raw.kind).then(|| format!("{}/{}", raw.kind.to_lowercase(), object.name()))
}
