//! Waves: in which order Argo CD applies the objects of a deployment, and waits for their health.
//!
//! The waves of the components are counted without gaps, so that there are the fewest. What comes
//! before every component is in wave -1. What only watches has the wave of its component: it blocks
//! nobody, and a wave of its own would make every sync longer.

use std::collections::{BTreeMap, BTreeSet};

use super::annotation::SYNC_WAVE;
use crate::kube::{Body, Object, Stage};
use crate::language::reference::Want;
use crate::plan::{ComponentId, Deployment, OutputValue};

/// The waves of one deployment.
pub struct Waves {
    /// By component.
    waves: Vec<i32>,
    /// The first wave in which somebody mounts a claim, by component and claim.
    ///
    /// A claim whose volume is made for its first consumer is never healthy before there is one, so
    /// it has to come together with the first.
    claims: BTreeMap<(usize, String), i32>,
}

impl Waves {
    /// The waves of the deployment at a position of the plan.
    pub fn of(position: usize, deployment: &Deployment) -> Self {
        let depths: BTreeSet<i32> = deployment.components.iter().map(|component| component.wave).collect();
        let wave = |depth: i32| i32::try_from(depths.range(..depth).count()).unwrap_or(i32::MAX);
        let waves: Vec<i32> = deployment.components.iter().map(|component| wave(component.wave)).collect();
        let mut claims = BTreeMap::new();
        for (component, own) in deployment.components.iter().zip(&waves) {
            for (target, link) in &component.links {
                let ComponentId { deployment, component } = link.provider;
                let (Want::Volume, Some(output), true) = (target.want, &link.output, deployment == position)
                else {
                    continue;
                };
                if let OutputValue::Claim(claim) = &output.value {
                    let first = claims.entry((component, claim.clone())).or_insert(*own);
                    *first = (*first).min(*own);
                }
            }
        }
        Self { waves, claims }
    }

    /// Sets the wave of an object that has none of its own; hooks have waves like the rest. Wave 0 is Argo CD's default and not written.
    pub fn set(&self, object: &mut Object, component: Option<usize>) {
        let wave = self.wave(object, component);
        let metadata = object.metadata_mut();
        let marked = metadata.annotations.as_ref().is_some_and(|all| all.contains_key(SYNC_WAVE));
        if wave == 0 || marked {
            return;
        }
        metadata.annotations.get_or_insert_default().insert(SYNC_WAVE.to_owned(), wave.to_string());
    }

    fn wave(&self, object: &Object, component: Option<usize>) -> i32 {
        let Some((index, own)) = component.and_then(|index| Some((index, *self.waves.get(index)?))) else {
            return match object.stage {
                Stage::Foundation => -1,
                Stage::Component | Stage::Observer => 0,
            };
        };
        if let Body::PersistentVolumeClaim(_) = object.body {
            let mounted = self.claims.get(&(index, object.name().to_owned()));
            return mounted.map_or(own, |first| own.min(*first));
        }
        match object.stage {
            Stage::Foundation => -1,
            Stage::Component | Stage::Observer => own,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use k8s_openapi::api::core::v1::{ConfigMap, PersistentVolumeClaim};

    fn wave(object: impl Into<Object>, component: Option<usize>, marks: &[(&str, &str)]) -> Option<String> {
        let waves = Waves { waves: vec![2, 0], claims: BTreeMap::from([((0, "a-static".to_owned()), 1)]) };
        let mut object = object.into();
        object.metadata_mut().name = Some("a-static".to_owned());
        for (key, value) in marks {
            let annotations = object.metadata_mut().annotations.get_or_insert_default();
            annotations.insert((*key).to_owned(), (*value).to_owned());
        }
        waves.set(&mut object, component);
        object.metadata().annotations.as_ref()?.get(SYNC_WAVE).cloned()
    }

    #[test]
    fn objects_come_in_the_wave_of_their_component() {
        assert_eq!(wave(ConfigMap::default(), Some(0), &[]).as_deref(), Some("2"));
        assert_eq!(wave(ConfigMap::default(), Some(1), &[]), None);
        let early = Object::from(ConfigMap::default()).at(Stage::Foundation);
        assert_eq!(wave(early, Some(0), &[]).as_deref(), Some("-1"));
        let late = Object::from(ConfigMap::default()).at(Stage::Observer);
        assert_eq!(wave(late, Some(0), &[]).as_deref(), Some("2"));
    }

    #[test]
    fn a_claim_comes_with_the_first_that_mounts_it() {
        assert_eq!(wave(PersistentVolumeClaim::default(), Some(0), &[]).as_deref(), Some("1"));
        assert_eq!(wave(PersistentVolumeClaim::default(), Some(1), &[]), None);
    }

    #[test]
    fn a_written_wave_is_left_alone() {
        assert_eq!(wave(ConfigMap::default(), Some(0), &[(SYNC_WAVE, "7")]).as_deref(), Some("7"));
    }
}
