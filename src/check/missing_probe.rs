//! `missing-probe`: requests that come before a pod can answer them.

use crate::language::component::health::Health;
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
        if health.is_some_and(is_asked) {
            continue; // what is wrong with the probe was reported when it was made
        }
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

/// Whether the definition says how to see that the container is ready.
fn is_asked(health: &Health) -> bool {
    let check = &health.check;
    health.ready.is_some()
        || check.http.is_some()
        || check.tcp.is_some()
        || check.grpc.is_some()
        || check.command.is_some()
}
