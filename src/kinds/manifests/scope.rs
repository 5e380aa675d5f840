//! Which kinds belong to the cluster and which to a namespace.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::kube::Scope;

/// The kinds of Kubernetes itself that belong to the cluster, by group.
const CLUSTER: &[(&str, &[&str])] = &[
    ("", &["Namespace", "Node", "PersistentVolume", "ComponentStatus"]),
    (
        "admissionregistration.k8s.io",
        &[
            "MutatingAdmissionPolicy",
            "MutatingAdmissionPolicyBinding",
            "MutatingWebhookConfiguration",
            "ValidatingAdmissionPolicy",
            "ValidatingAdmissionPolicyBinding",
            "ValidatingWebhookConfiguration",
        ],
    ),
    ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
    ("apiregistration.k8s.io", &["APIService"]),
    ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
    ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
    ("internal.apiserver.k8s.io", &["StorageVersion"]),
    ("networking.k8s.io", &["IngressClass", "IPAddress", "ServiceCIDR"]),
    ("node.k8s.io", &["RuntimeClass"]),
    ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
    ("resource.k8s.io", &["DeviceClass", "DeviceTaintRule", "ResourceSlice"]),
    ("scheduling.k8s.io", &["PriorityClass"]),
    (
        "storage.k8s.io",
        &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
    ),
    ("storagemigration.k8s.io", &["StorageVersionMigration"]),
    // Custom resources of the cluster whose names do not say so.
    ("gateway.networking.k8s.io", &["GatewayClass"]),
    ("cilium.io", &["CiliumLoadBalancerIPPool", "CiliumNode"]),
    (
        "crd.projectcalico.org",
        &["BGPConfiguration", "BGPPeer", "FelixConfiguration", "GlobalNetworkPolicy", "IPPool"],
    ),
    ("karpenter.sh", &["NodeClaim", "NodePool"]),
    ("karpenter.k8s.aws", &["EC2NodeClass"]),
    ("kyverno.io", &["GlobalContextEntry"]),
    ("operator.tigera.io", &["APIServer", "Installation"]),
];

/// Groups that have namespaced kinds whose names begin with `Cluster`.
const NAMESPACED_CLUSTERS: &[&str] = &["cluster.x-k8s.io", "addons.cluster.x-k8s.io", "operators.coreos.com"];

/// The scopes of the custom resources that the same component defines.
#[derive(Debug, Default)]
pub struct Definitions(BTreeMap<(String, String), Scope>);

impl Definitions {
    /// The scopes that CustomResourceDefinitions among these documents give.
    pub fn of<'a>(documents: impl Iterator<Item = &'a Map<String, Value>>) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
        Self(
            documents
                .filter(|fields| text(fields.get("kind")) == "CustomResourceDefinition")
                .filter_map(|fields| {
                    let spec = fields.get("spec")?;
                    let kind = text(spec.get("names").and_then(|names| names.get("kind")));
                    let scope =
                        if text(spec.get("scope")) == "Cluster" { Scope::Cluster } else { Scope::Namespaced };
                    Some(((text(spec.get("group")), kind), scope))
                })
                .collect(),
        )
    }

    /// What a kind belongs to, as far as it is known. Unknown kinds belong to a namespace, unless their name begins
    /// with `Cluster` as those of the cluster do.
    pub fn scope(&self, group: &str, kind: &str, has_namespace: bool) -> Scope {
        if let Some(scope) = self.0.get(&(group.to_owned(), kind.to_owned())) {
            return *scope;
        }
        if let Some((_, kinds)) = CLUSTER.iter().find(|(known, _)| *known == group)
            && kinds.contains(&kind)
        {
            return Scope::Cluster;
        }
        let named = kind
            .strip_prefix("Cluster")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        if named && !has_namespace && !NAMESPACED_CLUSTERS.contains(&group) {
            return Scope::Cluster;
        }
        Scope::Namespaced
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn scopes_of_built_in_kinds_and_custom_resources() {
        let none = Definitions::default();
        let cases = [
            ("", "Namespace", Scope::Cluster),
            ("", "ConfigMap", Scope::Namespaced),
            ("rbac.authorization.k8s.io", "ClusterRole", Scope::Cluster),
            ("cert-manager.io", "ClusterIssuer", Scope::Cluster),
            ("cert-manager.io", "Issuer", Scope::Namespaced),
            ("postgresql.cnpg.io", "Cluster", Scope::Namespaced),
            ("operators.coreos.com", "ClusterServiceVersion", Scope::Namespaced),
            ("example.org", "StorageClass", Scope::Namespaced),
        ];
        for (group, kind, scope) in cases {
            assert_eq!(none.scope(group, kind, false), scope, "{group}/{kind}");
        }
    }

    #[test]
    fn a_definition_beside_the_resource_decides() {
        let crd = json!({"kind": "CustomResourceDefinition", "spec": {"group": "example.org", "scope": "Cluster", "names": {"kind": "Widget"}}});
        let definitions = Definitions::of(crd.as_object().into_iter());
        assert_eq!(definitions.scope("example.org", "Widget", true), Scope::Cluster);
        assert_eq!(definitions.scope("example.com", "Widget", true), Scope::Namespaced);
    }
}
