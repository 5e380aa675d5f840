//! Secrets that are fetched from the cluster's store.

use std::collections::BTreeMap;

use crate::kube::custom::external_secrets::{
    Data, ExternalSecret, ExternalSecretSpec, RemoteRef, StoreRef, Target, Template,
};
use crate::kube::{Object, Stage};
use crate::language::component::secret::SecretSource;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

use super::named;

/// Fetches keys into a Secret of this name; `None` when the cluster has no store, which is reported.
pub fn fetched(
    name: &str,
    keys: &BTreeMap<&str, &SecretSource>,
    template: Option<Template>,
    site: &Site,
    report: &mut Report,
) -> Option<Object> {
    let first = keys.values().next()?;
    let Some(store) = &site.deployment.cluster.secrets else {
        let cluster = site.deployment.cluster_name;
        report.add(
            Diagnostic::new(
                Code::MissingFact,
                first.span,
                format!("cluster `{cluster}` has no `secrets` store to fetch this from"),
            )
            .because(site.deployment.cluster.span, "this cluster")
            .help(format!(
                "say `secrets = {{ store = \"…\" }}` under `[clusters.{cluster}]`: the External Secrets store"
            )),
        );
        return None;
    };
    let refresh = keys.values().filter_map(|source| source.refresh).min().unwrap_or(store.refresh);
    let data = keys.iter().map(|(key, source)| Data {
        secret_key: (*key).to_owned(),
        remote_ref: RemoteRef {
            key: source.key.value.clone(),
            property: source.property.clone(),
            version: source.version.clone(),
        },
    });
    let spec = ExternalSecretSpec {
        refresh_interval: Some(refresh.go()),
        secret_store_ref: Some(StoreRef {
            name: store.store.to_string(),
            kind: store.kind.word().to_owned(),
        }),
        target: Some(Target {
            name: Some(name.to_owned()),
            creation_policy: Some("Owner"),
            deletion_policy: Some("Retain"),
            template,
        }),
        data: data.collect(),
        data_from: Vec::new(),
    };
    Some(Object::from(ExternalSecret { metadata: named(name), spec }).at(Stage::Foundation))
}
