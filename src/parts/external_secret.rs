//! The ExternalSecret of a component: all its secrets in one Secret.

use std::collections::BTreeMap;

use super::named;
use crate::kube::custom::ExternalSecret;
use crate::kube::custom::external_secrets::{Data, ExternalSecretSpec, RemoteRef, StoreRef, Target};
use crate::kube::{Object, Stage};
use crate::language::component::secret::SecretSource;
use crate::language::value::Name;
use crate::plan::{Deployment, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;

/// The Secret that holds a component's secrets, by their names.
pub fn name(component: &str) -> String {
    format!("{component}-secrets")
}

/// Whether the component declares this secret; reports it when not.
pub fn declared(secret: &Spanned<Name>, secrets: &BTreeMap<Name, SecretSource>, report: &mut Report) -> bool {
    if secrets.contains_key(&secret.value) {
        return true;
    }
    report.add(
        Diagnostic::new(
            Code::UnknownSecret,
            secret.span,
            format!("the component has no secret `{}`", secret.value),
        )
        .nearest(secret.value.as_str(), secrets.keys().map(Name::as_str))
        .help(format!("declare where it is: `secrets.{} = {{ key = \"…\" }}`", secret.value)),
    );
    false
}

/// The ExternalSecret, when the component has secrets.
pub fn object(secrets: &BTreeMap<Name, SecretSource>, site: &Site, report: &mut Report) -> Option<Object> {
    let component = site.place().component;
    let data = secrets.iter().map(|(key, source)| (key.to_string(), source));
    object_in(site.deployment, component, &name(component), data, report)
}

/// An ExternalSecret `object` that fills the Secret `target`.
///
/// One object has one interval: the shortest that any of its secrets asks for.
pub fn object_in<'a>(
    deployment: &Deployment,
    object: &str,
    target: &str,
    secrets: impl Iterator<Item = (String, &'a SecretSource)>,
    report: &mut Report,
) -> Option<Object> {
    let secrets: Vec<_> = secrets.collect();
    if secrets.is_empty() {
        return None;
    }
    let Some(store) = &deployment.cluster.secrets else {
        for (name, source) in &secrets {
            report.add(
                Diagnostic::new(
                    Code::MissingFact,
                    source.span,
                    format!("the cluster `{}` has no store to fetch `{name}` from", deployment.cluster_name),
                )
                .because(deployment.cluster.span, "this cluster has no `secrets`")
                .help("set `secrets = { store = \"…\" }` on the cluster"),
            );
        }
        return None;
    };
    let refresh = secrets.iter().filter_map(|(_, source)| source.refresh).min().unwrap_or(store.refresh);
    let data = secrets
        .into_iter()
        .map(|(secret_key, source)| Data {
            secret_key,
            remote_ref: RemoteRef {
                key: source.key.value.clone(),
                property: source.property.clone(),
                version: source.version.clone(),
            },
        })
        .collect();
    let secret = ExternalSecret {
        metadata: named(object),
        spec: ExternalSecretSpec {
            refresh_interval: Some(refresh.go()),
            secret_store_ref: Some(StoreRef {
                name: store.store.to_string(),
                kind: store.kind.word().to_owned(),
            }),
            target: Some(Target { name: Some(target.to_owned()), ..Target::default() }),
            data,
            data_from: Vec::new(),
        },
    };
    Some(Object::from(secret).at(Stage::Foundation))
}
