//! `helm`: a third-party chart. Argo CD renders it from the chart's repository and the values that kiln writes.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::component::output::Offer;
use crate::language::component::values::Values;
use crate::language::stack::PodSecurity;
use crate::language::value::{Capability, DnsLabel, Name};
use crate::plan::{HelmRelease, Kind, Lowered, Outputs, Place, Release, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;
use crate::table;

use super::plain;

table! {
    /// A third-party Helm chart: an Application of its own with the chart pinned, and a values file.
    pub struct Helm {
        /// The chart, by its name under `charts`, where its repository and version are pinned.
        chart: Spanned<Name>,
        /// The name of the release. Default: the component's name.
        release: Option<DnsLabel>,
        /// The namespace it is installed into. Default: the deployment's own.
        namespace: Option<DnsLabel>,
        /// The Pod Security level that this namespace needs.
        pod_security: PodSecurity = PodSecurity::Restricted,
        /// The chart's values. `{ from = "component.output" }` anywhere in them stands for that output.
        values: Values,
        /// What others may refer to, by name: a value, or a table with the pods and ports behind it.
        outputs: BTreeMap<Name, Offer>,
        /// What it brings beside what the chart provides: API groups, `storageclass/…`, `ingressclass/…`.
        provides: Vec<Spanned<Capability>>,
        ..common: Common,
    }
}

impl Kind for Helm {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, place: &Place) -> Outputs {
        plain::offered(self.outputs.iter().map(|(name, offer)| (name.to_string(), offer)), place)
    }

    fn provides(&self) -> &[Spanned<Capability>] {
        &self.provides
    }

    fn chart(&self) -> Option<&Spanned<Name>> {
        Some(&self.chart)
    }

    fn own_namespace(&self) -> Option<(&str, PodSecurity)> {
        self.namespace.as_ref().map(|namespace| (namespace.as_str(), self.pod_security))
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        let values = plain::values(&self.values, site, report);
        let charts = &site.plan.definitions.charts;
        let name = self.chart.value.as_str();
        let Some(chart) = charts.get(name) else {
            if site.plan.definitions.unread.contains(&format!("charts.{name}")) {
                return Lowered::default(); // what is wrong with the chart is reported
            }
            report.add(
                Diagnostic::new(Code::UnknownChart, self.chart.span, format!("there is no chart `{name}`"))
                    .nearest(name, charts.keys().map(String::as_str))
                    .help(format!("charts are pinned as `[charts.{name}]` in a file directly in `stacks/`")),
            );
            return Lowered::default();
        };
        let release = HelmRelease {
            chart: chart.clone(),
            chart_name: chart.chart.as_ref().map_or(name, Name::as_str).to_owned(),
            release_name: self.release.as_ref().map_or(&*site.component.name, DnsLabel::as_str).to_owned(),
            namespace: site.place().namespace.to_owned(),
            values,
        };
        Lowered { objects: Vec::new(), release: Some(Release::Helm(Box::new(release))) }
    }
}

#[cfg(test)]
mod tests;
