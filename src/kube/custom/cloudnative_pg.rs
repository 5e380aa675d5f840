//! CloudNativePG, `postgresql.cnpg.io/v1` (`api/v1/{cluster,pooler,scheduledbackup}_types.go`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{EnvVar, PodTemplateSpec, ResourceRequirements, Toleration};

use super::{KeyOf, LocalName, Marks, parts, resource};

resource! {
    /// A PostgreSQL cluster.
    PostgresCluster = "postgresql.cnpg.io" "v1" "Cluster" "clusters", spec: PostgresClusterSpec
}

resource! {
    /// A pool of connections to a PostgreSQL cluster: PgBouncer.
    Pooler = "postgresql.cnpg.io" "v1" "Pooler" "poolers", spec: PoolerSpec
}

resource! {
    /// Backups of a PostgreSQL cluster by the clock.
    ScheduledBackup = "postgresql.cnpg.io" "v1" "ScheduledBackup" "scheduledbackups", spec: ScheduledBackupSpec
}

parts! {
    /// What a PostgreSQL cluster is like.
    PostgresClusterSpec {
        /// What it is for.
        description: Option<String>,
        /// The number of instances, primary included.
        instances: i32,
        /// The image; its tag decides the major version.
        image_name: Option<String>,
        /// Secrets with credentials for the image's registry.
        image_pull_secrets: Vec<LocalName>,
        /// What it begins with.
        bootstrap: Option<Bootstrap>,
        /// The Secret with the superuser's password.
        superuser_secret: Option<LocalName>,
        /// Whether the superuser may connect over the network; off by default.
        enable_superuser_access: Option<bool>,
        /// The volume for data.
        storage: Option<Storage>,
        /// The volume for the write-ahead log, when it has one of its own.
        wal_storage: Option<Storage>,
        /// The server.
        postgresql: Option<Postgresql>,
        /// Where the instances run.
        affinity: Option<Affinity>,
        /// CPU and memory.
        resources: Option<ResourceRequirements>,
        /// The PriorityClass.
        priority_class_name: Option<String>,
        /// `unsupervised` (the default) or `supervised`.
        primary_update_strategy: Option<&'static str>,
        /// `restart` (the default) or `switchover`.
        primary_update_method: Option<&'static str>,
        /// Metrics.
        monitoring: Option<Monitoring>,
        /// Extensions of the operator.
        plugins: Vec<Plugin>,
        /// Roles the operator keeps.
        managed: Option<Managed>,
        /// Labels and annotations of everything the operator makes.
        inherited_metadata: Option<Marks>,
        /// Labels and annotations of the ServiceAccount.
        service_account_template: Option<AccountTemplate>,
        /// Environment variables of the instances.
        env: Vec<EnvVar>,
        /// Whether the operator makes PodDisruptionBudgets; on by default.
        #[serde(rename = "enablePDB")]
        enable_pdb: Option<bool>,
    }

    /// What a cluster begins with.
    Bootstrap {
        /// An empty database.
        initdb: Option<InitDb>,
    }

    /// An empty database.
    InitDb {
        /// Its name.
        database: Option<String>,
        /// Its owner.
        owner: Option<String>,
        /// The Secret with the owner's name and password; made by the operator when not set.
        secret: Option<LocalName>,
        /// Whether pages have checksums.
        data_checksums: Option<bool>,
        /// The encoding.
        encoding: Option<String>,
        /// The order of text.
        locale_collate: Option<String>,
        /// The classes of characters.
        #[serde(rename = "localeCType")]
        locale_ctype: Option<String>,
        /// Statements run as superuser in the database `postgres`.
        #[serde(rename = "postInitSQL")]
        post_init_sql: Vec<String>,
        /// Statements run as superuser in the new database.
        #[serde(rename = "postInitApplicationSQL")]
        post_init_application_sql: Vec<String>,
        /// Statements run as superuser in `template1`.
        #[serde(rename = "postInitTemplateSQL")]
        post_init_template_sql: Vec<String>,
    }

    /// A volume of each instance.
    Storage {
        /// The StorageClass; the cluster's default when not set.
        storage_class: Option<String>,
        /// The size.
        size: Option<String>,
    }

    /// The server.
    Postgresql {
        /// Settings of `postgresql.conf`, all as text.
        parameters: BTreeMap<String, String>,
        /// Lines of `pg_hba.conf`.
        #[serde(rename = "pg_hba")]
        pg_hba: Vec<String>,
        /// Libraries loaded at the start.
        #[serde(rename = "shared_preload_libraries")]
        shared_preload_libraries: Vec<String>,
        /// Synchronous replication.
        synchronous: Option<Synchronous>,
    }

    /// Synchronous replication.
    Synchronous {
        /// `any` or `first`.
        method: &'static str,
        /// How many standbys have to confirm.
        number: i32,
        /// `required` (the default) or `preferred`.
        data_durability: Option<&'static str>,
    }

    /// Where the instances run.
    Affinity {
        /// Whether instances keep apart; on by default.
        enable_pod_anti_affinity: Option<bool>,
        /// The node label they keep apart by.
        topology_key: Option<String>,
        /// `preferred` (the default) or `required`.
        pod_anti_affinity_type: Option<&'static str>,
        /// Labels a node must have.
        node_selector: BTreeMap<String, String>,
        /// Taints that are put up with.
        tolerations: Vec<Toleration>,
    }

    /// Metrics.
    Monitoring {
        /// ConfigMaps with queries whose results become metrics.
        custom_queries_config_map: Vec<KeyOf>,
        /// Secrets with queries whose results become metrics.
        custom_queries_secret: Vec<KeyOf>,
        /// Whether the queries the operator comes with are left out.
        disable_default_queries: Option<bool>,
    }

    /// An extension of the operator.
    ///
    /// The API server fills `enabled: true` into every item, so it has to be written.
    Plugin {
        /// Its name.
        name: String,
        /// Whether it is on.
        enabled: bool,
        /// Whether it archives the write-ahead log; to be set, since the API server fills in `false`.
        #[serde(rename = "isWALArchiver")]
        is_wal_archiver: Option<bool>,
        /// Its settings.
        parameters: BTreeMap<String, String>,
    }

    /// What the operator keeps inside the database.
    Managed {
        /// Roles.
        roles: Vec<Role>,
    }

    /// A role of the database.
    Role {
        /// Its name.
        name: String,
        /// `present` or `absent`; the API server fills in `present`.
        ensure: &'static str,
        /// Whether it may log in.
        login: Option<bool>,
        /// Whether it is a superuser.
        superuser: Option<bool>,
        /// Whether it may make databases.
        createdb: Option<bool>,
        /// Whether it may replicate.
        replication: Option<bool>,
        /// How many connections it may have; the API server fills in `-1`.
        connection_limit: i32,
        /// Whether it inherits from its roles; the API server fills in `true`.
        inherit: bool,
        /// The roles it is in.
        in_roles: Vec<String>,
        /// The Secret with its name and password.
        password_secret: Option<LocalName>,
    }

    /// The ServiceAccount.
    AccountTemplate {
        /// Its labels and annotations.
        metadata: Marks,
    }

    /// What a pool of connections is like.
    PoolerSpec {
        /// The PostgreSQL cluster; it cannot be changed later.
        cluster: LocalName,
        /// `rw`, `ro` or `r`.
        r#type: &'static str,
        /// The number of pods.
        instances: i32,
        /// PgBouncer.
        pgbouncer: PgBouncer,
        /// The pod, where it differs; its container is named `pgbouncer`.
        template: Option<PodTemplateSpec>,
        /// Labels and annotations of the Service.
        service_template: Option<ServiceTemplate>,
    }

    /// PgBouncer.
    PgBouncer {
        /// `session` (the default) or `transaction`.
        pool_mode: Option<&'static str>,
        /// Settings of `pgbouncer.ini`, all as text.
        parameters: BTreeMap<String, String>,
    }

    /// A Service made by the operator.
    ServiceTemplate {
        /// Its labels and annotations.
        metadata: Marks,
    }

    /// When and how backups are made.
    ScheduledBackupSpec {
        /// A cron line of six fields, seconds first.
        schedule: String,
        /// The PostgreSQL cluster; it cannot be changed later.
        cluster: LocalName,
        /// Whether one is made at once.
        immediate: Option<bool>,
        /// Whether none are made for now.
        suspend: Option<bool>,
        /// Who owns the backups: `none`, `self` or `cluster`.
        backup_owner_reference: Option<&'static str>,
        /// `plugin`, `volumeSnapshot` or `barmanObjectStore`.
        method: Option<&'static str>,
        /// The plugin.
        plugin_configuration: Option<PluginConfiguration>,
    }

    /// The plugin that makes a backup.
    PluginConfiguration {
        /// Its name.
        name: String,
        /// Its settings.
        parameters: BTreeMap<String, String>,
    }
}
