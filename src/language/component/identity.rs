//! Identity: the ServiceAccount of a component, and what it may do.

use std::collections::BTreeMap;

use crate::language::value::{LabelKey, Name};
use crate::table;

table! {
    /// Who the pods are. Every workload has a ServiceAccount of its own, without a token unless it needs one.
    pub struct Identity {
        /// Annotations of the ServiceAccount, for cloud identities.
        annotations: BTreeMap<LabelKey, String>,
        /// Whether the pods get a token for the Kubernetes API. Default: only when there are `rules`.
        token: Option<bool>,
        /// What the pods may do in their namespace: a Role and a RoleBinding.
        rules: BTreeMap<Name, Rule>,
    }
}

table! {
    /// One rule of a Role.
    pub struct Rule {
        /// API groups; `""` is the core group.
        api_groups: Vec<String> = vec![String::new()],
        /// Resources, in the plural: `pods`, `configmaps`.
        resources: Vec<String>,
        /// Verbs: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`.
        verbs: Vec<String>,
        /// Only the objects with these names.
        resource_names: Vec<String>,
    }
}
