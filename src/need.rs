//! What an object needs of its cluster: API groups and classes that somebody has to provide.

use k8s_openapi::api::core::v1::PersistentVolumeClaimSpec;
use serde_json::Value;

use crate::kube::{Body, Object};

/// The API groups of Kubernetes itself (k8s.io/api).
const BUILT_IN: &[&str] = &[
    "",
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// Whether an API group is part of Kubernetes itself.
pub fn is_built_in(group: &str) -> bool {
    BUILT_IN.contains(&group)
}

/// The capabilities an object needs, as they are written under `provides`.
pub fn capabilities(object: &Object) -> Vec<String> {
    let mut needed = Vec::new();
    if !is_built_in(object.group()) {
        needed.push(object.group().to_owned());
    }
    let mut class = |word: &str, name: Option<&String>| {
        // An empty class means: none at all.
        needed.extend(name.filter(|name| !name.is_empty()).map(|name| format!("{word}/{name}")));
    };
    let storage =
        |claim: Option<&PersistentVolumeClaimSpec>| claim.and_then(|spec| spec.storage_class_name.clone());
    match &object.body {
        Body::PersistentVolumeClaim(claim) => class("storageclass", storage(claim.spec.as_ref()).as_ref()),
        Body::StatefulSet(set) => {
            let templates = set.spec.volume_claim_templates.iter().flatten();
            for template in templates {
                class("storageclass", storage(template.spec.as_ref()).as_ref());
            }
        }
        Body::Ingress(ingress) => {
            class("ingressclass", ingress.spec.as_ref().and_then(|spec| spec.ingress_class_name.as_ref()));
        }
        Body::PostgresCluster(_) | Body::Raw(_) => {
            let value = serde_json::to_value(object).unwrap_or_default();
            for pointer in pointers(object.kind()) {
                if let Some(Value::String(name)) = value.pointer(pointer.1) {
                    class(pointer.0, Some(name));
                }
            }
        }
        _ => {}
    }
    needed.sort();
    needed.dedup();
    needed
}

/// Where a kind names classes, as JSON pointers.
fn pointers(kind: &str) -> &'static [(&'static str, &'static str)] {
    match kind {
        "PersistentVolumeClaim" => &[("storageclass", "/spec/storageClassName")],
        "StatefulSet" => &[("storageclass", "/spec/volumeClaimTemplates/0/spec/storageClassName")],
        "Ingress" => &[("ingressclass", "/spec/ingressClassName")],
        "Cluster" => &[
            ("storageclass", "/spec/storage/storageClass"),
            ("storageclass", "/spec/walStorage/storageClass"),
        ],
        _ => &[],
    }
}

/// The capability that an object is itself, for those who need it: a class, or the group of a new kind.
pub fn provided(object: &Object) -> Option<String> {
    let word = match (object.group(), object.kind()) {
        ("storage.k8s.io", "StorageClass") => "storageclass",
        ("networking.k8s.io", "IngressClass") => "ingressclass",
        ("apiextensions.k8s.io", "CustomResourceDefinition") => {
            let Body::Raw(raw) = &object.body else { return None };
            let group = raw.fields.get("spec").and_then(|spec| spec.get("group"));
            return group.and_then(Value::as_str).map(ToOwned::to_owned);
        }
        _ => return None,
    };
    Some(format!("{word}/{}", object.name()))
}
