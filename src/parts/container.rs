//! One container of a pod.

use k8s_openapi::api::core::v1::{Container as KubeContainer, VolumeMount};

use super::{environment, ports, probes, resources, security, volumes};
use crate::language::component::container::Container;
use crate::language::component::health::Health;
use crate::language::component::workload::Workload;
use crate::plan::Site;
use crate::report::Report;
use crate::source::Span;

/// What a container is made of.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it runs.
    pub fields: &'a Container,
    /// How Kubernetes learns whether it is well.
    pub health: Option<&'a Health>,
    /// Which ports of the pod it opens.
    pub opens: Opens<'a>,
}

/// Which ports of a pod a container opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opens<'a> {
    /// Those of the main container.
    Main,
    /// Those of a sidecar.
    Sidecar(&'a str),
    /// None.
    Nothing,
}

/// The container.
pub fn container(
    source: Source,
    workload: &Workload,
    ports: &ports::Ports,
    mounts: Vec<(VolumeMount, Span)>,
    site: &Site,
    report: &mut Report,
) -> KubeContainer {
    let Source { name, fields, health, opens } = source;
    let sidecar = match opens {
        Opens::Sidecar(name) => Some(name),
        Opens::Main | Opens::Nothing => None,
    };
    let probes = health.map(|health| probes::probes(health, ports, sidecar, report)).unwrap_or_default();
    let words = |words: &[String]| {
        // The kubelet expands `$(NAME)` here just as in variables.
        let expand = |word: &String| environment::expand(word, |name| fields.env.contains_key(name)).0;
        (!words.is_empty()).then(|| words.iter().map(expand).collect::<Vec<_>>())
    };
    KubeContainer {
        name: name.to_owned(),
        image: Some(fields.image.value.to_string()),
        image_pull_policy: fields.image_pull.map(|policy| policy.word().to_owned()),
        command: words(&fields.command),
        args: words(&fields.args),
        working_dir: fields.working_dir.as_ref().map(ToString::to_string),
        env: environment::variables(&fields.env, &workload.secrets, site, report),
        ports: match opens {
            Opens::Nothing => None,
            Opens::Main | Opens::Sidecar(_) => ports.container(sidecar),
        },
        volume_mounts: volumes::distinct(mounts, report),
        resources: fields.resources.as_ref().map(|fields| resources::requirements(fields, report)),
        security_context: Some(security::container(
            workload.security.as_ref(),
            fields.container_security.as_ref(),
        )),
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        ..KubeContainer::default()
    }
}
