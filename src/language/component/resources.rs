//! CPU and memory.

use crate::language::value::Quantity;
use crate::source::Spanned;
use crate::table;

table! {
    /// What a container asks for, and what it may use at most.
    pub struct Resources {
        /// Requested CPU, in cores: `250m`, `2`.
        cpu: Option<Spanned<Quantity>>,
        /// Requested memory, which is also its limit unless `memory-limit` says otherwise.
        memory: Option<Spanned<Quantity>>,
        /// The most CPU. Default: no limit, since throttling helps nobody.
        cpu_limit: Option<Spanned<Quantity>>,
        /// The most memory. Default: what is requested.
        memory_limit: Option<Spanned<Quantity>>,
        /// Requested local storage, which is also its limit.
        ephemeral_storage: Option<Spanned<Quantity>>,
    }
}
