//! What a port speaks.

use super::{Invalid, Scalar, quoted};

words! {
    /// The transport protocol of a port.
    Protocol, "a protocol" {
        /// The default of Kubernetes.
        Tcp = "TCP",
        /// Datagrams.
        Udp = "UDP",
        /// Where the cluster's network has it.
        Sctp = "SCTP",
    }
    short: []
}
