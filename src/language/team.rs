//! Teams: who owns stacks.

use std::collections::BTreeMap;

use super::value::{Group, Name};
use crate::table;

table! {
    /// Who owns stacks. Becomes an Argo CD AppProject on every cluster where something of theirs runs.
    pub struct Team {
        /// What the team is, for the AppProject's description.
        description: Option<String>,
        /// Directory groups by role (`admin`, `edit`, `view`): Argo CD project roles and Kubernetes RoleBindings.
        groups: BTreeMap<Name, Vec<Group>>,
    }
}
