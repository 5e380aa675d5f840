//! Receivers of alerts: an AlertmanagerConfig each, and the ExternalSecret that fetches its address.
//!
//! The operator adds a matcher for the namespace to every route, which is why alerts carry the label
//! `namespace`.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::SecretKeySelector;

use super::{named, observer};
use crate::kube::Object;
use crate::kube::custom::AlertmanagerConfig;
use crate::kube::custom::monitoring::{
    AlertReceiver, AlertRoute, AlertmanagerConfigSpec, DiscordConfig, Matcher,
};
use crate::language::component::receiver::Receiver;
use crate::language::value::{LabelValue, Operator, Requirement};
use crate::parts::external_secret;
use crate::plan::Deployment;
use crate::report::{Code, Diagnostic, Report};

/// The key of the Secret that holds a webhook's address.
const URL: &str = "url";

/// The objects of a deployment's receivers.
pub fn objects(deployment: &Deployment, report: &mut Report) -> Vec<Object> {
    let mut objects = Vec::new();
    for (name, receiver) in &deployment.receivers {
        let secret = secret_name(name);
        let data = [(URL.to_owned(), &receiver.discord)].into_iter();
        objects.extend(external_secret::object_in(deployment, &secret, &secret, data, report));
        objects.push(config(name, receiver, report));
    }
    objects
}

fn secret_name(receiver: &str) -> String {
    format!("receiver-{receiver}")
}

fn config(name: &str, receiver: &Receiver, report: &mut Report) -> Object {
    let discord = DiscordConfig {
        api_url: SecretKeySelector { name: secret_name(name), key: URL.to_owned(), optional: None },
        title: receiver.title.clone(),
        message: receiver.message.clone(),
        send_resolved: Some(receiver.send_resolved),
    };
    let mut matchers = Vec::new();
    if let Some(selector) = &receiver.r#match {
        for requirement in selector.value.requirements() {
            match matcher(requirement) {
                Some(matcher) => matchers.push(matcher),
                None => report.add(
                    Diagnostic::new(
                        Code::InvalidValue,
                        selector.span,
                        "Alertmanager compares labels with texts only, not with numbers",
                    )
                    .help("use `in`, `notin`, `=`, `!=`, or the label's name alone"),
                ),
            }
        }
    }
    observer(AlertmanagerConfig {
        metadata: named(name),
        spec: AlertmanagerConfigSpec {
            route: Some(AlertRoute {
                receiver: name.to_owned(),
                group_by: receiver.group_by.clone(),
                group_wait: Some(receiver.group_wait.prometheus()),
                group_interval: Some(receiver.group_interval.prometheus()),
                repeat_interval: Some(receiver.repeat_interval.prometheus()),
                matchers,
                ..AlertRoute::default()
            }),
            receivers: vec![AlertReceiver { name: name.to_owned(), discord_configs: vec![discord] }],
        },
    })
}

/// A label an alert has not is empty to Alertmanager.
fn matcher(requirement: &Requirement) -> Option<Matcher> {
    let any = |values: &BTreeSet<LabelValue>| {
        let values = values.iter().map(LabelValue::as_str);
        values.collect::<Vec<_>>().join("|")
    };
    let pattern = |values: &BTreeSet<LabelValue>| any(values).replace('.', "\\.");
    let (value, match_type) = match &requirement.operator {
        Operator::In(values) if values.len() == 1 => (any(values), "="),
        Operator::In(values) => (pattern(values), "=~"),
        Operator::NotIn(values) if values.len() == 1 => (any(values), "!="),
        Operator::NotIn(values) => (pattern(values), "!~"),
        Operator::Exists => (String::new(), "!="),
        Operator::DoesNotExist => (String::new(), "="),
        Operator::GreaterThan(_) | Operator::LessThan(_) => return None,
    };
    Some(Matcher { name: requirement.key.to_string(), value: Some(value), match_type: Some(match_type) })
}
