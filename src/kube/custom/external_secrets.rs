//! External Secrets Operator, `external-secrets.io/v1`
//! (`apis/externalsecrets/v1/externalsecret_types.go`).

use std::collections::BTreeMap;

use super::{Marks, parts, resource};

resource! {
    /// A Secret that is fetched from a store.
    ExternalSecret = "external-secrets.io" "v1" "ExternalSecret" "externalsecrets", spec: ExternalSecretSpec
}

parts! {
    /// What is fetched, and into which Secret.
    ExternalSecretSpec {
        /// How often it is fetched again, in the form Go writes: `1h0m0s`.
        refresh_interval: Option<String>,
        /// The store.
        secret_store_ref: Option<StoreRef>,
        /// The Secret.
        target: Option<Target>,
        /// Single keys.
        data: Vec<Data>,
        /// Whole entries of the store.
        data_from: Vec<DataFrom>,
    }

    /// A store.
    StoreRef {
        /// Its name.
        name: String,
        /// `SecretStore` or `ClusterSecretStore`.
        kind: String,
    }

    /// The Secret that is made.
    Target {
        /// Its name; the ExternalSecret's own when not set.
        name: Option<String>,
        /// `Owner` (the default), `Orphan`, `Merge` or `None`.
        creation_policy: Option<&'static str>,
        /// `Retain` (the default), `Delete` or `Merge`.
        deletion_policy: Option<&'static str>,
        /// What it looks like.
        template: Option<Template>,
    }

    /// The blueprint of a Secret.
    Template {
        /// The type of the Secret, such as `kubernetes.io/basic-auth`.
        r#type: Option<String>,
        /// The version of the template language.
        engine_version: Option<&'static str>,
        /// Labels and annotations of the Secret.
        metadata: Option<Marks>,
        /// Its keys, as Go templates over what was fetched.
        data: BTreeMap<String, String>,
    }

    /// One key of the Secret.
    Data {
        /// The key.
        secret_key: String,
        /// Where its value is.
        remote_ref: RemoteRef,
    }

    /// Whole entries of the store.
    DataFrom {
        /// Every property of an entry.
        extract: Option<RemoteRef>,
    }
}

/// A place in the store.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RemoteRef {
    /// The entry.
    pub key: String,
    /// The property of an entry that holds several.
    pub property: Option<String>,
    /// The version; the latest when not set.
    pub version: Option<String>,
}

impl super::Absent for RemoteRef {}

// The API server fills four defaults into every item. Argo CD compares lists of custom resources as a whole and
// would see a drift for ever, so they are written as they are stored.
impl serde::Serialize for RemoteRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("conversionStrategy", "Default")?;
        map.serialize_entry("decodingStrategy", "None")?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("metadataPolicy", "None")?;
        map.serialize_entry("nullBytePolicy", "Ignore")?;
        if let Some(property) = &self.property {
            map.serialize_entry("property", property)?;
        }
        if let Some(version) = &self.version {
            map.serialize_entry("version", version)?;
        }
        map.end()
    }
}
