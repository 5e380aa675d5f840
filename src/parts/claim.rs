//! PersistentVolumeClaims.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    PersistentVolumeClaim, PersistentVolumeClaimSpec, VolumeResourceRequirements,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::named;
use crate::kube::Object;
use crate::language::component::volume::{Access, Volume};
use crate::language::value::Quantity;
use crate::plan::{Site, claim_name};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;

/// The claim as an object of its own. Data outlives mistakes: unless `[argocd] deletion` is `cascade`, Argo CD asks
/// before it deletes the claim, or never does.
pub fn object(
    volume_name: &str,
    volume: &Volume,
    size: &Spanned<Quantity>,
    site: &Site,
    report: &mut Report,
) -> Option<Object> {
    Some(Object::from(PersistentVolumeClaim {
        metadata: named(claim_name(site.place().component, volume_name)),
        spec: Some(spec(volume_name, volume, size, site, report)?),
        status: None,
    }))
}

/// The claim as a template of a StatefulSet.
pub fn template(
    volume_name: &str,
    volume: &Volume,
    size: &Spanned<Quantity>,
    site: &Site,
    report: &mut Report,
) -> Option<PersistentVolumeClaim> {
    Some(PersistentVolumeClaim {
        metadata: ObjectMeta { labels: Some(site.place().selector()), ..named(volume_name) },
        spec: Some(spec(volume_name, volume, size, site, report)?),
        status: None,
    })
}

fn spec(
    name: &str,
    volume: &Volume,
    size: &Spanned<Quantity>,
    site: &Site,
    report: &mut Report,
) -> Option<PersistentVolumeClaimSpec> {
    let storage = &site.deployment.cluster.storage;
    let (mode, default) = match volume.access {
        Access::One => ("ReadWriteOnce", &storage.block),
        Access::Pod => ("ReadWriteOncePod", &storage.block),
        Access::Shared => ("ReadWriteMany", &storage.shared),
    };
    let class = volume.class.as_ref().or(default.as_ref()).map(|class| class.value.to_string());
    if class.is_none() && volume.access == Access::Shared {
        let deployment = site.deployment;
        report.add(
            Diagnostic::new(
                Code::MissingFact,
                volume.span,
                format!(
                    "the cluster `{}` has no storage class for the shared volume `{name}`",
                    deployment.cluster_name
                ),
            )
            .because(deployment.cluster.span, "this cluster has no `storage.shared`")
            .help("set `storage.shared` on the cluster, or `class` on the volume"),
        );
        return None;
    }
    if size.value.is_zero() || size.value.is_negative() {
        report.add(Diagnostic::new(Code::InvalidValue, size.span, "a volume has a size above zero"));
        return None;
    }
    Some(PersistentVolumeClaimSpec {
        access_modes: Some(vec![mode.to_owned()]),
        resources: Some(VolumeResourceRequirements {
            requests: Some(BTreeMap::from([("storage".to_owned(), Amount(size.value.to_string()))])),
            limits: None,
        }),
        storage_class_name: class,
        ..PersistentVolumeClaimSpec::default()
    })
}
