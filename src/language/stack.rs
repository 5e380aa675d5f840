//! A stack's header, its instances and its overlays.

use std::collections::BTreeMap;

use super::param::{ParamName, ParamValue};
use super::select::Select;
use super::value::{LabelKey, LabelValue, Name};
use crate::source::{Node, Spanned};
use crate::{choice, table};

table! {
    /// The stack as a whole.
    pub struct StackHeader {
        /// The team that owns it.
        team: Spanned<Name>,
        /// The namespace of each instance; an expression. Default: the instance's full name.
        namespace: Option<Spanned<String>>,
        /// Labels of every instance, for placements and overlays.
        labels: BTreeMap<LabelKey, LabelValue>,
        /// The Pod Security level that the namespaces enforce. Less than `restricted` is for what needs it.
        pod_security: PodSecurity = PodSecurity::Restricted,
        /// Whether the namespaces deny all traffic that no reference, route or scrape asks for.
        network: NetworkDefault = NetworkDefault::Deny,
    }
}

choice! {
    /// A level of the Pod Security Standards.
    pub enum PodSecurity {
        /// Hardened: the default of everything kiln renders.
        Restricted = "restricted",
        /// No known privilege escalations.
        Baseline = "baseline",
        /// Everything is allowed.
        Privileged = "privileged",
    }
}

choice! {
    /// What happens to traffic that nothing asks for.
    pub enum NetworkDefault {
        /// It is dropped.
        Deny = "deny",
        /// It passes.
        Open = "open",
    }
}

table! {
    /// A stack with its parameters filled in.
    pub struct Instance {
        /// Labels, for placements and overlays.
        labels: BTreeMap<LabelKey, LabelValue>,
        /// Values of the stack's parameters.
        params: BTreeMap<ParamName, ParamValue>,
    }
}

table! {
    /// Changes for the deployments whose labels match: the same shape as a stack.
    pub struct Overlay {
        /// The instances it applies to; all when not set.
        instances: Option<Select>,
        /// The clusters it applies to; all when not set.
        clusters: Option<Select>,
        /// Which overlay wins when two set the same field: the higher.
        priority: i64 = 0,
        /// Fields of components, as in the stack.
        components: BTreeMap<Name, Node>,
        /// Fields that are taken away, as dotted paths such as `components.backend.scale`.
        unset: Vec<Spanned<String>>,
    }
}
