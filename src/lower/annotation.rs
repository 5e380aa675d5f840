//! The annotations that Argo CD reads on an object (AC:docs/user-guide/sync-options.md).

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::kube::Object;
use crate::language::workspace::Deletion;

/// The options of an object's sync, as a list with commas.
pub const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
/// The order of an object among those that one sync applies.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";

/// Adds an option unless the object says something else about it.
pub fn add_sync_option(metadata: &mut ObjectMeta, option: &str) {
    let annotations = metadata.annotations.get_or_insert_default();
    let options = annotations.entry(SYNC_OPTIONS.to_owned()).or_default();
    let name = option.split('=').next().unwrap_or(option);
    let said = |present: &str| present.trim().split('=').next() == Some(name);
    if options.split(',').any(said) {
        return;
    }
    if !options.is_empty() {
        options.push(',');
    }
    options.push_str(option);
}

/// Whether what users have stored is gone when the object is.
pub fn keeps_data(object: &Object) -> bool {
    matches!(
        (object.group(), object.kind()),
        ("", "Namespace" | "PersistentVolumeClaim")
            | ("postgresql.cnpg.io", "Cluster")
            | ("barmancloud.cnpg.io", "ObjectStore")
    )
}

/// Makes Argo CD treat the end of an object as the workspace wants it.
pub fn confirm_deletion(metadata: &mut ObjectMeta, deletion: Deletion) {
    let answer = match deletion {
        Deletion::Confirm => "confirm",
        Deletion::Orphan => "false",
        Deletion::Cascade => return,
    };
    add_sync_option(metadata, &format!("Prune={answer}"));
    add_sync_option(metadata, &format!("Delete={answer}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stores_data_is_kept() {
        use crate::kube::custom::{ObjectStore, PostgresCluster, ScheduledBackup};
        use k8s_openapi::api::core::v1::{ConfigMap, Namespace, PersistentVolumeClaim};
        assert!(keeps_data(&Namespace::default().into()));
        assert!(keeps_data(&PersistentVolumeClaim::default().into()));
        assert!(keeps_data(&PostgresCluster::default().into()));
        assert!(keeps_data(&ObjectStore::default().into()));
        assert!(!keeps_data(&ScheduledBackup::default().into()));
        assert!(!keeps_data(&ConfigMap::default().into()));
    }

    #[test]
    fn options_are_added_once_and_never_overruled() {
        let mut metadata = ObjectMeta::default();
        add_sync_option(&mut metadata, "Prune=false");
        confirm_deletion(&mut metadata, Deletion::Confirm);
        add_sync_option(&mut metadata, "Delete=confirm");
        assert_eq!(metadata.annotations.unwrap()[SYNC_OPTIONS], "Prune=false,Delete=confirm");
    }
}
