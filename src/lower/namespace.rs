//! Namespaces: who owns each, how it is protected, and who of the team may do what in it.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::api::networking::v1::{NetworkPolicy, NetworkPolicySpec};
use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};

use super::named;
use crate::kube::{Object, Stage};
use crate::language::stack::{NetworkDefault, PodSecurity};
use crate::plan::{Deployment, Plan};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// The ClusterRoles of Kubernetes that a team's role of the same name becomes in its namespaces
/// (kubernetes.io/docs/reference/access-authn-authz/rbac, user-facing roles).
const ROLES: &[&str] = &["admin", "edit", "view"];

/// A namespace of a cluster.
struct Claim {
    /// The deployment that owns it: the first by name of those that use it.
    owner: usize,
    level: PodSecurity,
    /// Where the level is written.
    span: Span,
    network: NetworkDefault,
}

/// The namespaces of all clusters.
pub struct Namespaces<'p> {
    claims: BTreeMap<(&'p str, String), Claim>,
    /// The namespace of Argo CD.
    argocd: String,
}

impl<'p> Namespaces<'p> {
    /// The namespaces that the components of a plan live in; two levels for one of them are reported.
    pub fn of(plan: &'p Plan<'p>, report: &mut Report) -> Self {
        let argocd = plan.definitions.argocd.namespace.to_string();
        let mut namespaces = Self { claims: BTreeMap::new(), argocd };
        for (position, deployment) in plan.deployments.iter().enumerate() {
            let header = &deployment.stack.header;
            let holds_release = deployment.components.iter().any(|component| {
                component.kind.own_namespace().is_none() && is_release(component.kind.common().kind.as_str())
            });
            let network = if holds_release { NetworkDefault::Open } else { header.network };
            let own = Claim { owner: position, level: header.pod_security, span: header.span, network };
            namespaces.claim(deployment, &deployment.namespace, own, report);
            for component in &deployment.components {
                let Some((name, level)) = component.kind.own_namespace() else { continue };
                let claim =
                    Claim { owner: position, level, span: component.span, network: NetworkDefault::Open };
                namespaces.claim(deployment, name, claim, report);
            }
        }
        namespaces
    }

    fn claim(&mut self, deployment: &Deployment<'p>, name: &str, claim: Claim, report: &mut Report) {
        let key = (deployment.cluster_name, name.to_owned());
        let Some(first) = self.claims.get_mut(&key) else {
            self.claims.insert(key, claim);
            return;
        };
        if first.level != claim.level {
            let message = format!(
                "the namespace `{name}` on `{}` has two Pod Security levels, `{}` and `{}`",
                deployment.cluster_name,
                first.level.word(),
                claim.level.word()
            );
            report.add(
                Diagnostic::new(Code::ConflictingFields, claim.span, message)
                    .because(first.span, "its other level comes from here")
                    .help("give both the same `pod-security`, or one of them a namespace of its own"),
            );
        }
        if claim.network == NetworkDefault::Open {
            first.network = NetworkDefault::Open;
        }
    }

    /// The objects of the namespaces that a deployment owns.
    pub fn objects(&self, position: usize, deployment: &Deployment) -> Vec<Object> {
        let mut objects = Vec::new();
        for ((cluster, name), claim) in &self.claims {
            if claim.owner != position || *cluster != deployment.cluster_name || self.is_reserved(name) {
                continue;
            }
            objects.push(namespace(name, claim.level));
            if claim.network == NetworkDefault::Deny {
                objects.push(within(name, default_deny()));
            }
            let bindings = ROLES.iter().filter_map(|role| role_binding(deployment, role));
            objects.extend(bindings.map(|binding| within(name, binding)));
        }
        objects
    }
}

impl Namespaces<'_> {
    /// Whether a namespace is somebody else's: Kubernetes' own, or Argo CD's. Objects may go there, but its labels, its
    /// default policy and who may do what in it are not a deployment's to decide.
    fn is_reserved(&self, name: &str) -> bool {
        name == "default" || name.starts_with("kube-") || name == self.argocd
    }
}

/// The kinds that Argo CD renders: kiln knows nothing of their pods' traffic.
fn is_release(kind: &str) -> bool {
    matches!(kind, "helm" | "git")
}

fn within(namespace: &str, object: impl Into<Object>) -> Object {
    let mut object = object.into().at(Stage::Foundation);
    object.metadata_mut().namespace = Some(namespace.to_owned());
    object
}

fn namespace(name: &str, level: PodSecurity) -> Object {
    let mut metadata = named(name);
    let modes = ["audit", "enforce", "warn"];
    let labels = modes.map(|mode| (format!("pod-security.kubernetes.io/{mode}"), level.word().to_owned()));
    metadata.labels = Some(BTreeMap::from(labels));
    Object::from(Namespace { metadata, ..Default::default() }).at(Stage::Foundation)
}

fn default_deny() -> NetworkPolicy {
    NetworkPolicy {
        metadata: named("default-deny"),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(Default::default()),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ..Default::default()
        }),
    }
}

fn role_binding(deployment: &Deployment, role: &str) -> Option<RoleBinding> {
    let groups = deployment.team.groups.get(role).filter(|groups| !groups.is_empty())?;
    let subjects = groups.iter().map(|group| Subject {
        api_group: Some("rbac.authorization.k8s.io".to_owned()),
        kind: "Group".to_owned(),
        name: group.to_string(),
        namespace: None,
    });
    Some(RoleBinding {
        metadata: named(format!("{}-{role}", deployment.team_name)),
        role_ref: RoleRef {
            api_group: Some("rbac.authorization.k8s.io".to_owned()),
            kind: "ClusterRole".to_owned(),
            name: role.to_owned(),
        },
        subjects: Some(subjects.collect()),
    })
}
