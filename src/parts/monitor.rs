//! What Prometheus scrapes of a workload: one ServiceMonitor or PodMonitor.

use super::ports::Ports;
use super::{named, selector};
use crate::kube::custom::monitoring::{Endpoint, PodMonitorSpec, ServiceMonitorSpec, TlsConfig};
use crate::kube::custom::{PodMonitor, ServiceMonitor};
use crate::kube::{Object, Stage};
use crate::language::component::metrics::{Metrics, Scheme};
use crate::plan::Site;

/// How Prometheus finds a workload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// By its only Service.
    ByService,
    /// By its pods. A workload with two Services would be scraped twice by Service.
    ByPods,
}

/// The monitor, when anything is scraped.
pub fn object(ports: &Ports, found: Found, site: &Site) -> Option<Object> {
    if ports.scraped.is_empty() {
        return None;
    }
    let endpoints = ports
        .scraped
        .iter()
        .filter_map(|(number, metrics)| {
            let port = ports.find(*number)?;
            let name = match found {
                Found::ByService => port.service.clone()?,
                Found::ByPods => port.name.clone(),
            };
            Some(endpoint(name, metrics))
        })
        .collect();
    let metadata = named(site.place().component);
    let object = match found {
        Found::ByService => Object::from(ServiceMonitor {
            metadata,
            spec: ServiceMonitorSpec { job_label: None, selector: selector(site), endpoints },
        }),
        Found::ByPods => Object::from(PodMonitor {
            metadata,
            spec: PodMonitorSpec {
                job_label: None,
                selector: selector(site),
                pod_metrics_endpoints: endpoints,
            },
        }),
    };
    Some(object.at(Stage::Observer))
}

fn endpoint(port: String, metrics: &Metrics) -> Endpoint {
    let path = metrics.path.to_string();
    let secure = metrics.scheme == Scheme::Https;
    Endpoint {
        port: Some(port),
        path: (path != "/metrics").then_some(path),
        scheme: secure.then_some("https"),
        interval: metrics.interval.map(|interval| interval.prometheus()),
        scrape_timeout: None,
        // Pods are scraped by their address, which no certificate names.
        tls_config: secure.then_some(TlsConfig { insecure_skip_verify: Some(true) }),
    }
}
