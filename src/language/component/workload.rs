//! The fields that all workload kinds share: what makes a pod.

use std::collections::BTreeMap;

use super::common::Common;
use super::container::Container;
use super::health::Health;
use super::identity::Identity;
use super::metrics::Metrics;
use super::network::Network;
use super::scheduling::Scheduling;
use super::secret::SecretSource;
use super::security::Security;
use super::volume::{Mount, Volume};
use crate::language::value::{Duration, Name, Port, PortName};
use crate::table;

table! {
    /// What makes a pod.
    pub struct Workload {
        /// Secrets from the cluster's store.
        secrets: BTreeMap<Name, SecretSource>,
        /// Volumes.
        volumes: BTreeMap<Name, Volume>,
        /// How Kubernetes learns whether the pods are well.
        health: Option<Health>,
        /// Privileges.
        security: Option<Security>,
        /// The ServiceAccount.
        identity: Option<Identity>,
        /// What Prometheus scrapes.
        metrics: Option<Metrics>,
        /// More ports, by name.
        ports: BTreeMap<PortName, Port>,
        /// Containers beside the main one.
        sidecars: BTreeMap<Name, Sidecar>,
        /// Containers that run to their end before the main one starts.
        init: BTreeMap<Name, InitStep>,
        /// Where the pods run.
        scheduling: Option<Scheduling>,
        /// Traffic beyond what references, routes and scrapes let through.
        network: Option<Network>,
        /// Secrets in the namespace that hold credentials for the image registry.
        pull_secrets: Vec<Name>,
        /// How long a pod may take to stop. Default: Kubernetes' 30 s.
        stop_within: Option<Duration>,
        ..container: Container,
        ..common: Common,
    }
}

table! {
    /// A container beside the main one.
    pub struct Sidecar {
        /// Its ports, by name.
        ports: BTreeMap<PortName, Port>,
        /// Volumes of the component, and where it mounts them.
        mounts: BTreeMap<Name, Mount>,
        /// How Kubernetes learns whether it is well.
        health: Option<Health>,
        /// What Prometheus scrapes of it.
        metrics: Option<Metrics>,
        ..container: Container,
    }
}

table! {
    /// A container that runs to its end before the main one starts.
    pub struct InitStep {
        /// Steps run in this order, then by name.
        order: i64 = 0,
        /// Volumes of the component, and where it mounts them.
        mounts: BTreeMap<Name, Mount>,
        ..container: Container,
    }
}
