//! The `Cluster` of CloudNativePG, its metrics and its traffic.

use crate::kube::Object;
use crate::kube::custom::cloudnative_pg::{
    AccountTemplate, Affinity, Bootstrap, InitDb, Monitoring, Plugin, PostgresClusterSpec, Postgresql,
    Storage, Synchronous,
};
use crate::kube::custom::{KeyOf, LocalName, Marks, PostgresCluster};
use crate::language::value::{Quantity, RelativePath};
use crate::parts::config_map::find;
use crate::parts::{self, named};
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, Spanned};

use super::super::store::traffic::{API_PORTS, Traffic};
use super::super::store::{Labels, config_map, pod, pod_monitor};
use super::{METRICS_PORT, PORT, Postgres, STATUS_PORT, backup};

/// The key of the ConfigMap with queries.
const QUERIES: &str = "queries.yaml";

/// The setting that the operator has a field of its own for.
const LIBRARIES: &str = "shared_preload_libraries";
/// The settings that the operator keeps for itself (`pkg/postgres/configuration.go`), the ones people try.
const FIXED: &[&str] = &[
    "archive_command",
    "archive_mode",
    "cluster_name",
    "config_file",
    "data_directory",
    "hba_file",
    "hot_standby",
    "listen_addresses",
    "log_destination",
    "log_directory",
    "logging_collector",
    "port",
    "primary_conninfo",
    "primary_slot_name",
    "restore_command",
    "ssl",
    "ssl_ca_file",
    "ssl_cert_file",
    "ssl_key_file",
    "synchronous_standby_names",
    "unix_socket_directories",
];

/// The cluster and what watches it.
pub fn objects(postgres: &Postgres, site: &Site, report: &mut Report) -> Vec<Object> {
    let place = site.place();
    let name = place.component;
    let queries = postgres.queries.as_ref().and_then(|path| queries(path, site, report));
    let cluster =
        PostgresCluster { metadata: named(name), spec: spec(postgres, site, queries.is_some(), report) };
    let mut objects = vec![cluster.into()];
    objects.extend(queries);
    if postgres.metrics {
        // The poolers' pods carry the label of the cluster, too.
        let mut instances = postgres.pods(&place);
        instances.insert("cnpg.io/podRole".to_owned(), "instance".to_owned());
        objects.push(pod_monitor(name, &instances, postgres.metrics_interval));
    }
    objects.extend(traffic(postgres, site).policy(site));
    objects
}

fn spec(postgres: &Postgres, site: &Site, queries: bool, report: &mut Report) -> PostgresClusterSpec {
    let place = site.place();
    let name = place.component;
    let image = postgres.image.as_ref().map(|image| image.value.to_string());
    let storage = |size: &Quantity| Storage {
        storage_class: pod::storage_class(postgres.storage.class.as_ref(), site),
        size: Some(size.to_string()),
    };
    for (parameter, setting) in &postgres.parameters {
        if FIXED.contains(&&*parameter.to_string()) {
            report.add(
                Diagnostic::new(
                    Code::ConflictingFields,
                    setting.span,
                    format!("`{parameter}` is set by the operator, which refuses another value"),
                )
                .help("take it away"),
            );
        }
    }
    let libraries = postgres.parameters.iter().filter(|(parameter, _)| parameter.to_string() == LIBRARIES);
    let shared_preload_libraries: Vec<String> = libraries
        .flat_map(|(_, setting)| setting.value.text("", "").split(',').map(str::to_owned).collect::<Vec<_>>())
        .map(|library| library.trim().to_owned())
        .filter(|library| !library.is_empty())
        .collect();
    let parameters: Labels = postgres
        .parameters
        .iter()
        .filter(|(parameter, _)| parameter.to_string() != LIBRARIES)
        .map(|(name, setting)| (name.to_string(), setting.value.text("on", "off")))
        .collect();
    let synchronous = postgres.synchronous.as_ref().map(|number| Synchronous {
        method: "any",
        number: parts::count(number.value),
        data_durability: None,
    });
    let postgresql = (!postgres.parameters.is_empty() || synchronous.is_some()).then(|| Postgresql {
        parameters,
        synchronous,
        shared_preload_libraries,
        ..Postgresql::default()
    });
    let annotations: Labels =
        postgres.identity.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    let config_map = KeyOf { name: queries_name(name), key: QUERIES.to_owned() };
    PostgresClusterSpec {
        instances: parts::count(postgres.replicas.value),
        image_name: Some(image.unwrap_or_else(|| {
            format!("ghcr.io/cloudnative-pg/postgresql:{}-standard-trixie", postgres.version)
        })),
        bootstrap: Some(Bootstrap {
            initdb: Some(InitDb {
                database: Some(postgres.database(name)),
                owner: Some(postgres.owner(name)),
                secret: postgres.password.as_ref().map(|_| LocalName { name: postgres.secret(name) }),
                // Damage to a page is then noticed instead of copied.
                data_checksums: Some(true),
                post_init_application_sql: postgres.init_sql.clone(),
                ..InitDb::default()
            }),
        }),
        storage: Some(storage(&postgres.storage.size)),
        wal_storage: postgres.storage.wal_size.as_ref().map(|size| storage(&size.value)),
        postgresql,
        affinity: affinity(postgres),
        resources: postgres
            .resources
            .as_ref()
            .map(|resources| parts::resources::requirements(resources, report)),
        priority_class_name: postgres
            .scheduling
            .as_ref()
            .and_then(|scheduling| scheduling.priority_class.as_ref())
            .map(|class| class.value.to_string()),
        monitoring: queries
            .then(|| Monitoring { custom_queries_config_map: vec![config_map], ..Monitoring::default() }),
        plugins: postgres
            .backup
            .as_ref()
            .map(|_| Plugin {
                name: backup::PLUGIN.to_owned(),
                enabled: true,
                is_wal_archiver: Some(true),
                parameters: Labels::from([("barmanObjectName".to_owned(), backup::store_name(name))]),
            })
            .into_iter()
            .collect(),
        service_account_template: (!annotations.is_empty())
            .then(|| AccountTemplate { metadata: Marks { annotations, ..Marks::default() } }),
        // Its budget for one server would block every drain of that server's node.
        enable_pdb: (postgres.replicas.value < 2).then_some(false),
        ..PostgresClusterSpec::default()
    }
}

