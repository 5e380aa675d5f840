//! Alerts and dashboards.

use std::collections::BTreeMap;

use crate::language::value::{Duration, LabelValue, Name, RelativePath, Url};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// A Prometheus alert; the alerts of a component form one PrometheusRule.
    pub struct Alert {
        /// When it fires, as a PromQL expression.
        expr: Spanned<String>,
        /// How long the expression has to hold before it fires.
        r#for: Option<Duration>,
        /// How urgent it is: the label `severity`.
        severity: Severity = Severity::Warning,
        /// One line for the person on call.
        summary: String,
        /// What it means and what to do; Prometheus' own templates, `{{ $labels.pod }}` and `{{ $value }}`, are left as they are.
        description: Option<String>,
        /// Where the steps to take are written down.
        runbook: Option<Url>,
        /// More labels, for routing.
        labels: BTreeMap<Name, LabelValue>,
    }
}

choice! {
    /// How urgent an alert is.
    pub enum Severity {
        /// Somebody has to look now.
        Critical = "critical",
        /// Somebody has to look soon.
        Warning = "warning",
        /// Good to know.
        Info = "info",
    }
}

table! {
    /// A Grafana dashboard, found by Grafana's sidecar.
    pub struct Dashboard {
        /// Its JSON, a file under the stack's `files/`.
        file: Spanned<RelativePath>,
        /// The folder it appears in.
        folder: Option<String>,
    }
}
