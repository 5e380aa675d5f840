//! The `Cluster` of CloudNativePG, its metrics and its traffic.

use crate::kube::Object;
use crate::kube::custom::cloudnative_pg::{
    AccountTemplate, Affinity, Bootstrap, InitDb, Monitoring, Plugin, PostgresClusterSpec, Postgresql,
    Storage, Synchronous,
};
use crate::kube::custom::{KeyOf, LocalName, Marks, PostgresCluster};
use crate::language::value::{Quantity, RelativePath};
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, Spanned};

use super::super::files;
use super::super::store::traffic::{API_PORTS, Traffic};
use super::super::store::{Labels, config_map, kept, named, pod, pod_monitor};
use super::{METRICS_PORT, PORT, Postgres, STATUS_PORT, backup};

/// The key of the ConfigMap with queries.
const QUERIES: &str = "queries.yaml";

/// The cluster and what watches it.
pub fn objects(postgres: &Postgres, site: &Site, report: &mut Report) -> Vec<Object> {
    let place = site.place();
    let name = place.component;
    let queries = postgres.queries.as_ref().and_then(|path| queries(path, site, report));
    let cluster = PostgresCluster { metadata: named(name), spec: spec(postgres, site, queries.is_some()) };
    let mut objects = vec![kept(cluster.into(), site)];
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

fn spec(postgres: &Postgres, site: &Site, queries: bool) -> PostgresClusterSpec {
    let place = site.place();
    let name = place.component;
    let image = postgres.image.as_ref().map(|image| image.value.to_string());
    let storage = |size: &Quantity| Storage {
        storage_class: pod::storage_class(postgres.storage.class.as_ref(), site),
        size: Some(size.to_string()),
    };
    let parameters: Labels = postgres
        .parameters
        .iter()
        .map(|(name, setting)| (name.to_string(), setting.text("on", "off")))
        .collect();
    let synchronous = postgres.synchronous.as_ref().map(|number| Synchronous {
        method: "any",
        number: i32::try_from(number.value).unwrap_or(i32::MAX),
        data_durability: None,
    });
    let postgresql = (!parameters.is_empty() || synchronous.is_some()).then(|| Postgresql {
        parameters,
        synchronous,
        ..Postgresql::default()
    });
    let annotations: Labels =
        postgres.identity.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
    let config_map = KeyOf { name: queries_name(name), key: QUERIES.to_owned() };
    PostgresClusterSpec {
        instances: i32::try_from(postgres.replicas.value).unwrap_or(i32::MAX),
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
        resources: postgres.resources.as_ref().map(pod::requirements),
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
    let file = files::find(site, files::Folder::Files, path, report)?;
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
        .from_consumers(site, &pods, &[PORT])
        // Also the jobs that make a server, and the poolers: all carry the cluster's label.
        .from_pods(&pods, &[PORT, STATUS_PORT])
        .from_namespace(postgres.operator_namespace.as_str(), &[PORT, STATUS_PORT]);
    if postgres.metrics {
        traffic = traffic.from_namespace(cluster.monitoring.namespace.as_str(), &[METRICS_PORT]);
    }
    traffic.to_pods(&pods, &[PORT, STATUS_PORT]).to_anywhere(&anywhere).and(postgres.network.as_ref())
}
