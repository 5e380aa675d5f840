//! What Kubernetes' own types say of an object that somebody wrote or patched: fields that are not theirs, and
//! values of another type. Kinds that Kubernetes does not bring itself are not known here.

use k8s_openapi::api::apps::v1::DaemonSet;
use k8s_openapi::api::core::v1::{LimitRange, PersistentVolume, Pod, ResourceQuota};
use k8s_openapi::api::networking::v1::IngressClass;
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding};
use k8s_openapi::api::scheduling::v1::PriorityClass;
use k8s_openapi::api::storage::v1::StorageClass;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::*;

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Where it is, such as `spec.template.spec.containers[0].image`.
    pub path: String,
    /// What is wrong, as a phrase about it.
    pub reason: String,
}

macro_rules! known {
    ($api_version:expr, $kind:expr, $value:expr; $($type:ty),* $(,)?) => {
        match ($api_version, $kind) {
            $( (<$type as Resource>::API_VERSION, <$type as Resource>::KIND) => wrong_in::<$type>($value), )*
            _ => Vec::new(),
        }
    };
}

/// The wrong fields of an object: all that do not exist, or else the first whose type is another one.
pub fn wrong_fields(api_version: &str, kind: &str, value: &Value) -> Vec<WrongField> {
    known!(api_version, kind, value;
        ClusterRole, ClusterRoleBinding, ConfigMap, CronJob, DaemonSet, Deployment, HorizontalPodAutoscaler, Ingress,
        IngressClass, Job, LimitRange, Namespace, NetworkPolicy, PersistentVolume, PersistentVolumeClaim, Pod,
        PodDisruptionBudget, PriorityClass, ResourceQuota, Role, RoleBinding, Secret, Service, ServiceAccount,
        StatefulSet, StorageClass,
    )
}

fn wrong_in<T: Serialize + DeserializeOwned>(value: &Value) -> Vec<WrongField> {
    match serde_path_to_error::deserialize::<_, T>(value) {
        Ok(read) => {
            let mut wrong = Vec::new();
            // What the type does not know is not there when it is written again.
            if let Ok(known) = serde_json::to_value(&read) {
                unknown(value, &known, "", &mut wrong);
            }
            wrong
        }
        Err(error) => {
            let reason = error.inner().to_string();
            vec![WrongField { path: error.path().to_string(), reason: format!("has an {reason}") }]
        }
    }
}

fn unknown(value: &Value, known: &Value, path: &str, wrong: &mut Vec<WrongField>) {
    match (value, known) {
        (Value::Object(fields), Value::Object(known)) => {
            for (key, value) in fields.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match known.get(key) {
                    Some(known) => unknown(value, known, &path, wrong),
                    None => wrong.push(WrongField { path, reason: "is no field of this kind".to_owned() }),
                }
            }
        }
        (Value::Array(items), Value::Array(known)) => {
            for (index, (item, known)) in items.iter().zip(known).enumerate() {
                unknown(item, known, &format!("{path}[{index}]"), wrong);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(api_version: &str, kind: &str, value: Value) -> Vec<String> {
        wrong_fields(api_version, kind, &value)
            .into_iter()
            .map(|field| format!("{} {}", field.path, field.reason))
            .collect()
    }

    #[test]
    fn fields_that_do_not_exist_are_all_named() {
        let pod = json!({ "containers": [{ "name": "x", "imge": "a" }], "nodename": "n" });
        assert_eq!(
            wrong("apps/v1", "Deployment", json!({ "spec": { "template": { "spec": pod } } })),
            [
                "spec.template.spec.containers[0].imge is no field of this kind",
                "spec.template.spec.nodename is no field of this kind"
            ]
        );
    }

    #[test]
    fn a_value_of_another_type_is_named() {
        assert_eq!(
            wrong("apps/v1", "Deployment", json!({ "spec": { "replicas": "three" } })),
            ["spec.replicas has an invalid type: string \"three\", expected i32"]
        );
        assert_eq!(
            wrong("v1", "ConfigMap", json!({ "data": { "a": 1 } })),
            ["data.a has an invalid type: integer `1`, expected a string"]
        );
    }

    #[test]
    fn what_is_right_or_of_an_unknown_kind_passes() {
        let claim =
            json!({ "spec": { "resources": { "requests": { "storage": "1Gi" } }, "accessModes": [] } });
        assert_eq!(wrong("v1", "PersistentVolumeClaim", claim), [""; 0]);
        let ports = json!({ "spec": { "ports": [{ "port": 80, "targetPort": "web" }, { "port": 81, "targetPort": 81 }] } });
        assert_eq!(wrong("v1", "Service", ports), [""; 0]);
        assert_eq!(wrong("example.org/v1", "Deployment", json!({ "spec": { "replicas": "x" } })), [""; 0]);
    }
}
