//! Alerts and dashboards of components that are no workloads.

use crate::kube::Object;
use crate::language::component::common::Common;
use crate::parts::{dashboard, prometheus_rule};
use crate::plan::Site;
use crate::report::Report;

/// The alerts as one PrometheusRule, and the dashboards.
pub fn objects(common: &Common, site: &Site, report: &mut Report) -> Vec<Object> {
    let mut objects: Vec<Object> = prometheus_rule::object(common, site).into_iter().collect();
    objects.extend(dashboard::objects(common, site, report));
    objects
}
