//! Backups by the Barman Cloud plugin: the bucket, the schedule and the credentials.

use std::collections::BTreeMap;

use crate::kube::Object;
use crate::kube::custom::barman_cloud::{
    AzureCredentials, Configuration, Data, GoogleCredentials, ObjectStoreSpec, S3Credentials, Wal,
};
use crate::kube::custom::cloudnative_pg::{PluginConfiguration, ScheduledBackupSpec};
use crate::kube::custom::{KeyOf, LocalName, ObjectStore, ScheduledBackup};
use crate::parts::named;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

use super::super::store::secret;
use super::scalar::Provider;
use super::{Backup, Postgres};

/// The plugin's name.
pub const PLUGIN: &str = "barman-cloud.cloudnative-pg.io";

/// The name of the bucket's object.
pub fn store_name(component: &str) -> String {
    format!("{component}-backup")
}

/// The bucket, the schedule and the credentials.
pub fn objects(postgres: &Postgres, site: &Site, report: &mut Report) -> Vec<Object> {
    let Some(backup) = &postgres.backup else { return Vec::new() };
    let name = site.place().component;
    let store = ObjectStore {
        metadata: named(store_name(name)),
        spec: ObjectStoreSpec {
            retention_policy: Some(backup.retention.to_string()),
            configuration: configuration(backup, name),
            instance_sidecar_configuration: None,
        },
    };
    let schedule = ScheduledBackup {
        metadata: named(name),
        spec: ScheduledBackupSpec {
            schedule: backup.schedule.six_field(),
            cluster: LocalName { name: name.to_owned() },
            // Without a base backup the write-ahead log alone restores nothing.
            immediate: Some(true),
            backup_owner_reference: Some("self"),
            method: Some("plugin"),
            plugin_configuration: Some(PluginConfiguration {
                name: PLUGIN.to_owned(),
                parameters: BTreeMap::new(),
            }),
            ..ScheduledBackupSpec::default()
        },
    };
    let mut objects = vec![store.into(), schedule.into()];
    match (&backup.access_key, &backup.secret_key) {
        (Some(access), Some(secret)) => {
            if backup.destination.provider() != Provider::S3 {
                report.add(
                    Diagnostic::new(
                        Code::ConflictingFields,
                        access.span,
                        format!("`{}` is no S3 bucket, and takes no keys", backup.destination),
                    )
                    .help("take the keys away: the pods' own cloud identity is used"),
                );
            }
            let keys = BTreeMap::from([("access-key", access), ("secret-key", secret)]);
            objects.extend(secret::fetched(&store_name(name), &keys, None, site, report));
        }
        (Some(one), None) | (None, Some(one)) => report.add(
            Diagnostic::new(Code::MissingField, one.span, "`access-key` and `secret-key` belong together")
                .because(backup.span, "only one of them is here"),
        ),
        (None, None) => {}
    }
    objects
}

fn configuration(backup: &Backup, name: &str) -> Configuration {
    let key = |key: &str| Some(KeyOf { name: store_name(name), key: key.to_owned() });
    let own = backup.access_key.is_none();
    let provider = backup.destination.provider();
    Configuration {
        destination_path: backup.destination.to_string(),
        endpoint_url: backup.endpoint.as_ref().map(|endpoint| endpoint.as_str().to_owned()),
        s3_credentials: (provider == Provider::S3).then(|| {
            if own {
                S3Credentials { inherit_from_iam_role: Some(true), ..S3Credentials::default() }
            } else {
                S3Credentials {
                    access_key_id: key("access-key"),
                    secret_access_key: key("secret-key"),
                    ..S3Credentials::default()
                }
            }
        }),
        google_credentials: (provider == Provider::Google)
            .then(|| GoogleCredentials { gke_environment: Some(true), ..GoogleCredentials::default() }),
        azure_credentials: (provider == Provider::Azure)
            .then(|| AzureCredentials { inherit_from_azure_ad: Some(true), ..AzureCredentials::default() }),
        wal: Some(Wal { compression: Some("gzip".to_owned()), ..Wal::default() }),
        data: Some(Data { compression: Some("gzip".to_owned()), ..Data::default() }),
        ..Configuration::default()
    }
}
