//! Scaling by load.

use crate::language::value::{Duration, Percent};
use crate::table;

table! {
    /// Replicas by load: a HorizontalPodAutoscaler.
    pub struct Scale {
        /// The fewest replicas.
        min: u32,
        /// The most replicas.
        max: u32,
        /// The CPU use to aim at, in percent of the request.
        cpu: Option<Percent>,
        /// The memory use to aim at, in percent of the request.
        memory: Option<Percent>,
        /// How long the load must stay low before replicas go. Default: Kubernetes' 5 minutes.
        scale_down_after: Option<Duration>,
    }
}
