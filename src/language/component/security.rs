//! Privileges. The defaults satisfy the *restricted* Pod Security Standard.

use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// Privileges of the pod.
    pub struct Security {
        /// The user id the containers run as. Default: the image's own, which must not be root.
        user: Option<Spanned<u32>>,
        /// The group id.
        group: Option<u32>,
        /// The group that owns mounted volumes. Default: `group`, then `user`.
        volume_group: Option<u32>,
        /// Whether root is allowed. It breaks the *restricted* standard.
        root: Spanned<bool> = Spanned::new(false, crate::source::Span::NOWHERE),
        /// Whether the pod shares the node's network. It breaks the *baseline* standard.
        host_network: Spanned<bool> = Spanned::new(false, crate::source::Span::NOWHERE),
        ..container: ContainerSecurity,
    }
}

table! {
    /// Privileges of a container.
    pub struct ContainerSecurity {
        /// The image's own files.
        root_file_system: RootFileSystem = RootFileSystem::ReadOnly,
        /// Linux capabilities beyond none. Anything but NET_BIND_SERVICE breaks the *restricted* standard.
        capabilities: Vec<Spanned<String>>,
        /// Everything is allowed. It breaks the *baseline* standard.
        privileged: Spanned<bool> = Spanned::new(false, crate::source::Span::NOWHERE),
    }
}

choice! {
    /// Whether a container may write to its image's own files.
    pub enum RootFileSystem {
        /// It may not; what it writes goes to volumes.
        ReadOnly = "read-only",
        /// It may.
        Writable = "writable",
    }
}
