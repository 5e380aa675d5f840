//! A single PostgreSQL server without an operator: a StatefulSet of one pod.

use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec};
use k8s_openapi::api::core::v1::{
    Container, ContainerPort, PodSpec, PodTemplateSpec, Probe, Service, ServicePort, ServiceSpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kube::Object;
use crate::parts::{self, named};
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

use super::super::store::traffic::Traffic;
use super::super::store::{pod, pod_monitor, selector};
use super::{METRICS_PORT, PORT, Postgres};

/// The exporter of metrics that runs beside the server.
const EXPORTER: &str = "quay.io/prometheuscommunity/postgres-exporter:v0.18.1";
/// The users `postgres` of the official images.
const ALPINE_USER: i64 = 70;
const DEBIAN_USER: i64 = 999;
/// The folder of the volume. Not the image's own: that one is a volume of the image in some versions, and would hide
/// what lies there.
const VOLUME: &str = "/data";

/// The server, its Service and what watches it.
pub fn objects(postgres: &Postgres, site: &Site, report: &mut Report) -> Vec<Object> {
    refuse(postgres, report);
    let place = site.place();
    let name = place.component;
    let pods = place.selector();
    let service = Service {
        metadata: named(name),
        spec: Some(ServiceSpec {
            selector: Some(pods.clone()),
            ports: Some(vec![ServicePort {
                name: Some("postgres".to_owned()),
                port: i32::from(PORT),
                target_port: Some(IntOrString::String("postgres".to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    };
    let set = StatefulSet {
        metadata: named(name),
        spec: StatefulSetSpec {
            replicas: Some(1),
            service_name: Some(name.to_owned()),
            selector: selector(&pods),
            template: template(postgres, site, report),
            volume_claim_templates: Some(vec![pod::claim(
                postgres.storage.size,
                postgres.storage.class.as_ref(),
                site,
            )]),
            ..StatefulSetSpec::default()
        },
        ..StatefulSet::default()
    };
    let mut traffic = Traffic::of(name, &pods).open_to_consumers(site, &pods, &[PORT]);
    let mut objects = parts::account::objects(None, site);
    objects.extend([service.into(), set.into()]);
    if postgres.metrics {
        objects.push(pod_monitor(name, &pods, postgres.metrics_interval));
        let monitoring = site.deployment.cluster.monitoring.namespace.as_str();
        traffic = traffic.open_to_namespace(monitoring, &[METRICS_PORT]);
    }
    objects.extend(traffic.and(postgres.network.as_ref()).policy(site));
    objects
}

/// What only the operator can do.
fn refuse(postgres: &Postgres, report: &mut Report) {
    let mut only = |span: Option<Span>, what: &str| {
        if let Some(span) = span {
            let message = format!("{what} need `engine = \"cloudnative-pg\"`");
            report.add(
                Diagnostic::new(Code::ConflictingFields, span, message)
                    .because(postgres.span, "this is a single server")
                    .help("take this away, or let the operator run the database"),
            );
        }
    };
    only((postgres.replicas.value > 1).then_some(postgres.replicas.span), "several servers");
    only(postgres.pooler.as_ref().map(|pool| pool.span), "pooled connections");
    only(postgres.backup.as_ref().map(|backup| backup.span), "backups");
    only(postgres.queries.as_ref().map(|queries| queries.span), "queries of your own");
    only(postgres.storage.wal_size.as_ref().map(|size| size.span), "volumes for the write-ahead log");
    if !postgres.init_sql.is_empty() {
        only(Some(postgres.span), "first statements");
    }
    if postgres.password.is_none() {
        report.add(
            Diagnostic::new(Code::MissingField, postgres.span, "a single server needs a `password`")
                .help("say where it is: `password = { key = \"…\" }`; only the operator makes one up"),
        );
    }
}

fn template(postgres: &Postgres, site: &Site, report: &mut Report) -> PodTemplateSpec {
    let place = site.place();
    let name = place.component;
    let image = postgres
        .image
        .as_ref()
        .map_or_else(|| format!("postgres:{}-alpine", postgres.version), |image| image.value.to_string());
    let user = if image.contains("alpine") { ALPINE_USER } else { DEBIAN_USER };
    let (database, owner, secret) = (postgres.database(name), postgres.owner(name), postgres.secret(name));
    let scheduling = postgres.scheduling.as_ref();
    // Over TCP, since while the database is made a server answers on the socket alone.
    let ready = ["pg_isready", "-h", "127.0.0.1", "-U", &owner, "-d", &database];
    let probe = Probe { timeout_seconds: Some(5), ..pod::command_probe(&ready) };
    let settings = postgres.parameters.iter();
    let settings = settings
        .flat_map(|(name, setting)| ["-c".to_owned(), format!("{name}={}", setting.value.text("on", "off"))]);
    let args: Vec<String> = settings.collect();
    let server = Container {
        name: "postgres".to_owned(),
        image: Some(image),
        args: (!args.is_empty()).then_some(args),
        ports: Some(vec![container_port("postgres", PORT)]),
        env: Some(vec![
            pod::env("PGDATA", format!("{VOLUME}/pgdata")),
            pod::env("POSTGRES_DB", &*database),
            pod::secret_env("POSTGRES_PASSWORD", &secret, "password"),
            pod::secret_env("POSTGRES_USER", &secret, "username"),
            pod::env("POSTGRES_INITDB_ARGS", "--data-checksums"),
        ]),
        resources: postgres
            .resources
            .as_ref()
            .map(|resources| parts::resources::requirements(resources, report)),
        security_context: Some(pod::container_security()),
        startup_probe: Some(Probe { period_seconds: Some(5), failure_threshold: Some(60), ..probe.clone() }),
        readiness_probe: Some(probe.clone()),
        liveness_probe: Some(Probe { failure_threshold: Some(6), ..probe }),
        volume_mounts: Some(vec![
            pod::mount("data", VOLUME),
            pod::mount("run", "/var/run/postgresql"),
            pod::mount("tmp", "/tmp"),
        ]),
        ..Container::default()
    };
    let exporter = postgres.metrics.then(|| Container {
        name: "metrics".to_owned(),
        image: Some(EXPORTER.to_owned()),
        ports: Some(vec![container_port("metrics", METRICS_PORT)]),
        env: Some(vec![
            pod::env("DATA_SOURCE_URI", format!("127.0.0.1:{PORT}/{database}?sslmode=disable")),
            pod::secret_env("DATA_SOURCE_USER", &secret, "username"),
            pod::secret_env("DATA_SOURCE_PASS", &secret, "password"),
        ]),
        resources: Some(pod::small("10m", "64Mi")),
        security_context: Some(pod::container_security()),
        ..Container::default()
    });
    let (node_selector, tolerations) = (pod::node_selector(scheduling), pod::tolerations(scheduling));
    PodTemplateSpec {
        metadata: Some(ObjectMeta { labels: Some(place.selector()), ..ObjectMeta::default() }),
        spec: Some(PodSpec {
            service_account_name: Some(name.to_owned()),
            automount_service_account_token: Some(false),
            containers: std::iter::once(server).chain(exporter).collect(),
            security_context: Some(pod::pod_security(user, user)),
            // A smart shutdown would wait for clients to go away by themselves.
            termination_grace_period_seconds: Some(120),
            node_selector: (!node_selector.is_empty()).then_some(node_selector),
            tolerations: (!tolerations.is_empty()).then_some(tolerations),
            priority_class_name: scheduling
                .and_then(|scheduling| scheduling.priority_class.as_ref())
                .map(|class| class.value.to_string()),
            volumes: Some(vec![pod::scratch("run"), pod::scratch("tmp")]),
            ..PodSpec::default()
        }),
    }
}

fn container_port(name: &str, port: u16) -> ContainerPort {
    ContainerPort { name: Some(name.to_owned()), container_port: i32::from(port), ..ContainerPort::default() }
}
