//! The order of a deployment's objects inside its Application, as Argo CD's sync waves.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::language::reference::Want;
use crate::plan::{Deployment, OutputValue, claim_name};

/// The wave before every component.
pub const FOUNDATION: i32 = -1;

/// Sets the wave of an object. Zero is Argo CD's default and is left out.
pub fn annotate(metadata: &mut ObjectMeta, wave: i32) {
    if wave != 0 {
        let annotations = metadata.annotations.get_or_insert_default();
        annotations.insert("argocd.argoproj.io/sync-wave".to_owned(), wave.to_string());
    }
}

/// The wave of each claim that several components mount: that of the first one.
///
/// A claim whose class binds at the first consumer never becomes healthy without it, so Argo CD would wait for
/// ever on a claim in an earlier wave (argo-cd#12840); in a later one its first consumer would wait for the claim.
pub fn claims(deployment: &Deployment) -> BTreeMap<String, i32> {
    let mut waves = BTreeMap::new();
    let mut mounted = |claim: String, wave: i32| {
        waves.entry(claim).and_modify(|first: &mut i32| *first = wave.min(*first)).or_insert(wave);
    };
    for component in &deployment.components {
        let volumes = component.kind.workload().map(|workload| &workload.volumes);
        for (name, _) in volumes.into_iter().flatten().filter(|(_, volume)| volume.size.is_some()) {
            mounted(claim_name(&component.name, name.as_str()), component.wave);
        }
        for (target, link) in &component.links {
            if target.want == Want::Volume
                && let Some(OutputValue::Claim(claim)) = link.output.as_ref().map(|output| &output.value)
            {
                mounted(claim.clone(), component.wave);
            }
        }
    }
    waves
}
