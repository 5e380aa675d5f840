//! The hosts and paths of an Ingress: the same answer for typed objects and for those that users wrote or patched.

use std::borrow::Cow;

use k8s_openapi::api::networking::v1::IngressSpec;
use serde::Deserialize;

use super::{Body, Object};

/// A host and path that an Ingress leads somewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// The host; `None` for every host.
    pub host: Option<String>,
    /// The path.
    pub path: String,
    /// `Prefix`, `Exact` or `ImplementationSpecific`.
    pub path_type: String,
}

impl Address {
    /// What decides which requests it gets: to a prefix, a `/` at its end means nothing
    /// (<https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types>).
    pub fn canonical(mut self) -> Self {
        if self.path_type == "Prefix" {
            self.path.truncate(self.path.trim_end_matches('/').len());
        }
        if self.path.is_empty() {
            self.path.push('/');
        }
        self
    }
}

/// What an Ingress says; `None` for other kinds, and for what no API server would accept.
pub fn spec(object: &Object) -> Option<Cow<'_, IngressSpec>> {
    match &object.body {
        Body::Ingress(body) => body.spec.as_ref().map(Cow::Borrowed),
        Body::Raw(raw) if raw.kind == "Ingress" && raw.group() == "networking.k8s.io" => {
            IngressSpec::deserialize(raw.at(&["spec"])?).ok().map(Cow::Owned)
        }
        _ => None,
    }
}

/// Every host and path of an Ingress.
pub fn addresses(spec: &IngressSpec) -> impl Iterator<Item = Address> {
    spec.rules.iter().flatten().flat_map(|rule| {
        rule.http.iter().flat_map(|http| &http.paths).map(|path| Address {
            host: rule.host.clone().filter(|host| !host.is_empty()),
            path: path.path.clone().unwrap_or_else(|| "/".to_owned()),
            path_type: path.path_type.clone(),
        })
    })
}

/// Whether a host is served with TLS.
pub fn has_tls(spec: &IngressSpec, host: Option<&str>) -> bool {
    spec.tls.iter().flatten().any(|tls| match (&tls.hosts, host) {
        (Some(hosts), Some(host)) => hosts.iter().any(|covered| covered == host),
        (Some(_), None) => false,
        (None, _) => true,
    })
}
