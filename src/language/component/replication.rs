//! How many pods there are, and how they are replaced.

use super::scale::Scale;
use crate::language::value::{Duration, IntOrPercent};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// How many pods there are.
    pub struct Replication {
        /// The number of pods. Default: 1. Not together with `scale`.
        replicas: Option<Spanned<u32>>,
        /// The number of pods by load.
        scale: Option<Scale>,
        /// How many pods a drain of nodes may take at once, where there are two or more.
        disruption: Option<Disruption>,
    }
}

table! {
    /// What a drain of nodes may do: a PodDisruptionBudget. There is one whenever there are two pods or more.
    pub struct Disruption {
        /// How many pods may be missing.
        max_unavailable: IntOrPercent = IntOrPercent::Int(1),
    }
}

table! {
    /// How pods are replaced by new ones.
    pub struct Rollout {
        /// The strategy. Default: `rolling`, or `recreate` when the pod has a volume that only one node can mount.
        strategy: Option<Strategy>,
        /// How many pods may be missing meanwhile.
        max_unavailable: IntOrPercent = IntOrPercent::Int(0),
        /// How many pods there may be too many meanwhile. Default: Kubernetes' 25%.
        max_surge: Option<IntOrPercent>,
        /// How long a new pod has to be ready before it counts. Default: no time.
        min_ready: Option<Duration>,
        /// How long a rollout may make no progress before it has failed. Default: Kubernetes' 10 minutes.
        deadline: Option<Duration>,
    }
}

choice! {
    /// How pods are replaced.
    pub enum Strategy {
        /// New ones come before old ones go.
        Rolling = "rolling",
        /// Old ones go before new ones come.
        Recreate = "recreate",
    }
}
