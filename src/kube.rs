//! The Kubernetes vocabulary: objects, their identity and their metadata. Types without decisions.

pub mod custom;
pub mod fields;
pub mod implied;
pub mod ingress;
pub mod pod;

use std::fmt;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::batch::v1::{CronJob, Job};
use k8s_openapi::api::core::v1::{
    ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service, ServiceAccount,
};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use k8s_openapi::api::policy::v1::PodDisruptionBudget;
use k8s_openapi::api::rbac::v1::{Role, RoleBinding};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::{Metadata, Resource};
use serde::{Serialize, Serializer};
use serde_json::Value;

use custom::{
    AlertmanagerConfig, AppProject, Application, ExternalSecret, ObjectStore, PodMonitor, Pooler,
    PostgresCluster, PrometheusRule, ScheduledBackup, ServiceMonitor,
};

/// What a kind belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A namespace.
    Namespaced,
    /// The cluster.
    Cluster,
}

macro_rules! bodies {
    ($($variant:ident $scope:ident;)*) => {
        /// The content of an object.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Body {
            $(
                #[doc = concat!("A ", stringify!($variant), ".")]
                $variant(Box<$variant>),
            )*
            /// An object that users wrote or patched.
            Raw(Box<Raw>),
        }

        $(
            impl From<$variant> for Object {
                fn from(body: $variant) -> Self {
                    Self { body: Body::$variant(Box::new(body)), stage: Stage::Component }
                }
            }
        )*

        impl Object {
            /// `group/version`, or `v1`.
            pub fn api_version(&self) -> &str {
                match &self.body {
                    $( Body::$variant(_) => <$variant as Resource>::API_VERSION, )*
                    Body::Raw(raw) => &raw.api_version,
                }
            }

            /// The kind.
            pub fn kind(&self) -> &str {
                match &self.body {
                    $( Body::$variant(_) => <$variant as Resource>::KIND, )*
                    Body::Raw(raw) => &raw.kind,
                }
            }

            /// What the kind belongs to.
            pub fn scope(&self) -> Scope {
                match &self.body {
                    $( Body::$variant(_) => Scope::$scope, )*
                    Body::Raw(raw) => raw.scope,
                }
            }

            /// Name, namespace, labels and annotations.
            pub fn metadata(&self) -> &ObjectMeta {
                match &self.body {
                    $( Body::$variant(body) => body.metadata(), )*
                    Body::Raw(raw) => &raw.metadata,
                }
            }

            /// Name, namespace, labels and annotations.
            pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
                match &mut self.body {
                    $( Body::$variant(body) => body.metadata_mut(), )*
                    Body::Raw(raw) => &mut raw.metadata,
                }
            }
        }

        impl Serialize for Object {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match &self.body {
                    $( Body::$variant(body) => body.serialize(serializer), )*
                    Body::Raw(raw) => raw.serialize(serializer),
                }
            }
        }
    };
}

bodies! {
    Namespace Cluster;
    NetworkPolicy Namespaced;
    PodDisruptionBudget Namespaced;
    ServiceAccount Namespaced;
    Secret Namespaced;
    ConfigMap Namespaced;
    PersistentVolumeClaim Namespaced;
    Role Namespaced;
    RoleBinding Namespaced;
    Service Namespaced;
    Deployment Namespaced;
    HorizontalPodAutoscaler Namespaced;
    StatefulSet Namespaced;
    Job Namespaced;
    CronJob Namespaced;
    Ingress Namespaced;
    ExternalSecret Namespaced;
    PostgresCluster Namespaced;
    Pooler Namespaced;
    ScheduledBackup Namespaced;
    ObjectStore Namespaced;
    ServiceMonitor Namespaced;
    PodMonitor Namespaced;
    PrometheusRule Namespaced;
    AlertmanagerConfig Namespaced;
    Application Namespaced;
    AppProject Namespaced;
}

/// When an object is applied, relative to the component it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Before every component: namespaces, policies, external secrets.
    Foundation,
    /// In the wave of its component.
    Component,
    /// After every component: what only watches, such as monitors, rules and dashboards.
    Observer,
}

/// One Kubernetes object.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// Its content.
    pub body: Body,
    /// When it is applied.
    pub stage: Stage,
}

/// An object that users wrote, or that a patch has touched.
#[derive(Debug, Clone, PartialEq)]
pub struct Raw {
    /// `group/version`, or `v1`.
    pub api_version: String,
    /// The kind.
    pub kind: String,
    /// What the kind belongs to, as far as it is known: an unknown kind without a namespace counts as the cluster's.
    pub scope: Scope,
    /// Name, namespace, labels and annotations.
    pub metadata: ObjectMeta,
    /// Everything else.
    pub fields: serde_json::Map<String, Value>,
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("apiVersion", &self.api_version)?;
        map.serialize_entry("kind", &self.kind)?;
        map.serialize_entry("metadata", &self.metadata)?;
        for (key, value) in &self.fields {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// The identity of an object within a cluster; the API version is no part of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The API group; empty for the core group.
    pub group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; empty for objects of the cluster.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl Object {
    /// The same object, applied at another stage.
    #[must_use]
    pub fn at(mut self, stage: Stage) -> Self {
        self.stage = stage;
        self
    }

    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// The name; empty while none is set.
    pub fn name(&self) -> &str {
        self.metadata().name.as_deref().unwrap_or_default()
    }

    /// The identity.
    pub fn key(&self) -> Key {
        Key {
            group: self.group().to_owned(),
            kind: self.kind().to_owned(),
            namespace: match self.scope() {
                Scope::Namespaced => self.metadata().namespace.clone().unwrap_or_default(),
                Scope::Cluster => String::new(),
            },
            name: self.name().to_owned(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} `", self.kind)?;
        if !self.namespace.is_empty() {
            write!(formatter, "{}/", self.namespace)?;
        }
        write!(formatter, "{}`", self.name)
    }
}
