//! Secrets: where they are, never what they are.

use crate::language::value::Duration;
use crate::source::Spanned;
use crate::table;

table! {
    /// Where a secret is in the cluster's store; becomes an ExternalSecret.
    pub struct SecretSource {
        /// Its key in the store.
        key: Spanned<String>,
        /// The property of a key that holds several.
        property: Option<String>,
        /// The version. Default: the latest.
        version: Option<String>,
        /// How often it is fetched again. Default: as the cluster's `secrets` say.
        refresh: Option<Duration>,
    }
}
