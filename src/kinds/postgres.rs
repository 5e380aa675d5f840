//! `postgres`: a PostgreSQL database, by the operator CloudNativePG or as a single server.

mod backup;
mod cluster;
mod fields;
mod pooler;
mod scalar;
mod server;

use std::collections::BTreeMap;

use crate::kube::Object;
use crate::kube::custom::Marks;
use crate::kube::custom::external_secrets::Template;
use crate::language::component::common::Common;
use crate::plan::{Endpoint, Kind, Lowered, Output, OutputValue, Outputs, Place, Site};
use crate::report::{Code, Diagnostic, Report};

use super::store::{Labels, secret};
pub use fields::{Backup, DatabaseStorage, Engine, Pool, PoolMode, Postgres};

/// The port of PostgreSQL and of PgBouncer.
const PORT: u16 = 5432;
/// The port on which the operator asks a server how it is, and servers ask each other.
const STATUS_PORT: u16 = 8000;
/// The port of the metrics of a server.
const METRICS_PORT: u16 = 9187;

impl Postgres {
    fn database(&self, component: &str) -> String {
        self.database.as_ref().map_or_else(|| scalar::Identifier::of(component), ToString::to_string)
    }

    fn owner(&self, component: &str) -> String {
        self.owner.as_ref().map_or_else(|| self.database(component), ToString::to_string)
    }

    /// The Secret with the owner's name and password: from the store, or the one the operator makes.
    fn secret(&self, component: &str) -> String {
        match self.password {
            Some(_) => format!("{component}-credentials"),
            None => format!("{component}-app"),
        }
    }

    /// The labels of the servers' pods.
    fn pods(&self, place: &Place) -> Labels {
        match self.engine {
            Engine::CloudNativePg => {
                Labels::from([("cnpg.io/cluster".to_owned(), place.component.to_owned())])
            }
            Engine::StatefulSet => place.selector(),
        }
    }

    /// The Secret with the owner's name and password, of the type the operator asks for.
    fn credentials(&self, site: &Site, report: &mut Report) -> Option<Object> {
        let component = site.place().component;
        let password = self.password.as_ref()?;
        let template = Template {
            r#type: Some("kubernetes.io/basic-auth".to_owned()),
            engine_version: Some("v2"),
            metadata: (self.engine == Engine::CloudNativePg).then(|| Marks {
                // The operator then sets a changed password in the database.
                labels: Labels::from([("cnpg.io/reload".to_owned(), "true".to_owned())]),
                ..Marks::default()
            }),
            data: Labels::from([
                ("username".to_owned(), self.owner(component)),
                ("password".to_owned(), "{{ .password }}".to_owned()),
            ]),
        };
        let keys = BTreeMap::from([("password", password)]);
        secret::fetched(&self.secret(component), &keys, Some(template), site, report)
    }

    fn check(&self, report: &mut Report) {
        if let Some(image) = &self.image
            && !image.value.tag().is_some_and(|tag| tag.starts_with(&*self.version.to_string()))
        {
            report.add(
                Diagnostic::new(
                    Code::InvalidValue,
                    image.span,
                    format!(
                        "the tag of `{}` does not begin with the version `{}`",
                        image.value, self.version
                    ),
                )
                .help("the operator reads the major version off the tag"),
            );
        }
        if self.replicas.value == 0 {
            report.add(Diagnostic::new(
                Code::InvalidValue,
                self.replicas.span,
                "a database has at least 1 server",
            ));
        }
        if let Some(synchronous) = &self.synchronous
            && (synchronous.value == 0 || synchronous.value >= self.replicas.value)
        {
            let message = format!(
                "{} of {} servers cannot confirm a commit beside the primary",
                synchronous.value, self.replicas.value
            );
            report.add(
                Diagnostic::new(Code::ConflictingFields, synchronous.span, message)
                    .because(self.replicas.span, "the servers, the primary included")
                    .help("ask for at least 1 and at most one less than there are servers"),
            );
        }
    }
}

impl Kind for Postgres {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, place: &Place) -> Outputs {
        let name = place.component;
        let endpoint = |labels: Labels| Endpoint::Pods {
            namespace: place.namespace.to_owned(),
            labels,
            ports: vec![PORT],
        };
        let servers = endpoint(self.pods(place));
        let (host, front) = match (self.engine, &self.pooler) {
            (Engine::CloudNativePg, Some(_)) => (pooler::name(name), endpoint(pooler::pods(name))),
            (Engine::CloudNativePg, None) => (format!("{name}-rw"), servers.clone()),
            (Engine::StatefulSet, _) => (name.to_owned(), servers.clone()),
        };
        let plain = |value: serde_json::Value| OutputValue::Plain(value);
        let secret = self.secret(name);
        let key = |key: &str| OutputValue::Secret { name: secret.clone(), key: key.to_owned() };
        let database = self.database(name);
        let url = |host: &str| OutputValue::Composed {
            text: format!("postgres://{{username}}:{{password}}@{}:{PORT}/{database}", place.host(host)),
            parts: ["username", "password"]
                .into_iter()
                .map(|part| (part.to_owned(), (secret.clone(), part.to_owned())))
                .collect(),
        };
        let mut outputs = vec![
            ("host", plain(place.host(&host).into()), &front),
            ("port", plain(PORT.into()), &front),
            ("database", plain(database.clone().into()), &front),
            ("username", key("username"), &front),
            ("password", key("password"), &front),
            ("url", url(&host), &front),
        ];
        if self.engine == Engine::CloudNativePg {
            let (direct, read) = (format!("{name}-rw"), format!("{name}-ro"));
            outputs.push(("direct-host", plain(place.host(&direct).into()), &servers));
            outputs.push(("direct-url", url(&direct), &servers));
            outputs.push(("read-host", plain(place.host(&read).into()), &servers));
            outputs.push(("read-url", url(&read), &servers));
        }
        outputs
            .into_iter()
            .map(|(name, value, endpoint)| {
                (name.to_owned(), Output { value, endpoint: Some(endpoint.clone()) })
            })
            .collect()
    }

    fn missing_output(&self, name: &str) -> Option<String> {
        let operator = ["direct-host", "direct-url", "read-host", "read-url"].contains(&name);
        (operator && self.engine == Engine::StatefulSet).then(|| {
            format!("a single server has no `{name}`: use `host` or `url`, or `engine = \"cloudnative-pg\"`")
        })
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        self.check(report);
        let mut objects: Vec<Object> = self.credentials(site, report).into_iter().collect();
        match self.engine {
            Engine::CloudNativePg => {
                objects.extend(cluster::objects(self, site, report));
                objects.extend(backup::objects(self, site, report));
                objects.extend(pooler::objects(self, site, report));
            }
            Engine::StatefulSet => objects.extend(server::objects(self, site, report)),
        }
        Lowered { objects, release: None }
    }
}

#[cfg(test)]
mod tests;
