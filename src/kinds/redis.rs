//! `redis`: Redis or Valkey, alone, with replicas, or with sentinels that replace a primary that fails.

mod configuration;
mod fields;
mod pods;
mod services;

use std::collections::BTreeMap;

use crate::kube::Object;
use crate::language::component::common::Common;
use crate::parts::account;
use crate::plan::{Endpoint, Kind, Lowered, Output, OutputValue, Outputs, Place, Site};
use crate::report::{Code, Diagnostic, Report};

use super::store::traffic::Traffic;
use super::store::{Labels, disruption_budget, pod_monitor, secret};
pub use fields::{Engine, Redis};

/// The port of Redis.
const PORT: u16 = 6379;
/// The port of a sentinel.
const SENTINEL_PORT: u16 = 26379;
/// The port of the metrics.
const METRICS_PORT: u16 = 9121;
/// The name under which the sentinels know the primary.
const PRIMARY_NAME: &str = "primary";
/// The key of the password in its Secret.
const PASSWORD: &str = "password";

/// Settings that are passwords.
const PASSWORDS: &[&str] = &["requirepass", "masterauth", "primaryauth"];
/// Settings that the scripts write themselves.
const KEPT: &[&str] = &[
    "bind",
    "dir",
    "masterauth",
    "port",
    "primaryauth",
    "replica-announce-ip",
    "replica-announce-port",
    "replicaof",
    "requirepass",
    "slaveof",
];

/// What a pod of the component does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It keeps the data.
    Server,
    /// It watches the servers.
    Sentinel,
}

impl Role {
    /// The labels of the pods that do this.
    fn pods(self, place: &Place) -> Labels {
        let mut labels = place.selector();
        let role = match self {
            Role::Server => "server",
            Role::Sentinel => "sentinel",
        };
        labels.insert("app.kubernetes.io/component".to_owned(), role.to_owned());
        labels
    }

    /// The name of the StatefulSet of these pods.
    fn name(self, component: &str) -> String {
        match self {
            Role::Server => component.to_owned(),
            Role::Sentinel => format!("{component}-sentinel"),
        }
    }
}

impl Redis {
    fn has_sentinels(&self) -> bool {
        self.sentinels.value > 0
    }

    /// The number of pods that do this.
    fn count(&self, role: Role) -> u32 {
        match role {
            Role::Server => self.replicas.value.saturating_add(1),
            Role::Sentinel => self.sentinels.value,
        }
    }

    fn secret(&self, component: &str) -> String {
        format!("{component}-credentials")
    }

    fn check(&self, report: &mut Report) {
        for (name, setting) in &self.parameters {
            if KEPT.contains(&name.as_str()) {
                let message = format!("`{name}` is set by kiln");
                let diagnostic = Diagnostic::new(Code::ConflictingFields, setting.span, message);
                report.add(if PASSWORDS.contains(&name.as_str()) {
                    diagnostic.help("say where the password is: `password = { key = \"…\" }`")
                } else {
                    diagnostic.help("take it away: the pods could not find each other otherwise")
                });
            }
        }
        let sentinels = &self.sentinels;
        if !self.has_sentinels() {
            return;
        }
        if sentinels.value < 3 || sentinels.value.is_multiple_of(2) {
            report.add(
                Diagnostic::new(
                    Code::InvalidValue,
                    sentinels.span,
                    format!("{} sentinels cannot agree on a new primary", sentinels.value),
                )
                .help("an odd number of at least 3 keeps a majority when one is gone"),
            );
        }
        if self.replicas.value == 0 {
            report.add(
                Diagnostic::new(
                    Code::ConflictingFields,
                    sentinels.span,
                    "sentinels need a replica to promote",
                )
                .because(self.span, "there is no replica beside the primary")
                .help("set `replicas` to at least 1, or take `sentinels` away"),
            );
        }
        if self.password.is_none() {
            report.add(
                Diagnostic::new(Code::MissingField, sentinels.span, "sentinels need a `password`")
                    .label("they and the servers speak to each other with it")
                    .help("say where it is: `password = { key = \"…\" }`"),
            );
        }
    }

