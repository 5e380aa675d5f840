//! Where pods run.

use std::collections::BTreeMap;

use crate::language::value::{DnsSubdomain, LabelKey, LabelValue, Name};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// Where pods run.
    pub struct Scheduling {
        /// Labels a node must have.
        node_selector: BTreeMap<LabelKey, LabelValue>,
        /// Taints that are put up with.
        tolerations: BTreeMap<Name, Toleration>,
        /// What replicas are spread over.
        spread: Spread = Spread::Host,
        /// Whether spreading may be given up when there is no room.
        spread_required: bool = false,
        /// The PriorityClass.
        priority_class: Option<Spanned<DnsSubdomain>>,
    }
}

choice! {
    /// What replicas are spread over.
    pub enum Spread {
        /// Nodes.
        Host = "host",
        /// Zones.
        Zone = "zone",
        /// Nothing: the scheduler decides alone.
        None = "none",
    }
}

table! {
    /// A taint that is put up with.
    pub struct Toleration {
        /// The taint's key; every taint when not set.
        key: Option<LabelKey>,
        /// The taint's value; any when not set.
        value: Option<LabelValue>,
        /// The taint's effect; any when not set.
        effect: Option<Effect>,
    }
}

choice! {
    /// What a taint does.
    pub enum Effect {
        /// No new pods.
        NoSchedule = "NoSchedule",
        /// No new pods where it can be avoided.
        PreferNoSchedule = "PreferNoSchedule",
        /// Running pods have to go.
        NoExecute = "NoExecute",
    }
}
