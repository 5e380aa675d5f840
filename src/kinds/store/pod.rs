//! Pieces of pods that keep data; they satisfy the *restricted* Pod Security Standard.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    EmptyDirVolumeSource, EnvVar, EnvVarSource, ExecAction, PersistentVolumeClaim, PersistentVolumeClaimSpec,
    PodSecurityContext, Probe, ResourceRequirements, SeccompProfile, SecretKeySelector, SecurityContext,
    Toleration, TopologySpreadConstraint, Volume, VolumeMount, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::language::component::scheduling::{Scheduling, Spread};
use crate::language::value::{self, DnsSubdomain};
use crate::parts::{self, named};
use crate::plan::Site;

use super::{Labels, selector};

/// Requests for a container beside the one that keeps the data.
pub fn small(cpu: &str, memory: &str) -> ResourceRequirements {
    let quantity = |name: &str, text: &str| (name.to_owned(), Quantity(text.to_owned()));
    ResourceRequirements {
        claims: None,
        limits: Some(BTreeMap::from([quantity("memory", memory)])),
        requests: Some(BTreeMap::from([quantity("cpu", cpu), quantity("memory", memory)])),
    }
}

/// The privileges of a pod that runs as this user and group.
pub fn pod_security(user: i64, group: i64) -> PodSecurityContext {
    PodSecurityContext {
        run_as_non_root: Some(true),
        run_as_user: Some(user),
        run_as_group: Some(group),
        fs_group: Some(group),
        // Changing the owner of every file at every start takes minutes on large volumes.
        fs_group_change_policy: Some("OnRootMismatch".to_owned()),
        seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
        ..PodSecurityContext::default()
    }
}

/// No privileges, and no writing to the image.
pub fn container_security() -> SecurityContext {
    parts::security::container(None, None)
}

/// The claim of each pod of a StatefulSet.
pub fn claim(size: value::Quantity, class: Option<&DnsSubdomain>, site: &Site) -> PersistentVolumeClaim {
    PersistentVolumeClaim {
        metadata: named("data"),
        spec: Some(PersistentVolumeClaimSpec {
            access_modes: Some(vec!["ReadWriteOnce".to_owned()]),
            storage_class_name: storage_class(class, site),
            resources: Some(VolumeResourceRequirements {
                requests: Some(BTreeMap::from([("storage".to_owned(), Quantity(size.to_string()))])),
                limits: None,
            }),
            ..PersistentVolumeClaimSpec::default()
        }),
        ..PersistentVolumeClaim::default()
    }
}

/// The storage class that is named, or the cluster's for one node.
pub fn storage_class(class: Option<&DnsSubdomain>, site: &Site) -> Option<String> {
    let block = site.deployment.cluster.storage.block.as_ref().map(|block| &block.value);
    class.or(block).map(ToString::to_string)
}

/// Scratch space.
pub fn scratch(name: &str) -> Volume {
    Volume { name: name.to_owned(), empty_dir: Some(EmptyDirVolumeSource::default()), ..Volume::default() }
}

/// A volume in a folder.
pub fn mount(name: &str, path: &str) -> VolumeMount {
    VolumeMount { name: name.to_owned(), mount_path: path.to_owned(), ..VolumeMount::default() }
}

/// An environment variable.
pub fn env(name: &str, value: impl Into<String>) -> EnvVar {
    EnvVar { name: name.to_owned(), value: Some(value.into()), value_from: None }
}

/// An environment variable from a key of a Secret.
pub fn secret_env(name: &str, secret: &str, key: &str) -> EnvVar {
    let source = SecretKeySelector { name: secret.to_owned(), key: key.to_owned(), optional: None };
    let value_from = Some(EnvVarSource { secret_key_ref: Some(source), ..EnvVarSource::default() });
    EnvVar { name: name.to_owned(), value: None, value_from }
}

/// A probe that runs a command.
pub fn command_probe(command: &[&str]) -> Probe {
    let command = Some(command.iter().map(|word| (*word).to_owned()).collect());
    Probe { exec: Some(ExecAction { command }), ..Probe::default() }
}

/// The taints that are put up with.
pub fn tolerations(scheduling: Option<&Scheduling>) -> Vec<Toleration> {
    scheduling.and_then(parts::scheduling::tolerations).unwrap_or_default()
}

/// The labels a node must have.
pub fn node_selector(scheduling: Option<&Scheduling>) -> Labels {
    scheduling
        .into_iter()
        .flat_map(|scheduling| &scheduling.node_selector)
        .map(|(key, value)| (key.to_string(), value.to_string()))
        .collect()
}

/// The node label that replicas are spread over.
pub fn topology(scheduling: Option<&Scheduling>) -> Option<&'static str> {
    match scheduling.map_or(Spread::Host, |scheduling| scheduling.spread) {
        Spread::Host => Some("kubernetes.io/hostname"),
        Spread::Zone => Some("topology.kubernetes.io/zone"),
        Spread::None => None,
    }
}

/// Spreads these pods.
pub fn spread(scheduling: Option<&Scheduling>, pods: &Labels) -> Option<Vec<TopologySpreadConstraint>> {
    let required = scheduling.is_some_and(|scheduling| scheduling.spread_required);
    let constraint = TopologySpreadConstraint {
        max_skew: 1,
        topology_key: topology(scheduling)?.to_owned(),
        when_unsatisfiable: if required { "DoNotSchedule" } else { "ScheduleAnyway" }.to_owned(),
        label_selector: Some(selector(pods)),
        ..TopologySpreadConstraint::default()
    };
    Some(vec![constraint])
}
