//! The fields that every kind has.

use std::collections::BTreeMap;

use super::alert::{Alert, Dashboard};
use super::patch::Patch;
use crate::language::reference::Dependency;
use crate::language::value::{FreeLabelKey, LabelKey, LabelValue, Name};
use crate::source::Spanned;
use crate::table;

table! {
    /// The fields that every kind has.
    pub struct Common {
        /// The kind of the component.
        kind: String,
        /// Whether the component is there at all; an expression makes it depend on a parameter.
        enabled: bool = true,
        /// Groups of fields under `shared` that this component has as well; its own fields win over theirs.
        r#use: Vec<Spanned<Name>>,
        /// Components that have to be there first, where no reference says so already.
        depends_on: Vec<Dependency>,
        /// Labels on every object of the component.
        labels: BTreeMap<FreeLabelKey, LabelValue>,
        /// Annotations on every object of the component.
        annotations: BTreeMap<LabelKey, String>,
        /// Prometheus alerts.
        alerts: BTreeMap<Name, Alert>,
        /// Grafana dashboards.
        dashboards: BTreeMap<Name, Dashboard>,
        /// Changes to the finished objects, for what the language has no field for.
        patches: BTreeMap<Name, Patch>,
    }
}
