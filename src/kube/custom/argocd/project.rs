//! Projects: what the Applications of a team may do.

use crate::kube::custom::{parts, resource};

resource! {
    /// What a team's Applications may do, and who may do what with them.
    AppProject = "argoproj.io" "v1alpha1" "AppProject" "appprojects", spec: AppProjectSpec
}

parts! {
    /// What is allowed.
    AppProjectSpec {
        /// What it is for.
        description: Option<String>,
        /// Repositories, as globs; a leading `!` forbids.
        source_repos: Vec<String>,
        /// Clusters and namespaces.
        destinations: Vec<ProjectDestination>,
        /// Kinds of the cluster that are allowed; all others are not.
        cluster_resource_whitelist: Vec<KindPattern>,
        /// Kinds of the cluster that are forbidden.
        cluster_resource_blacklist: Vec<KindPattern>,
        /// Kinds of namespaces that are forbidden.
        namespace_resource_blacklist: Vec<KindPattern>,
        /// Kinds of namespaces that are allowed; when empty all that are not forbidden.
        namespace_resource_whitelist: Vec<KindPattern>,
        /// What is said of objects that no Application owns.
        orphaned_resources: Option<OrphanedResources>,
        /// Who may do what.
        roles: Vec<Role>,
        /// When syncing is allowed or forbidden.
        sync_windows: Vec<SyncWindow>,
        /// Namespaces, beside Argo CD's own, that may hold Applications of the project.
        source_namespaces: Vec<String>,
    }

    /// A cluster, by its name or its address, and a namespace; globs, and a leading `!` forbids.
    ProjectDestination {
        /// The name under which Argo CD knows the cluster.
        name: Option<String>,
        /// The address of its API server.
        server: Option<String>,
        /// The namespace.
        namespace: String,
    }

    /// Kinds, by globs.
    KindPattern {
        /// The API group; empty for the core group.
        group: String,
        /// The kind.
        kind: String,
        /// The name; any when not set. Only for kinds of the cluster.
        name: Option<String>,
    }

    /// What is said of objects that no Application owns.
    OrphanedResources {
        /// Whether there is a warning.
        warn: Option<bool>,
    }

    /// A role within the project.
    Role {
        /// Its name.
        name: String,
        /// What it is for.
        description: Option<String>,
        /// Who has it, by the groups of the directory.
        groups: Vec<String>,
        /// What it may do, as Casbin lines.
        policies: Vec<String>,
    }

    /// When syncing is allowed or forbidden.
    SyncWindow {
        /// `allow` or `deny`.
        kind: &'static str,
        /// When it begins, as a cron line.
        schedule: String,
        /// How long it lasts.
        duration: String,
        /// The zone of the schedule; UTC when not set.
        time_zone: Option<String>,
        /// The Applications, as globs.
        applications: Vec<String>,
        /// The namespaces, as globs.
        namespaces: Vec<String>,
        /// The clusters, as globs.
        clusters: Vec<String>,
        /// Whether people may sync nevertheless.
        manual_sync: Option<bool>,
    }
}
