//! `privileged`: what a namespace of the *restricted* Pod Security Standard would refuse
//! (<https://kubernetes.io/docs/concepts/security/pod-security-standards/>, `k8s.io/pod-security-admission/policy`).

use k8s_openapi::api::core::v1::{Container, PodSpec, Volume};

use crate::kube;
use crate::language::component::security::Security;
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;
use super::pod::Pod;

/// Something that the standard does not allow.
#[derive(Debug, PartialEq)]
struct Breach {
    /// What it is, after "the pod" or "the container".
    what: String,
    /// Where the definition asks for it; nowhere for what is in YAML.
    span: Span,
}

/// Finds pods with more privileges than the restricted standard allows.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for pod in &fleet.pods {
        let mut hidden = Vec::new();
        for breach in breaches(pod) {
            if breach.span == Span::NOWHERE {
                hidden.push(breach.what);
            } else {
                let name = pod.component.map_or("", |component| &component.name);
                findings.add(
                    pod.placed,
                    Diagnostic::new(Code::Privileged, breach.span, format!("`{name}`: {}", breach.what))
                        .label("the restricted Pod Security Standard does not allow this"),
                );
            }
        }
        hidden.dedup();
        if !hidden.is_empty() {
            let message = format!("{}: {}", pod.object(), hidden.join(", "));
            findings.add(
                pod.placed,
                Diagnostic::new(Code::Privileged, pod.span, message)
                    .label("the restricted Pod Security Standard does not allow this"),
            );
        }
    }
}

fn breaches(pod: &Pod) -> Vec<Breach> {
    let spec: &PodSpec = &pod.spec;
    let security = pod.component.and_then(|component| component.kind.workload()?.security.as_ref());
    let mut breaches = Vec::new();
    let mut add = |what: String, span: Option<Span>| {
        breaches.push(Breach { what, span: span.unwrap_or(Span::NOWHERE) });
    };
    if spec.host_network == Some(true) {
        let span = security.map(|security| security.host_network.span);
        add("the pod shares the node's network".to_owned(), span);
    }
    if spec.host_pid == Some(true) || spec.host_ipc == Some(true) {
        add("the pod shares the node's processes".to_owned(), None);
    }
    for volume in spec.volumes.iter().flatten().filter(|volume| !is_plain(volume)) {
        add(format!("the volume `{}` is of a type that reaches the node", volume.name), None);
    }
    for container in kube::pod::containers(spec) {
        let name = &container.name;
        if may_be_root(container, spec) {
            // Of the whole pod: once is enough.
            let span = security.map(|security| security.root.span).filter(|span| *span != Span::NOWHERE);
            let what = if span.is_some() {
                "the pod may run as root".to_owned()
            } else {
                format!("the container `{name}` may run as root")
            };
            add(what, span);
        }
        if is_unconfined(container, spec) {
            add(format!("the container `{name}` has no seccomp profile"), None);
        }
        of_container(pod, security, container, &mut add);
    }
    breaches
}

fn of_container(
    pod: &Pod,
    security: Option<&Security>,
    container: &Container,
    add: &mut impl FnMut(String, Option<Span>),
) {
    let name = &container.name;
    let written = pod.written(container);
    let fields = written.and_then(|written| written.container_security.as_ref());
    let fields = fields.or(written.and(security).map(|security| &security.container));
    let context = container.security_context.as_ref();
    for port in container.ports.iter().flatten().filter(|port| port.host_port.is_some_and(|port| port != 0)) {
        add(format!("the container `{name}` takes port {} of the node", port.container_port), None);
    }
    if context.is_some_and(|context| context.privileged == Some(true)) {
        let span = fields.map(|fields| fields.privileged.span);
        add(format!("the container `{name}` is privileged"), span);
        return;
    }
    if context.and_then(|context| context.allow_privilege_escalation) != Some(false) {
        add(format!("the container `{name}` may gain privileges"), None);
    }
    let capabilities = context.and_then(|context| context.capabilities.as_ref());
    let dropped = capabilities.iter().flat_map(|capabilities| capabilities.drop.iter().flatten());
    if !dropped.into_iter().any(|dropped| dropped == "ALL") {
        add(format!("the container `{name}` does not drop all capabilities"), None);
    }
    let added = capabilities.iter().flat_map(|capabilities| capabilities.add.iter().flatten());
    for capability in added.filter(|capability| *capability != "NET_BIND_SERVICE") {
        let mut written = fields.iter().flat_map(|fields| &fields.capabilities);
        let span = written.find(|written| written.value == *capability).map(|written| written.span);
        add(format!("the container `{name}` has the capability `{capability}`"), span);
    }
}

fn may_be_root(container: &Container, pod: &PodSpec) -> bool {
    let of_container = container.security_context.as_ref();
    let of_pod = pod.security_context.as_ref();
    let refused = of_container
        .and_then(|context| context.run_as_non_root)
        .or(of_pod.and_then(|context| context.run_as_non_root));
    let user = of_container
        .and_then(|context| context.run_as_user)
        .or(of_pod.and_then(|context| context.run_as_user));
    refused != Some(true) || user == Some(0)
}

fn is_unconfined(container: &Container, pod: &PodSpec) -> bool {
    let of_container =
        container.security_context.as_ref().and_then(|context| context.seccomp_profile.as_ref());
    let of_pod = pod.security_context.as_ref().and_then(|context| context.seccomp_profile.as_ref());
    of_container.or(of_pod).is_none_or(|profile| profile.type_ == "Unconfined")
}

/// Whether a volume is of one of the types that the standard lists.
fn is_plain(volume: &Volume) -> bool {
    volume.config_map.is_some()
        || volume.csi.is_some()
        || volume.downward_api.is_some()
        || volume.empty_dir.is_some()
        || volume.ephemeral.is_some()
        || volume.persistent_volume_claim.is_some()
        || volume.projected.is_some()
        || volume.secret.is_some()
        // A volume without a source is an empty folder.
        || *volume == Volume { name: volume.name.clone(), ..Volume::default() }
}
