//! `missing-probe`: requests that come before a pod can answer them.

use crate::report::{Code, Diagnostic};

use super::Fleet;
use super::finding::Findings;

/// The kinds of components that get requests, and whose health the definition says.
const KINDS: &[&str] = &["service", "stateful"];

/// Finds components behind a Service whose main container has no readiness probe.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for pod in &fleet.pods {
        let Some(component) = pod.component else { continue };
        if !KINDS.contains(&component.kind.common().kind.as_str()) {
            continue;
        }
        let main = pod.spec.containers.iter().find(|container| container.name == component.name);
        if main.is_none_or(|main| main.readiness_probe.is_some()) {
            continue;
        }
        let health = component.kind.workload().and_then(|workload| workload.health.as_ref());
        let span = health.map_or(pod.span, |health| health.span);
        findings.add(
            pod.placed,
            Diagnostic::new(
                Code::MissingProbe,
                span,
                format!("`{}` does not say how to see whether it is well", component.name),
            )
            .help("add `health = { http = \"/…\" }`, or `tcp = true`, `grpc` or `command`"),
        );
    }
}
