//! How a volume may be mounted.

use super::{Invalid, Scalar, quoted};

words! {
    /// The access mode of a persistent volume claim.
    AccessMode, "an access mode" {
        /// Read and written by the Pods of one node.
        ReadWriteOnce = "ReadWriteOnce",
        /// Read by Pods of many nodes.
        ReadOnlyMany = "ReadOnlyMany",
        /// Read and written by Pods of many nodes.
        ReadWriteMany = "ReadWriteMany",
        /// Read and written by one Pod.
        ReadWriteOncePod = "ReadWriteOncePod",
    }
    short: [("RWO", ReadWriteOnce), ("ROX", ReadOnlyMany), ("RWX", ReadWriteMany), ("RWOP", ReadWriteOncePod)]
}
