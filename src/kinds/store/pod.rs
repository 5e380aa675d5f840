//! Pieces of pods that keep data; they satisfy the *restricted* Pod Security Standard.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Capabilities, EmptyDirVolumeSource, EnvVar, EnvVarSource, ExecAction, PersistentVolumeClaim,
    PersistentVolumeClaimSpec, PodSecurityContext, Probe, ResourceRequirements, SeccompProfile,
    SecretKeySelector, SecurityContext, Toleration, TopologySpreadConstraint, Volume, VolumeMount,
    VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use crate::language::component::resources::Resources;
use crate::language::component::scheduling::{Scheduling, Spread};
use crate::language::value::{self, DnsSubdomain};
use crate::plan::Site;
use crate::source::Spanned;

use super::{Labels, named, selector};

/// CPU and memory as Kubernetes has them: memory and local storage are limited to what is requested.
pub fn requirements(resources: &Resources) -> ResourceRequirements {
    let requests = [
        ("cpu", resources.cpu.as_ref()),
        ("ephemeral-storage", resources.ephemeral_storage.as_ref()),
        ("memory", resources.memory.as_ref()),
    ];
    let limits = [
        ("cpu", resources.cpu_limit.as_ref()),
        ("ephemeral-storage", resources.ephemeral_storage.as_ref()),
        ("memory", resources.memory_limit.as_ref().or(resources.memory.as_ref())),
    ];
    ResourceRequirements { claims: None, limits: amounts(limits), requests: amounts(requests) }
}

fn amounts(amounts: [(&str, Option<&Spanned<value::Quantity>>); 3]) -> Option<BTreeMap<String, Quantity>> {
    let amounts: BTreeMap<String, Quantity> = amounts
        .into_iter()
        .filter_map(|(name, amount)| Some((name.to_owned(), Quantity(amount?.value.to_string()))))
        .collect();
    (!amounts.is_empty()).then_some(amounts)
}

/// Small requests for a helper container beside the main one.
pub fn helper_resources() -> ResourceRequirements {
    let quantity = |text: &str| Quantity(text.to_owned());
    ResourceRequirements {
        claims: None,
        limits: Some(BTreeMap::from([("memory".to_owned(), quantity("64Mi"))])),
        requests: Some(BTreeMap::from([
            ("cpu".to_owned(), quantity("10m")),
            ("memory".to_owned(), quantity("64Mi")),
        ])),
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
    SecurityContext {
        allow_privilege_escalation: Some(false),
        read_only_root_filesystem: Some(true),
        capabilities: Some(Capabilities { drop: Some(vec!["ALL".to_owned()]), add: None }),
        ..SecurityContext::default()
    }
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
    let Some(scheduling) = scheduling else { return Vec::new() };
    let one = |toleration: &crate::language::component::scheduling::Toleration| Toleration {
        key: toleration.key.as_ref().map(ToString::to_string),
        operator: toleration.value.is_none().then(|| "Exists".to_owned()),
        value: toleration.value.as_ref().map(ToString::to_string),
        effect: toleration.effect.map(|effect| effect.word().to_owned()),
        toleration_seconds: None,
    };
    scheduling.tolerations.values().map(one).collect()
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
