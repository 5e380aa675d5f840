//! Traefik: <https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/>.

use std::collections::BTreeMap;

use super::Tls;

/// The entry point by its default name. Without it a route without TLS would also answer where TLS is spoken, with
/// Traefik's own certificate.
pub fn annotations(tls: Tls) -> BTreeMap<String, String> {
    let entry_point = match tls {
        Tls::On => "websecure",
        Tls::Off => "web",
    };
    BTreeMap::from([("traefik.ingress.kubernetes.io/router.entrypoints".to_owned(), entry_point.to_owned())])
}
