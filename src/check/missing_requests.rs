//! `missing-requests`: a container that does not say how much it needs.

use k8s_openapi::api::core::v1::{Container, ResourceRequirements};

use crate::kube;
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;
use super::pod::Pod;

/// Finds containers without requests for CPU or memory. Steps before the main container are left alone.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for pod in &fleet.pods {
        for container in kube::pod::lasting(&pod.spec) {
            let missing = match (asks(container, "cpu"), asks(container, "memory")) {
                (true, true) => continue,
                (false, true) => "CPU",
                (true, false) => "memory",
                (false, false) => "CPU and memory",
            };
            let message =
                format!("the container `{}` does not say how much {missing} it needs", container.name);
            findings.add(
                pod.placed,
                Diagnostic::new(Code::MissingRequests, span(pod, container), message)
                    .help("add `resources = { cpu = \"…\", memory = \"…\" }`"),
            );
        }
    }
}

/// A limit alone is also what is requested.
fn asks(container: &Container, resource: &str) -> bool {
    let has = |resources: &ResourceRequirements| {
        let amounts = [&resources.requests, &resources.limits].into_iter().flatten();
        amounts.into_iter().any(|amounts| amounts.contains_key(resource))
    };
    container.resources.as_ref().is_some_and(has)
}

fn span(pod: &Pod, container: &Container) -> Span {
    let Some(written) = pod.written(container) else { return pod.span };
    match &written.resources {
        Some(resources) => resources.span,
        None => written.span,
    }
}
