//! The volumes of a pod, and where its containers mount them.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{
    EmptyDirVolumeSource, KeyToPath, PersistentVolumeClaim, PersistentVolumeClaimVolumeSource,
    SecretVolumeSource, Volume as KubeVolume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;

use super::{claim, external_secret};
use crate::kube::Object;
use crate::language::component::volume::{Access, Mount, Volume};
use crate::language::component::workload::Workload;
use crate::language::value::{Name, RelativePath};
use crate::plan::{OutputValue, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// Where a volume with a `size` gets its claim from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claims {
    /// One claim for all pods.
    Shared,
    /// A StatefulSet makes one for each pod.
    PerPod,
}

/// The volumes of a component.
#[derive(Debug, Default)]
pub struct Volumes {
    /// The claims, as objects.
    pub objects: Vec<Object>,
    /// The claims, as templates of a StatefulSet.
    pub templates: Vec<PersistentVolumeClaim>,
    sources: BTreeMap<String, KubeVolume>,
    used: BTreeSet<String>,
}

impl Volumes {
    /// The volumes that the component declares.
    pub fn of(workload: &Workload, claims: Claims, site: &Site, report: &mut Report) -> Self {
        let mut volumes = Self::default();
        for (name, volume) in &workload.volumes {
            volumes.add(name, volume, workload, claims, site, report);
        }
        volumes
    }

    fn add(
        &mut self,
        name: &Name,
        volume: &Volume,
        workload: &Workload,
        claims: Claims,
        site: &Site,
        report: &mut Report,
    ) {
        check(name, volume, report);
        let mut source = KubeVolume { name: name.to_string(), ..KubeVolume::default() };
        match (&volume.size, &volume.scratch, &volume.volume, &volume.secret) {
            (Some(size), None, None, None) if claims == Claims::PerPod => {
                self.templates.extend(claim::template(name.as_str(), volume, size, site, report));
                return;
            }
            (Some(size), None, None, None) => {
                let object = claim::object(name.as_str(), volume, size, site, report);
                source.persistent_volume_claim = object.as_ref().map(|object| claimed(object.name(), volume));
                self.objects.extend(object);
            }
            (None, Some(scratch), None, None) => {
                source.empty_dir = Some(EmptyDirVolumeSource {
                    medium: volume.memory.then(|| "Memory".to_owned()),
                    size_limit: Some(Amount(scratch.value.to_string())),
                    ..EmptyDirVolumeSource::default()
                });
            }
            (None, None, Some(reference), None) => {
                let Some(link) = site.link(&reference.0.target) else { return };
                let Some(OutputValue::Claim(claim)) = link.output.as_ref().map(|output| &output.value) else {
                    return;
                };
                source.persistent_volume_claim = Some(claimed(claim, volume));
            }
            (None, None, None, Some(secret)) => {
                if !external_secret::declared(secret, &workload.secrets, report) {
                    return;
                }
                source.secret = Some(SecretVolumeSource {
                    secret_name: Some(external_secret::name(site.place().component)),
                    items: Some(vec![KeyToPath {
                        key: secret.value.to_string(),
                        path: secret.value.to_string(),
                        ..KeyToPath::default()
                    }]),
                    ..SecretVolumeSource::default()
                });
            }
            _ => return,
        }
        self.sources.insert(name.to_string(), source);
    }

    /// What the main container mounts.
    pub fn main(&mut self, workload: &Workload) -> Vec<(VolumeMount, Span)> {
        let mut mounts = Vec::new();
        for (name, volume) in &workload.volumes {
            if let Some(path) = &volume.mount {
                self.used.insert(name.to_string());
                mounts.push((
                    mount(name, path.value.as_str(), volume.sub_path.as_ref(), volume.read_only),
                    path.span,
                ));
            }
        }
        mounts
    }

