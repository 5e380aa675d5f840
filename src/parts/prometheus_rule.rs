//! The alerts of a component.

use std::collections::BTreeMap;

use super::named;
use crate::kube::custom::PrometheusRule;
use crate::kube::custom::monitoring::{PrometheusRuleSpec, Rule, RuleGroup};
use crate::kube::{Object, Stage};
use crate::language::component::alert::Alert;
use crate::language::component::common::Common;
use crate::plan::Site;

/// The PrometheusRule, when the component has alerts.
pub fn object(common: &Common, site: &Site) -> Option<Object> {
    if common.alerts.is_empty() {
        return None;
    }
    let place = site.place();
    let rules =
        common.alerts.iter().map(|(name, alert)| rule(name.as_str(), alert, place.namespace)).collect();
    let rule = PrometheusRule {
        metadata: named(place.component),
        spec: PrometheusRuleSpec {
            groups: vec![RuleGroup {
                name: format!("{}.{}", place.deployment, place.component),
                interval: None,
                rules,
            }],
        },
    };
    Some(Object::from(rule).at(Stage::Observer))
}

fn rule(name: &str, alert: &Alert, namespace: &str) -> Rule {
    let own = alert.labels.iter();
    let mut labels: BTreeMap<String, String> =
        own.map(|(key, value)| (key.to_string(), value.to_string())).collect();
    labels.insert("severity".to_owned(), alert.severity.word().to_owned());
    // The operator sends a namespace's receivers only the alerts that carry its name, which not every expression
    // keeps.
    labels.insert("namespace".to_owned(), namespace.to_owned());
    let mut annotations = BTreeMap::from([("summary".to_owned(), alert.summary.clone())]);
    if let Some(description) = &alert.description {
        annotations.insert("description".to_owned(), description.clone());
    }
    if let Some(runbook) = &alert.runbook {
        annotations.insert("runbook_url".to_owned(), runbook.to_string());
    }
    Rule {
        record: None,
        alert: Some(name.to_owned()),
        expr: alert.expr.value.clone(),
        r#for: alert.r#for.map(|time| time.prometheus()),
        keep_firing_for: None,
        labels,
        annotations,
    }
}
