//! The PodDisruptionBudget of a workload.

use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{count, named, selector};
use crate::kube::Object;
use crate::language::component::replication::Disruption;
use crate::language::value::IntOrPercent;
use crate::plan::Site;

/// A count or a share as the Kubernetes types have it.
pub fn int_or_string(value: IntOrPercent) -> IntOrString {
    match value {
        IntOrPercent::Int(number) => IntOrString::Int(count(number)),
        IntOrPercent::Percent(_) => IntOrString::String(value.to_string()),
    }
}

/// The budget, when there are two replicas or more: with one it would only stand in the way of drains.
pub fn object(disruption: Option<&Disruption>, replicas: u32, site: &Site) -> Option<Object> {
    if replicas < 2 {
        return None;
    }
    let unavailable = disruption.map_or(IntOrPercent::Int(1), |disruption| disruption.max_unavailable);
    Some(Object::from(PodDisruptionBudget {
        metadata: named(site.place().component),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(int_or_string(unavailable)),
            selector: Some(selector(site)),
            ..PodDisruptionBudgetSpec::default()
        }),
        status: None,
    }))
}
