//! ingress-nginx. A plain Ingress says all that is needed: it redirects to TLS wherever there is a certificate.

use std::collections::BTreeMap;

use super::Tls;

/// None: what is specific to a controller that gets no more releases is for users to write.
pub fn annotations(_: Tls) -> BTreeMap<String, String> {
    BTreeMap::new()
}
