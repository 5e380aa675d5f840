//! The Barman Cloud plugin of CloudNativePG, `barmancloud.cnpg.io/v1` (`api/v1/objectstore_types.go`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;

use super::{KeyOf, parts, resource};

resource! {
    /// A bucket that backups go to.
    ObjectStore = "barmancloud.cnpg.io" "v1" "ObjectStore" "objectstores", spec: ObjectStoreSpec
}

parts! {
    /// Where backups go and how long they stay.
    ObjectStoreSpec {
        /// How long backups can be restored: a number with `d`, `w` or `m`.
        retention_policy: Option<String>,
        /// The bucket.
        configuration: Configuration,
        /// The plugin's container in the database's pods.
        instance_sidecar_configuration: Option<Sidecar>,
    }

    /// The bucket.
    Configuration {
        /// Its address, such as `s3://backups/team`.
        destination_path: String,
        /// The address of the service, when it is not the provider's own.
        #[serde(rename = "endpointURL")]
        endpoint_url: Option<String>,
        /// The folder within the bucket; the database cluster's name when not set.
        server_name: Option<String>,
        /// Credentials for S3.
        s3_credentials: Option<S3Credentials>,
        /// Credentials for Google Cloud Storage.
        google_credentials: Option<GoogleCredentials>,
        /// Credentials for Azure Blob Storage.
        azure_credentials: Option<AzureCredentials>,
        /// How the write-ahead log is stored.
        wal: Option<Wal>,
        /// How base backups are stored.
        data: Option<Data>,
        /// Tags of the objects.
        tags: BTreeMap<String, String>,
    }

    /// Credentials for S3.
    S3Credentials {
        /// The access key.
        access_key_id: Option<KeyOf>,
        /// The secret key.
        secret_access_key: Option<KeyOf>,
        /// The region.
        region: Option<KeyOf>,
        /// Whether the pod's own cloud identity is used.
        #[serde(rename = "inheritFromIAMRole")]
        inherit_from_iam_role: Option<bool>,
    }

    /// Credentials for Google Cloud Storage.
    GoogleCredentials {
        /// Whether the pod's own cloud identity is used.
        gke_environment: Option<bool>,
        /// The key file.
        application_credentials: Option<KeyOf>,
    }

    /// Credentials for Azure Blob Storage.
    AzureCredentials {
        /// Whether the pod's own cloud identity is used.
        #[serde(rename = "inheritFromAzureAD")]
        inherit_from_azure_ad: Option<bool>,
        /// The connection string.
        connection_string: Option<KeyOf>,
    }

    /// How the write-ahead log is stored.
    Wal {
        /// `gzip`, `bzip2`, `snappy`, `lz4`, `xz` or `zstd`.
        compression: Option<String>,
        /// `AES256` or `aws:kms`.
        encryption: Option<String>,
        /// How many files are sent at once.
        max_parallel: Option<i32>,
    }

    /// How base backups are stored.
    Data {
        /// `gzip`, `bzip2` or `snappy`.
        compression: Option<String>,
        /// `AES256` or `aws:kms`.
        encryption: Option<String>,
        /// How many files are sent at once.
        jobs: Option<i32>,
    }

    /// The plugin's container in the database's pods.
    Sidecar {
        /// CPU and memory.
        resources: Option<ResourceRequirements>,
    }
}
