//! Traffic that no reference, route or scrape asks for.

use std::collections::BTreeMap;

use crate::language::value::{Cidr, LabelKey, LabelValue, Name, Port};
use crate::table;

table! {
    /// Traffic beyond what references, routes and scrapes let through.
    pub struct Network {
        /// Where the pods may connect to.
        egress: BTreeMap<Name, Peer>,
        /// Who may connect to the pods.
        ingress: BTreeMap<Name, Peer>,
    }
}

table! {
    /// The other side of the traffic: an address range, a namespace, pods, or all of the latter two.
    pub struct Peer {
        /// An address range such as `10.0.0.0/8`; `0.0.0.0/0` is everywhere.
        cidr: Option<Cidr>,
        /// Ranges within `cidr` that are left out.
        except: Vec<Cidr>,
        /// A namespace, by name.
        namespace: Option<Name>,
        /// Pods, by their labels; in the same namespace unless one is given.
        pods: BTreeMap<LabelKey, LabelValue>,
        /// TCP ports; all when empty.
        ports: Vec<Port>,
        /// UDP ports.
        udp_ports: Vec<Port>,
    }
}
