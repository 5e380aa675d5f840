//! Prometheus Operator, `monitoring.coreos.com` (`pkg/apis/monitoring/{v1,v1alpha1}`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::SecretKeySelector;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;

use super::{KeyOf, parts, resource};

resource! {
    /// The Services that Prometheus scrapes.
    ServiceMonitor = "monitoring.coreos.com" "v1" "ServiceMonitor" "servicemonitors", spec: ServiceMonitorSpec
}

resource! {
    /// The pods that Prometheus scrapes.
    PodMonitor = "monitoring.coreos.com" "v1" "PodMonitor" "podmonitors", spec: PodMonitorSpec
}

resource! {
    /// Recording rules and alerts.
    PrometheusRule = "monitoring.coreos.com" "v1" "PrometheusRule" "prometheusrules", spec: PrometheusRuleSpec
}

resource! {
    /// Who is told of alerts.
    AlertmanagerConfig = "monitoring.coreos.com" "v1alpha1" "AlertmanagerConfig" "alertmanagerconfigs",
    spec: AlertmanagerConfigSpec
}

parts! {
    /// Which Services are scraped, and how.
    ServiceMonitorSpec {
        /// The label of the Service whose value becomes the label `job`.
        job_label: Option<String>,
        /// The Services.
        selector: LabelSelector,
        /// What is scraped of each.
        endpoints: Vec<Endpoint>,
    }

    /// Which pods are scraped, and how.
    PodMonitorSpec {
        /// The label of the pod whose value becomes the label `job`.
        job_label: Option<String>,
        /// The pods.
        selector: LabelSelector,
        /// What is scraped of each.
        pod_metrics_endpoints: Vec<Endpoint>,
    }

    /// A metrics endpoint.
    Endpoint {
        /// The name of the Service's or container's port.
        port: Option<String>,
        /// The path; `/metrics` when not set.
        path: Option<String>,
        /// `http` (the default) or `https`.
        scheme: Option<&'static str>,
        /// Time between two scrapes.
        interval: Option<String>,
        /// How long an answer may take.
        scrape_timeout: Option<String>,
        /// How TLS certificates are checked.
        tls_config: Option<TlsConfig>,
    }

    /// How TLS certificates are checked.
    TlsConfig {
        /// Whether any certificate will do.
        insecure_skip_verify: Option<bool>,
    }

    /// Groups of rules.
    PrometheusRuleSpec {
        /// The groups.
        groups: Vec<RuleGroup>,
    }

    /// Rules that are evaluated one after the other.
    RuleGroup {
        /// Its name.
        name: String,
        /// Time between two evaluations; Prometheus' own when not set.
        interval: Option<String>,
        /// The rules.
        rules: Vec<Rule>,
    }

    /// A recording rule or an alert.
    Rule {
        /// The name of the series that is recorded.
        record: Option<String>,
        /// The name of the alert.
        alert: Option<String>,
        /// The expression.
        expr: String,
        /// How long it has to hold before the alert fires.
        r#for: Option<String>,
        /// How long the alert fires after it has ceased to hold.
        #[serde(rename = "keep_firing_for")]
        keep_firing_for: Option<String>,
        /// Labels that are added.
        labels: BTreeMap<String, String>,
        /// What people are told.
        annotations: BTreeMap<String, String>,
    }

    /// Routes and receivers of alerts.
    AlertmanagerConfigSpec {
        /// The route; the operator adds a matcher for the namespace.
        route: Option<AlertRoute>,
        /// The receivers.
        receivers: Vec<AlertReceiver>,
    }

    /// Which alerts go where.
    AlertRoute {
        /// The name of the receiver.
        receiver: String,
        /// The labels that alerts are grouped by.
        group_by: Vec<String>,
        /// How long to wait for more alerts of a new group.
        group_wait: Option<String>,
        /// How long to wait before a changed group is sent again.
        group_interval: Option<String>,
        /// How long to wait before an unchanged group is sent again.
        repeat_interval: Option<String>,
        /// Which alerts, by their labels.
        matchers: Vec<Matcher>,
        /// Whether later routes see the alert, too.
        r#continue: Option<bool>,
        /// Routes for some of the alerts.
        routes: Vec<AlertRoute>,
    }

    /// A condition on a label.
    Matcher {
        /// The label.
        name: String,
        /// The value it is compared with.
        value: Option<String>,
        /// `=`, `!=`, `=~` or `!~`.
        match_type: Option<&'static str>,
    }

    /// Where alerts go.
    AlertReceiver {
        /// Its name.
        name: String,
        /// Discord channels.
        discord_configs: Vec<DiscordConfig>,
    }

    /// A Discord channel.
    DiscordConfig {
        /// The Secret, of the same namespace, with the address of its webhook.
        #[serde(rename = "apiURL")]
        api_url: SecretKeySelector,
        /// The title of a message, an Alertmanager template.
        title: Option<String>,
        /// The text of a message.
        message: Option<String>,
        /// Whether the end of an alert is sent, too.
        send_resolved: Option<bool>,
    }
}

impl super::Absent for SecretKeySelector {}

impl From<KeyOf> for SecretKeySelector {
    fn from(key: KeyOf) -> Self {
        Self { name: key.name, key: key.key, optional: None }
    }
}
