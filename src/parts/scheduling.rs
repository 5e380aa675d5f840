//! Where pods run.

use k8s_openapi::api::core::v1::{PodSpec, Toleration, TopologySpreadConstraint};

use super::selector;
use crate::language::component::scheduling::{Scheduling, Spread};
use crate::plan::Site;

/// Sets node labels, taints, priority and spreading. Pods spread over nodes when there are two or more.
pub fn apply(pod: &mut PodSpec, scheduling: Option<&Scheduling>, replicas: u32, site: &Site) {
    let spread = scheduling.map_or(Spread::Host, |scheduling| scheduling.spread);
    let required = scheduling.is_some_and(|scheduling| scheduling.spread_required);
    let key = match spread {
        Spread::Host => Some("kubernetes.io/hostname"),
        Spread::Zone => Some("topology.kubernetes.io/zone"),
        Spread::None => None,
    };
    if let Some(key) = key.filter(|_| replicas >= 2) {
        pod.topology_spread_constraints = Some(vec![TopologySpreadConstraint {
            max_skew: 1,
            topology_key: key.to_owned(),
            when_unsatisfiable: if required { "DoNotSchedule" } else { "ScheduleAnyway" }.to_owned(),
            label_selector: Some(selector(site)),
            ..TopologySpreadConstraint::default()
        }]);
    }
    let Some(scheduling) = scheduling else { return };
    if !scheduling.node_selector.is_empty() {
        let labels = scheduling.node_selector.iter();
        pod.node_selector = Some(labels.map(|(key, value)| (key.to_string(), value.to_string())).collect());
    }
    pod.tolerations = tolerations(scheduling);
    pod.priority_class_name = scheduling.priority_class.as_ref().map(|class| class.value.to_string());
}

/// The taints that are put up with.
pub fn tolerations(scheduling: &Scheduling) -> Option<Vec<Toleration>> {
    let tolerations: Vec<Toleration> = scheduling
        .tolerations
        .values()
        .map(|toleration| Toleration {
            key: toleration.key.as_ref().map(ToString::to_string),
            value: toleration.value.as_ref().map(ToString::to_string),
            operator: toleration.value.is_none().then(|| "Exists".to_owned()),
            effect: toleration.effect.map(|effect| effect.word().to_owned()),
            ..Toleration::default()
        })
        .collect();
    (!tolerations.is_empty()).then_some(tolerations)
}