fn affinity(postgres: &Postgres) -> Option<Affinity> {
    let scheduling = postgres.scheduling.as_ref();
    let (node_selector, tolerations) = (pod::node_selector(scheduling), pod::tolerations(scheduling));
    let several = postgres.replicas.value > 1;
    if !several && node_selector.is_empty() && tolerations.is_empty() {
        return None;
    }
    let topology = pod::topology(scheduling);
    let required = scheduling.is_some_and(|scheduling| scheduling.spread_required);
    Some(Affinity {
        enable_pod_anti_affinity: several.then_some(topology.is_some()),
        topology_key: topology.filter(|_| several).map(str::to_owned),
        pod_anti_affinity_type: (several && topology.is_some()).then_some(if required {
            "required"
        } else {
            "preferred"
        }),
        node_selector,
        tolerations,
    })
}

fn queries_name(name: &str) -> String {
    format!("{name}-queries")
}

fn queries(path: &Spanned<RelativePath>, site: &Site, report: &mut Report) -> Option<Object> {
    let file = find("files", path, site, report)?;
    let sources = site.plan.sources;
    let Some(Content::Text(text)) = sources.get(file).map(|file| &file.content) else {
        report.add(Diagnostic::new(
            Code::NotUtf8,
            path.span,
            format!("`{}` is not UTF-8 text", sources.path(file)),
        ));
        return None;
    };
    let data = Labels::from([(QUERIES.to_owned(), text.clone())]);
    let mut map = config_map(queries_name(site.place().component), data);
    // The operator then takes over changes without a restart.
    map.metadata.labels = Some(Labels::from([("cnpg.io/reload".to_owned(), "true".to_owned())]));
    Some(map.into())
}

fn traffic(postgres: &Postgres, site: &Site) -> Traffic {
    let place = site.place();
    let pods = postgres.pods(&place);
    let cluster = site.deployment.cluster;
    let mut anywhere = API_PORTS.to_vec();
    if let Some(backup) = &postgres.backup {
        let port = backup
            .endpoint
            .as_ref()
            .and_then(|endpoint| endpoint.port().or((endpoint.scheme() == "http").then_some(80)));
        anywhere.extend(port.filter(|port| !API_PORTS.contains(port)));
    }
    let mut traffic = Traffic::of(place.component, &pods)
        .open_to_consumers(site, &pods, &[PORT])
        // Also the jobs that make a server, and the poolers: all carry the cluster's label.
        .open_to_pods(&pods, &[PORT, STATUS_PORT])
        .open_to_namespace(postgres.operator_namespace.as_str(), &[PORT, STATUS_PORT]);
    if postgres.metrics {
        traffic = traffic.open_to_namespace(cluster.monitoring.namespace.as_str(), &[METRICS_PORT]);
    }
    traffic
        .reaching_pods(&pods, &[PORT, STATUS_PORT])
        .reaching_anywhere(&anywhere)
        .and(postgres.network.as_ref())
}
