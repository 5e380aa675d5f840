//! Placements: which instances go to which clusters.

use super::select::Select;
use crate::table;

table! {
    /// Which instances go to which clusters, both chosen by their labels. In a stack's own files it chooses among that stack's instances.
    pub struct Placement {
        /// The instances; `{}` selects all.
        instances: Select,
        /// The clusters; `{}` selects all.
        clusters: Select,
    }
}
