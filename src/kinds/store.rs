//! What the kinds that keep data have in common: their Secrets, pods, traffic and metrics.

pub mod pod;
pub mod secret;
pub mod setting;
pub mod traffic;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::api::policy::v1::{PodDisruptionBudget, PodDisruptionBudgetSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kube::custom::PodMonitor;
use crate::kube::custom::monitoring::{Endpoint, PodMonitorSpec};
use crate::kube::{Object, Stage};
use crate::language::value::Duration;
use crate::parts::named;

/// Labels by key.
pub type Labels = BTreeMap<String, String>;

/// A selector of pods with these labels.
pub fn selector(labels: &Labels) -> LabelSelector {
    LabelSelector { match_labels: Some(labels.clone()), match_expressions: None }
}

/// A ConfigMap of text files.
pub fn config_map(name: String, files: Labels) -> ConfigMap {
    ConfigMap { metadata: named(name), data: Some(files), ..ConfigMap::default() }
}

/// Has Prometheus scrape the port `metrics` of these pods.
pub fn pod_monitor(name: &str, pods: &Labels, interval: Option<Duration>) -> Object {
    let endpoint = Endpoint {
        port: Some("metrics".to_owned()),
        interval: interval.map(Duration::prometheus),
        ..Endpoint::default()
    };
    let spec = PodMonitorSpec {
        selector: selector(pods),
        pod_metrics_endpoints: vec![endpoint],
        ..PodMonitorSpec::default()
    };
    Object::from(PodMonitor { metadata: named(name), spec }).at(Stage::Observer)
}

/// Lets one of these pods at a time be evicted: safe at any number of them.
pub fn disruption_budget(name: &str, pods: &Labels) -> PodDisruptionBudget {
    PodDisruptionBudget {
        metadata: named(name),
        spec: Some(PodDisruptionBudgetSpec {
            max_unavailable: Some(IntOrString::Int(1)),
            selector: Some(selector(pods)),
            ..PodDisruptionBudgetSpec::default()
        }),
        ..PodDisruptionBudget::default()
    }
}
