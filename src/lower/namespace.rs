//! The namespaces of the deployments, and what belongs into each: the default policy and the team's rights.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};
use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};

use super::{deployment_labels, wave};
use crate::kube::{Object, Scope, Stage};
use crate::language::stack::{NetworkDefault, PodSecurity};
use crate::language::workspace::Deletion;
use crate::objects::{Objects, Placed};
use crate::plan::{Deployment, Plan, Release};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// A namespace on a cluster.
struct Claimed {
    deployment: usize,
    level: PodSecurity,
    span: Span,
}

/// The Namespace objects and what comes with them. A namespace that several deployments share belongs to the first.
pub fn objects(plan: &Plan, objects: &Objects, report: &mut Report) -> Vec<Placed> {
    let mut released: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (id, release) in &objects.releases {
        if let Some(deployment) = plan.deployments.get(id.deployment) {
            let namespace = match release {
                Release::Helm(helm) => &helm.namespace,
                Release::Git(git) => &git.namespace,
            };
            released.insert((deployment.cluster_name, namespace));
        }
    }
    let mut placed = Vec::new();
    for ((cluster, namespace), claimed) in claimed(plan, objects, report) {
        let Some(deployment) = plan.deployments.get(claimed.deployment) else { continue };
        let mut found = vec![namespace_object(namespace, claimed.level, plan.definitions.argocd.deletion)];
        let open = deployment.stack.header.network == NetworkDefault::Open || released.contains(&(cluster, namespace));
        if !open {
            found.push(default_deny());
        }
        found.extend(role_bindings(deployment));
        placed.extend(found.into_iter().map(|mut object| {
            let scope = object.scope();
            let metadata = object.metadata_mut();
            if scope == Scope::Namespaced {
                metadata.namespace = Some(namespace.to_owned());
            }
            metadata.labels.get_or_insert_default().extend(deployment_labels(deployment));
            wave::annotate(metadata, wave::FOUNDATION);
            Placed {
                deployment: claimed.deployment,
                component: None,
                object,
                origins: vec![format!("stacks/{}#stack", deployment.stack.file)],
                span: claimed.span,
            }
        }));
    }
    placed
}

/// Which deployment a namespace belongs to, and the level it enforces.
fn claimed<'p>(
    plan: &'p Plan,
    objects: &'p Objects,
    report: &mut Report,
) -> BTreeMap<(&'p str, &'p str), Claimed> {
    let mut own: BTreeSet<usize> = objects
        .placed
        .iter()
        .filter(|placed| {
            plan.deployments.get(placed.deployment).is_some_and(|deployment| {
                placed.object.metadata().namespace.as_deref() == Some(deployment.namespace.as_str())
            })
        })
        .map(|placed| placed.deployment)
        .collect();
    own.extend(plan.deployments.iter().enumerate().filter(|(_, deployment)| !deployment.receivers.is_empty()).map(|(at, _)| at));
    let mut found: BTreeMap<(&str, &str), Claimed> = BTreeMap::new();
    for (position, deployment) in plan.deployments.iter().enumerate() {
        let header = &deployment.stack.header;
        let main = own.contains(&position).then_some((deployment.namespace.as_str(), header.pod_security, header.span));
        let components = deployment.components.iter().filter_map(|component| {
            let (namespace, level) = component.kind.own_namespace()?;
            Some((namespace, level, component.span))
        });
        let released = objects.releases.iter().filter(|(id, _)| id.deployment == position).filter_map(|(id, _)| {
            let component = deployment.components.get(id.component)?;
            component.kind.own_namespace().is_none().then_some((
                deployment.namespace.as_str(),
                header.pod_security,
                header.span,
            ))
        });
        for (namespace, level, span) in main.into_iter().chain(components).chain(released) {
            match found.get(&(deployment.cluster_name, namespace)) {
                None => {
                    let claimed = Claimed { deployment: position, level, span };
                    found.insert((deployment.cluster_name, namespace), claimed);
                }
                Some(other) if other.level != level => report.add(
                    Diagnostic::new(
                        Code::ConflictingFields,
                        span,
                        format!(
                            "the namespace `{namespace}` would enforce both `{}` and `{}`",
                            other.level.word(),
                            level.word()
                        ),
                    )
                    .because(other.span, "which wants the other level")
                    .help("set `pod-security` to the same level in both, or use another namespace"),
                ),
                Some(_) => {}
            }
        }
    }
    found
}

/// A Namespace with its Pod Security level, guarded against deletion as the workspace says.
fn namespace_object(name: &str, level: PodSecurity, deletion: Deletion) -> Object {
    let labels = ["enforce", "audit", "warn"]
        .into_iter()
        .map(|mode| (format!("pod-security.kubernetes.io/{mode}"), level.word().to_owned()))
        .collect();
    let annotations = sync_options(deletion)
        .map(|options| BTreeMap::from([("argocd.argoproj.io/sync-options".to_owned(), options.to_owned())]));
    let metadata = ObjectMeta { name: Some(name.to_owned()), labels: Some(labels), annotations, ..Default::default() };
    Object::from(Namespace { metadata, ..Default::default() }).at(Stage::Foundation)
}

/// What guards an object whose deletion loses data.
pub fn sync_options(deletion: Deletion) -> Option<&'static str> {
    match deletion {
        Deletion::Confirm => Some("Prune=confirm,Delete=confirm"),
        Deletion::Cascade => None,
        Deletion::Orphan => Some("Prune=false,Delete=false"),
    }
}

/// The policy that drops what no other policy lets through.
fn default_deny() -> Object {
    let spec = NetworkPolicySpec {
        pod_selector: Some(LabelSelector::default()),
        policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
        ..Default::default()
    };
    let metadata = ObjectMeta { name: Some("default-deny".to_owned()), ..Default::default() };
    Object::from(NetworkPolicy { metadata, spec: Some(spec) }).at(Stage::Foundation)
}

/// The team's directory groups with Kubernetes' own roles of the same names.
fn role_bindings(deployment: &Deployment) -> Vec<Object> {
    let bindings = deployment.team.groups.iter().filter(|(_, groups)| !groups.is_empty()).map(|(role, groups)| {
        let subjects = groups.iter().map(|group| Subject {
            api_group: Some("rbac.authorization.k8s.io".to_owned()),
            kind: "Group".to_owned(),
            name: group.to_string(),
            namespace: None,
        });
        let metadata = ObjectMeta { name: Some(format!("{}-{role}", deployment.team_name)), ..Default::default() };
        let role_ref = RoleRef {
            api_group: "rbac.authorization.k8s.io".to_owned(),
            kind: "ClusterRole".to_owned(),
            name: role.to_string(),
        };
        Object::from(RoleBinding { metadata, role_ref, subjects: Some(subjects.collect()) }).at(Stage::Foundation)
    });
    bindings.collect()
}
