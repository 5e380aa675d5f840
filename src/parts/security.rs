//! Security contexts. Without a word in the definition they satisfy the *restricted* Pod Security Standard
//! (`k8s.io/pod-security-admission/policy`), and the image's own files cannot be written.

use k8s_openapi::api::core::v1::{Capabilities, PodSecurityContext, SeccompProfile, SecurityContext};

use crate::language::component::security::{ContainerSecurity, RootFileSystem, Security};

/// The context of a pod.
pub fn pod(security: Option<&Security>) -> PodSecurityContext {
    let user = security.and_then(|security| security.user.as_ref()).map(|user| i64::from(user.value));
    let group = security.and_then(|security| security.group).map(i64::from);
    let volumes = security.and_then(|security| security.volume_group).map(i64::from);
    let root = security.is_some_and(|security| security.root.value);
    PodSecurityContext {
        run_as_non_root: (!root).then_some(true),
        run_as_user: user,
        run_as_group: group,
        fs_group: volumes.or(group).or(user),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..PodSecurityContext::default()
    }
}

/// The context of a container; `own` takes the place of what the pod says.
pub fn container(pod: Option<&Security>, own: Option<&ContainerSecurity>) -> SecurityContext {
    let fields = own.or(pod.map(|security| &security.container));
    let writable = fields.is_some_and(|fields| fields.root_file_system == RootFileSystem::Writable);
    let read_only = (!writable).then_some(true);
    if fields.is_some_and(|fields| fields.privileged.value) {
        // A privileged container has every capability and may escalate: the API refuses to hear otherwise.
        return SecurityContext {
            privileged: Some(true),
            read_only_root_filesystem: read_only,
            ..SecurityContext::default()
        };
    }
    let added: Vec<String> = fields
        .map(|fields| fields.capabilities.iter().map(|capability| capability.value.clone()).collect())
        .unwrap_or_default();
    SecurityContext {
        allow_privilege_escalation: Some(false),
        capabilities: Some(Capabilities {
            add: (!added.is_empty()).then_some(added),
            drop: Some(vec!["ALL".to_owned()]),
        }),
        read_only_root_filesystem: read_only,
        ..SecurityContext::default()
    }
}
