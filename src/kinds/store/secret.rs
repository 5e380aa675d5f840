//! Secrets that are fetched from the cluster's store.

use std::collections::BTreeMap;

use crate::kube::custom::external_secrets::Template;
use crate::kube::{Body, Object};
use crate::language::component::secret::SecretSource;
use crate::parts::external_secret;
use crate::plan::Site;
use crate::report::Report;

/// Fetches keys into a Secret of this name, which may look different from what is fetched. `None` when the cluster has
/// no store, which is reported.
pub fn fetched(
    name: &str,
    keys: &BTreeMap<&str, &SecretSource>,
    template: Option<Template>,
    site: &Site,
    report: &mut Report,
) -> Option<Object> {
    let keys = keys.iter().map(|(key, source)| ((*key).to_owned(), *source));
    let mut object = external_secret::object_in(site.deployment, name, name, keys, report)?;
    if let Body::ExternalSecret(secret) = &mut object.body
        && let Some(target) = &mut secret.spec.target
    {
        target.template = template;
    }
    Some(object)
}
