//! Patches: changes to finished objects.

use crate::language::value::Name;
use crate::source::{Node, Spanned};
use crate::table;

table! {
    /// A change to the finished objects of the component. It is applied last and checked like the rest.
    pub struct Patch {
        /// Which objects it changes.
        target: PatchTarget,
        /// A merge patch (RFC 7386): tables merge, anything else is replaced.
        merge: Option<Spanned<Node>>,
        /// Operations as in RFC 6902: `[{ op = "replace", path = "/spec/…", value = … }]`.
        json: Vec<Spanned<Node>>,
        /// Fields that a merge takes away, as JSON pointers.
        remove: Vec<Spanned<String>>,
    }
}

table! {
    /// The objects a patch changes: all of the component that agree.
    pub struct PatchTarget {
        /// The Kubernetes kind.
        kind: Spanned<String>,
        /// The object's name; any when not set.
        name: Option<Spanned<Name>>,
    }
}
