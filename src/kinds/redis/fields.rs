//! The fields of the kind `redis`.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::component::network::Network;
use crate::language::component::resources::Resources;
use crate::language::component::scheduling::Scheduling;
use crate::language::component::secret::SecretSource;
use crate::language::value::{ConfigKey, DnsSubdomain, Duration, ImageReference, Quantity};
use crate::source::{Span, Spanned};
use crate::{choice, table};

use super::super::store::setting::Setting;

table! {
    /// Redis or Valkey: a primary, replicas beside it, and sentinels that promote one of them when the primary fails. What is written is on disk within a second.
    pub struct Redis {
        /// Which of the two.
        engine: Engine = Engine::Valkey,
        /// The image. Default: a pinned one of the engine.
        image: Option<Spanned<ImageReference>>,
        /// The number of replicas beside the primary.
        replicas: Spanned<u32> = Spanned::new(0, Span::NOWHERE),
        /// The number of sentinels: none, or an odd number of at least 3. Clients then ask them for the primary.
        sentinels: Spanned<u32> = Spanned::new(0, Span::NOWHERE),
        /// The volume of each server.
        storage: CacheStorage,
        /// The password in the cluster's secret store. Default: none, where there are no sentinels.
        password: Option<SecretSource>,
        /// Settings of `redis.conf`.
        parameters: BTreeMap<ConfigKey, Spanned<Setting>>,
        /// CPU and memory of each server.
        resources: Option<Resources>,
        /// Whether Prometheus scrapes the servers, by an exporter beside each.
        metrics: bool = true,
        /// Time between two scrapes. Default: Prometheus' own.
        metrics_interval: Option<Duration>,
        /// Where the pods run.
        scheduling: Option<Scheduling>,
        /// Traffic beyond what references and scrapes let through.
        network: Option<Network>,
        ..common: Common,
    }
}

choice! {
    /// A server that speaks the protocol of Redis.
    pub enum Engine {
        /// Redis.
        Redis = "redis",
        /// Valkey, the fork that stayed under the old licence.
        Valkey = "valkey",
    }
}

impl Engine {
    /// The image when none is named.
    pub fn image(self) -> &'static str {
        match self {
            Engine::Redis => "redis:8.4.0-alpine",
            Engine::Valkey => "valkey/valkey:9.0.1-alpine",
        }
    }
}

table! {
    /// The volume of each server.
    pub struct CacheStorage {
        /// Its size.
        size: Quantity,
        /// The StorageClass. Default: the cluster's `storage.block`.
        class: Option<DnsSubdomain>,
    }
}
