//! The custom resources that kiln writes, as small structs: only the fields it uses, named as in the CRDs.

pub mod argocd;
pub mod barman_cloud;
pub mod cloudnative_pg;
pub mod external_secrets;
pub mod monitoring;

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::PodTemplateSpec;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

pub use argocd::{AppProject, Application};
pub use barman_cloud::ObjectStore;
pub use cloudnative_pg::{Pooler, PostgresCluster, ScheduledBackup};
pub use external_secrets::ExternalSecret;
pub use monitoring::{AlertmanagerConfig, PodMonitor, PrometheusRule, ServiceMonitor};

/// Whether a field is left out: what is not set, and what is empty.
pub trait Absent {
    /// Whether it is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

impl<T> Absent for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T> Absent for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl<K, V> Absent for BTreeMap<K, V> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

impl Absent for String {}
impl Absent for &'static str {}
impl Absent for bool {}
impl Absent for i32 {}
impl Absent for LabelSelector {}
impl Absent for PodTemplateSpec {}

/// Declares parts of custom resources: camelCase keys, absent fields left out.
macro_rules! parts {
    ($(
        $(#[$meta:meta])*
        $name:ident {
            $( $(#[$field_meta:meta])* $field:ident: $type:ty, )*
        }
    )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            $(
                $(#[$field_meta])*
                #[serde(skip_serializing_if = "crate::kube::custom::Absent::is_absent")]
                pub $field: $type,
            )*
        }

        impl $crate::kube::custom::Absent for $name {}
    )* };
}

/// Declares a custom resource: what `k8s_openapi` gives its own types.
macro_rules! resource {
    (
        $(#[$meta:meta])*
        $name:ident = $group:literal $version:literal $kind:literal $plural:literal, spec: $spec:ty
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $name {
            /// Name, namespace, labels and annotations.
            pub metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
            /// What is wanted.
            pub spec: $spec,
        }

        impl k8s_openapi::Resource for $name {
            const API_VERSION: &'static str = concat!($group, "/", $version);
            const GROUP: &'static str = $group;
            const KIND: &'static str = $kind;
            const VERSION: &'static str = $version;
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = k8s_openapi::NamespaceResourceScope;
        }

        impl k8s_openapi::Metadata for $name {
            type Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

            fn metadata(&self) -> &Self::Ty {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Ty {
                &mut self.metadata
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;
                let mut fields = serializer.serialize_struct($kind, 4)?;
                fields.serialize_field("apiVersion", <Self as k8s_openapi::Resource>::API_VERSION)?;
                fields.serialize_field("kind", $kind)?;
                fields.serialize_field("metadata", &self.metadata)?;
                fields.serialize_field("spec", &self.spec)?;
                fields.end()
            }
        }
    };
}

use {parts, resource};

parts! {
    /// An object of the same namespace, by name.
    LocalName {
        /// The name.
        name: String,
    }

    /// A key of a Secret or ConfigMap of the same namespace.
    KeyOf {
        /// The name of the Secret or ConfigMap.
        name: String,
        /// The key in it.
        key: String,
    }

    /// Labels and annotations that an operator puts on what it makes.
    Marks {
        /// Labels.
        labels: BTreeMap<String, String>,
        /// Annotations.
        annotations: BTreeMap<String, String>,
    }
}

#[cfg(test)]
mod tests {
    use super::external_secrets::{Data, ExternalSecretSpec, RemoteRef};
    use super::*;

    #[test]
    fn empty_fields_are_left_out_and_the_type_comes_first() {
        let secret = ExternalSecret {
            metadata: Default::default(),
            spec: ExternalSecretSpec {
                data: vec![Data {
                    secret_key: "dsn".to_owned(),
                    remote_ref: RemoteRef { key: "prod/dsn".to_owned(), ..RemoteRef::default() },
                }],
                ..ExternalSecretSpec::default()
            },
        };
        let text = serde_json::to_string(&secret).unwrap();
        assert_eq!(
            text,
            r#"{"apiVersion":"external-secrets.io/v1","kind":"ExternalSecret","metadata":{},"spec":{"data":[{"secretKey":"dsn","remoteRef":{"conversionStrategy":"Default","decodingStrategy":"None","key":"prod/dsn","metadataPolicy":"None","nullBytePolicy":"Ignore"}}]}}"#
        );
    }

    #[test]
    fn an_empty_table_that_means_something_stays() {
        let policy =
            argocd::SyncPolicy { automated: Some(argocd::Automated::default()), ..Default::default() };
        assert_eq!(serde_json::to_string(&policy).unwrap(), r#"{"automated":{}}"#);
    }
}
