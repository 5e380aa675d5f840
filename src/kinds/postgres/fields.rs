//! The fields of the kind `postgres`.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::component::network::Network;
use crate::language::component::resources::Resources;
use crate::language::component::scheduling::Scheduling;
use crate::language::component::secret::SecretSource;
use crate::language::value::{
    CronSchedule, DnsSubdomain, Duration, ImageReference, LabelKey, Name, Quantity, RelativePath, Url,
};
use crate::source::{Span, Spanned};
use crate::{choice, table};

use super::super::store::setting::Setting;
use super::scalar::{Bucket, Identifier, Parameter, Retention, Version};

table! {
    /// A PostgreSQL database. With `engine = "cloudnative-pg"` the operator keeps a primary and its replicas, pooled connections and backups; with `"statefulset"` it is one server without an operator.
    pub struct Postgres {
        /// What runs it.
        engine: Engine = Engine::CloudNativePg,
        /// The version, with its minor part: `18.1`. Its image is the operator's, or the official one.
        version: Version,
        /// Another image of that version, with a tag that begins with it.
        image: Option<Spanned<ImageReference>>,
        /// The number of servers, the primary included.
        replicas: Spanned<u32> = Spanned::new(1, Span::NOWHERE),
        /// The volumes.
        storage: DatabaseStorage,
        /// The database. Default: the component's name with `_` for `-`, or `app` when that is a name PostgreSQL keeps for itself.
        database: Option<Identifier>,
        /// The role that owns the database. Default: named like the database.
        owner: Option<Identifier>,
        /// The owner's password in the cluster's secret store. Default: the operator makes one up; `statefulset` needs it.
        password: Option<SecretSource>,
        /// Settings of `postgresql.conf`.
        parameters: BTreeMap<Parameter, Spanned<Setting>>,
        /// Statements run once as superuser in the new database, such as `CREATE EXTENSION pg_trgm`.
        init_sql: Vec<String>,
        /// How many replicas have to confirm each commit. Default: none, replicas follow as fast as they can.
        synchronous: Option<Spanned<u32>>,
        /// Pooled connections: `host` and `url` then lead to the pool.
        pooler: Option<Pool>,
        /// Backups, and the write-ahead log between them, so that any moment can be restored.
        backup: Option<Backup>,
        /// CPU and memory of each server.
        resources: Option<Resources>,
        /// Whether Prometheus scrapes the servers.
        metrics: bool = true,
        /// Time between two scrapes. Default: Prometheus' own.
        metrics_interval: Option<Duration>,
        /// Queries whose results become metrics: a file under the stack's `files/`.
        queries: Option<Spanned<RelativePath>>,
        /// Annotations of the servers' ServiceAccount, for cloud identities.
        identity: BTreeMap<LabelKey, String>,
        /// Where the servers run.
        scheduling: Option<Scheduling>,
        /// Traffic beyond what references and scrapes let through.
        network: Option<Network>,
        /// The namespace of the operator, which has to reach the servers.
        operator_namespace: Name = Name::constant("cnpg-system"),
        ..common: Common,
    }
}

choice! {
    /// What runs a PostgreSQL database.
    pub enum Engine {
        /// The operator CloudNativePG.
        CloudNativePg = "cloudnative-pg",
        /// A StatefulSet with one server.
        StatefulSet = "statefulset",
    }
}

table! {
    /// The volumes of each server.
    pub struct DatabaseStorage {
        /// The size of the data's volume.
        size: Quantity,
        /// The StorageClass. Default: the cluster's `storage.block`.
        class: Option<DnsSubdomain>,
        /// The size of a volume of its own for the write-ahead log. Default: it shares the data's.
        wal_size: Option<Spanned<Quantity>>,
    }
}

table! {
    /// Pooled connections: PgBouncer.
    pub struct Pool {
        /// The number of poolers.
        replicas: u32 = 2,
        /// How long a client keeps a connection to the server.
        mode: PoolMode = PoolMode::Transaction,
        /// How many clients each pooler takes. Default: the operator's.
        max_connections: Option<u32>,
        /// How many connections to the server each pooler holds. Default: the operator's.
        default_pool_size: Option<u32>,
        /// Settings of `pgbouncer.ini`.
        parameters: BTreeMap<Parameter, Spanned<Setting>>,
        /// CPU and memory of each pooler.
        resources: Option<Resources>,
    }
}

choice! {
    /// How long a client keeps a connection to the server.
    pub enum PoolMode {
        /// For a transaction. Prepared statements and settings of a session do not outlive it.
        Transaction = "transaction",
        /// As long as it is connected itself.
        Session = "session",
    }
}

table! {
    /// Backups to a bucket, by the Barman Cloud plugin of the operator.
    pub struct Backup {
        /// The folder: `s3://bucket/folder`, `gs://…`, or the address of an Azure container.
        destination: Bucket,
        /// The address of an S3 service other than Amazon's.
        endpoint: Option<Url>,
        /// When a base backup is made, as a cron line in UTC.
        schedule: CronSchedule = CronSchedule::constant("0 3 * * *"),
        /// How far back a restore can go.
        retention: Retention = Retention("30d".to_owned()),
        /// The access key, in the cluster's secret store. Default: the pods' own cloud identity.
        access_key: Option<SecretSource>,
        /// The secret key, in the cluster's secret store.
        secret_key: Option<SecretSource>,
    }
}