    /// What a sidecar or init step mounts.
    pub fn beside(
        &mut self,
        mounts: &BTreeMap<Name, Mount>,
        workload: &Workload,
        report: &mut Report,
    ) -> Vec<(VolumeMount, Span)> {
        let mut made = Vec::new();
        for (name, wanted) in mounts {
            if !workload.volumes.contains_key(name) {
                report.add(
                    Diagnostic::new(
                        Code::UnknownVolume,
                        wanted.span,
                        format!("the component has no volume `{name}`"),
                    )
                    .nearest(name.as_str(), workload.volumes.keys().map(Name::as_str)),
                );
                continue;
            }
            self.used.insert(name.to_string());
            made.push((
                mount(name, wanted.path.as_str(), wanted.sub_path.as_ref(), wanted.read_only),
                wanted.span,
            ));
        }
        made
    }

    /// The volumes of the pod: those that a container mounts. The templates of a StatefulSet are none of them.
    pub fn mounted(&self) -> Vec<KubeVolume> {
        self.used.iter().filter_map(|name| self.sources.get(name)).cloned().collect()
    }
}

/// Whether a pod of the component has a claim that only one node can mount.
pub fn holds_node(workload: &Workload) -> bool {
    workload.volumes.values().any(|volume| volume.size.is_some() && volume.access != Access::Shared)
}

/// The mounts of one container, without two at the same path.
pub fn distinct(mounts: Vec<(VolumeMount, Span)>, report: &mut Report) -> Option<Vec<VolumeMount>> {
    let mut places: BTreeMap<String, Span> = BTreeMap::new();
    let mut made = Vec::new();
    for (mount, span) in mounts {
        match places.get(&mount.mount_path) {
            Some(other) => report.add(
                Diagnostic::new(
                    Code::ConflictingFields,
                    span,
                    format!("two things are mounted at `{}`", mount.mount_path),
                )
                .because(*other, "conflicts with this"),
            ),
            None => {
                places.insert(mount.mount_path.clone(), span);
                made.push(mount);
            }
        }
    }
    made.sort_by(|a, b| a.mount_path.cmp(&b.mount_path));
    (!made.is_empty()).then_some(made)
}

fn claimed(claim: &str, volume: &Volume) -> PersistentVolumeClaimVolumeSource {
    PersistentVolumeClaimVolumeSource {
        claim_name: claim.to_owned(),
        read_only: (volume.read_only && volume.volume.is_some()).then_some(true),
    }
}

fn mount(name: &Name, path: &str, sub_path: Option<&RelativePath>, read_only: bool) -> VolumeMount {
    VolumeMount {
        name: name.to_string(),
        mount_path: path.to_owned(),
        sub_path: sub_path.map(ToString::to_string),
        read_only: read_only.then_some(true),
        ..VolumeMount::default()
    }
}

fn check(name: &Name, volume: &Volume, report: &mut Report) {
    let sources =
        [volume.size.is_some(), volume.scratch.is_some(), volume.volume.is_some(), volume.secret.is_some()];
    let problem = match sources.iter().filter(|present| **present).count() {
        0 => Some((Code::MissingField, format!("it is not said what the volume `{name}` is"))),
        1 => None,
        _ => Some((Code::ConflictingFields, format!("the volume `{name}` is more than one thing"))),
    };
    if let Some((code, message)) = problem {
        let help = "set exactly one of `size`, `scratch`, `volume` and `secret`";
        report.add(Diagnostic::new(code, volume.span, message).help(help));
    }
    if volume.memory && volume.scratch.is_none() {
        report.add(Diagnostic::new(
            Code::ConflictingFields,
            volume.span,
            format!("only scratch space can be in memory, and the volume `{name}` is none"),
        ));
    }
    if let Some(class) = &volume.class
        && volume.size.is_none()
    {
        report.add(Diagnostic::new(
            Code::ConflictingFields,
            class.span,
            format!("only a volume with a `size` has a class, and `{name}` has none"),
        ));
    }
}