    fn traffic(&self, site: &Site) -> Traffic {
        let place = site.place();
        let pods = place.selector();
        let ports: &[u16] = if self.has_sentinels() { &[PORT, SENTINEL_PORT] } else { &[PORT] };
        let mut traffic = Traffic::of(place.component, &pods).open_to_consumers(site, &pods, ports);
        if self.replicas.value > 0 {
            traffic = traffic.open_to_pods(&pods, ports).reaching_pods(&pods, ports);
        }
        if self.metrics {
            let monitoring = site.deployment.cluster.monitoring.namespace.as_str();
            traffic = traffic.open_to_namespace(monitoring, &[METRICS_PORT]);
        }
        traffic.and(self.network.as_ref())
    }
}

impl Kind for Redis {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, place: &Place) -> Outputs {
        let ports = if self.has_sentinels() { vec![PORT, SENTINEL_PORT] } else { vec![PORT] };
        let endpoint =
            Endpoint::Pods { namespace: place.namespace.to_owned(), labels: place.selector(), ports };
        let url = |scheme: &str, host: &str, port: u16, path: &str| {
            let secret = self.secret(place.component);
            match self.password {
                Some(_) => OutputValue::Composed {
                    text: format!("{scheme}://:{{password}}@{host}:{port}{path}"),
                    parts: BTreeMap::from([("password".to_owned(), (secret, PASSWORD.to_owned()))]),
                },
                None => OutputValue::Plain(format!("{scheme}://{host}:{port}{path}").into()),
            }
        };
        let mut outputs: Vec<(&str, OutputValue)> = Vec::new();
        if self.has_sentinels() {
            let host = place.host(&Role::Sentinel.name(place.component));
            outputs.push(("sentinel-url", url("sentinel", &host, SENTINEL_PORT, "")));
            outputs.push(("sentinel-host", OutputValue::Plain(host.into())));
            outputs.push(("sentinel-port", OutputValue::Plain(SENTINEL_PORT.into())));
            outputs.push(("primary-name", OutputValue::Plain(PRIMARY_NAME.into())));
        } else {
            let host = place.host(place.component);
            outputs.push(("url", url("redis", &host, PORT, "/0")));
            outputs.push(("host", OutputValue::Plain(host.into())));
            outputs.push(("port", OutputValue::Plain(PORT.into())));
        }
        if self.replicas.value > 0 {
            let host = place.host(&services::read_name(place.component));
            outputs.push(("read-url", url("redis", &host, PORT, "/0")));
            outputs.push(("read-host", OutputValue::Plain(host.into())));
        }
        if self.password.is_some() {
            let (name, key) = (self.secret(place.component), PASSWORD.to_owned());
            outputs.push(("password", OutputValue::Secret { name, key }));
        }
        outputs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), Output { value, endpoint: Some(endpoint.clone()) }))
            .collect()
    }

    fn missing_output(&self, name: &str) -> Option<String> {
        match name {
            "host" | "port" | "url" if self.has_sentinels() => Some(
                "with sentinels the primary moves: clients ask them, with `sentinel-host`, `sentinel-port` and \
                 `primary-name`, or `sentinel-url`"
                    .to_owned(),
            ),
            "sentinel-host" | "sentinel-port" | "sentinel-url" | "primary-name" if !self.has_sentinels() => {
                Some("there are no sentinels: use `host` and `port`, or set `sentinels = 3`".to_owned())
            }
            "read-host" | "read-url" => Some("there is no replica to read from: set `replicas`".to_owned()),
            "password" => Some("there is no password: say where it is with `password = { key = \"…\" }`".to_owned()),
            _ => None,
        }
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        self.check(report);
        let place = site.place();
        let mut objects: Vec<Object> = account::objects(None, site);
        if let Some(password) = &self.password {
            let keys = BTreeMap::from([(PASSWORD, password)]);
            objects.extend(secret::fetched(&self.secret(place.component), &keys, None, site, report));
        }
        let configuration = configuration::Configuration::of(self, place.component);
        let roles: &[Role] =
            if self.has_sentinels() { &[Role::Server, Role::Sentinel] } else { &[Role::Server] };
        for role in roles {
            let (name, pods) = (role.name(place.component), role.pods(&place));
            objects.extend(services::objects(self, *role, &place));
            objects.push(pods::stateful_set(self, *role, &configuration, site, report));
            if self.count(*role) > 1 {
                objects.push(disruption_budget(&name, &pods).into());
            }
        }
        objects.push(configuration.object());
        if self.metrics {
            objects.push(pod_monitor(place.component, &Role::Server.pods(&place), self.metrics_interval));
        }
        objects.extend(self.traffic(site).policy(site));
        Lowered { objects, release: None }
    }
}

#[cfg(test)]
mod tests;
