//! Volumes.

use crate::language::read::{Read, Reader};
use crate::language::reference::VolumeReference;
use crate::language::shape::Shape;
use crate::language::value::{DnsSubdomain, Name, Path, Quantity, RelativePath};
use crate::source::{Node, Spanned};
use crate::{choice, table};

table! {
    /// A volume: a claim (`size`), scratch space (`scratch`), another component's volume (`volume`) or a secret (`secret`): exactly one of these.
    pub struct Volume {
        /// The size of a PersistentVolumeClaim.
        size: Option<Spanned<Quantity>>,
        /// Who may mount the claim at the same time.
        access: Access = Access::One,
        /// The StorageClass. Default: the cluster's `storage.block`, or `storage.shared` for shared access.
        class: Option<Spanned<DnsSubdomain>>,
        /// Scratch space that goes with the pod, of at most this size.
        scratch: Option<Spanned<Quantity>>,
        /// Whether scratch space is in memory.
        memory: bool = false,
        /// A volume of another component, such as `api.static`. It says nothing of the order: `depends-on` does, where one fills what the other reads.
        volume: Option<VolumeReference>,
        /// Secrets of this component as files, by their names under `secrets`.
        secret: Option<Spanned<Name>>,
        /// The folder it appears in. Without one, only sidecars and init steps mount it.
        mount: Option<Spanned<Path>>,
        /// A folder of the volume instead of all of it.
        sub_path: Option<RelativePath>,
        /// Whether it is mounted for reading only.
        read_only: bool = false,
    }
}

choice! {
    /// Who may mount a claim at the same time.
    pub enum Access {
        /// The pods of one node (ReadWriteOnce).
        One = "one",
        /// The pods of all nodes (ReadWriteMany).
        Shared = "shared",
        /// One pod (ReadWriteOncePod).
        Pod = "pod",
    }
}

/// Where a sidecar or init step mounts a volume of its component.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// The folder.
    pub path: Path,
    /// Whether only for reading.
    pub read_only: bool,
    /// A folder of the volume instead of all of it.
    pub sub_path: Option<RelativePath>,
    /// Where it is written.
    pub span: crate::source::Span,
}

table! {
    /// A mount with its options.
    pub struct MountOptions {
        /// The folder it appears in.
        path: Path,
        /// Whether it is mounted for reading only.
        read_only: bool = false,
        /// A folder of the volume instead of all of it.
        sub_path: Option<RelativePath>,
    }
}

impl Read for Mount {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.as_table().is_some() {
            let options = MountOptions::read(node, reader)?;
            return Some(Mount {
                path: options.path,
                read_only: options.read_only,
                sub_path: options.sub_path,
                span: node.span,
            });
        }
        Path::read(node, reader).map(|path| Mount { path, read_only: false, sub_path: None, span: node.span })
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Path::shape(), MountOptions::shape()])
    }
}
