//! The StatefulSets of Redis: servers and sentinels.

use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec};
use k8s_openapi::api::core::v1::{
    ConfigMapVolumeSource, Container, ContainerPort, EnvVar, EnvVarSource, ExecAction, Lifecycle,
    LifecycleHandler, ObjectFieldSelector, PodSpec, PodTemplateSpec, Probe, Volume, VolumeMount,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::kube::Object;
use crate::parts::{self, named};
use crate::plan::Site;
use crate::report::Report;

use super::super::store::{Labels, pod, selector};
use super::configuration::Configuration;
use super::{METRICS_PORT, PASSWORD, PORT, PRIMARY_NAME, Redis, Role, SENTINEL_PORT};

/// The exporter of metrics beside each server.
const EXPORTER: &str = "oliver006/redis_exporter:v1.74.0";
/// The user and group of the images, Debian's and Alpine's alike; the group's number needs no name.
const USER: i64 = 999;
const GROUP: i64 = 1000;

/// The pods that do this.
pub fn stateful_set(
    redis: &Redis,
    role: Role,
    configuration: &Configuration,
    site: &Site,
    report: &mut Report,
) -> Object {
    let place = site.place();
    let (name, pods) = (role.name(place.component), role.pods(&place));
    let claim = pod::claim(redis.storage.size, redis.storage.class.as_ref(), site);
    let set = StatefulSet {
        metadata: named(&name),
        spec: StatefulSetSpec {
            replicas: Some(parts::count(redis.count(role))),
            service_name: Some(match role {
                Role::Server if redis.has_sentinels() => super::services::read_name(place.component),
                _ => name.clone(),
            }),
            // One after the other would wait for ever when the first follows another after all have stopped.
            pod_management_policy: (redis.count(role) > 1).then(|| "Parallel".to_owned()),
            selector: selector(&pods),
            template: template(redis, role, configuration, site, &pods, report),
            volume_claim_templates: (role == Role::Server).then(|| vec![claim]),
            ..StatefulSetSpec::default()
        },
        ..StatefulSet::default()
    };
    set.into()
}

fn template(
    redis: &Redis,
    role: Role,
    configuration: &Configuration,
    site: &Site,
    pods: &Labels,
    report: &mut Report,
) -> PodTemplateSpec {
    let scheduling = redis.scheduling.as_ref();
    let exporter = (role == Role::Server && redis.metrics).then(|| exporter(redis, site));
    let scripts = Volume {
        name: "scripts".to_owned(),
        config_map: Some(ConfigMapVolumeSource {
            name: configuration.name().to_owned(),
            default_mode: Some(0o555),
            ..ConfigMapVolumeSource::default()
        }),
        ..Volume::default()
    };
    // What a sentinel knows it learns anew from the others.
    let scratch = (role == Role::Sentinel).then(|| pod::scratch("data"));
    let (node_selector, tolerations) = (pod::node_selector(scheduling), pod::tolerations(scheduling));
    let checksum = Labels::from([("checksum/config".to_owned(), configuration.checksum())]);
    PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(pods.clone()),
            annotations: Some(checksum),
            ..ObjectMeta::default()
        }),
        spec: Some(PodSpec {
            service_account_name: Some(site.place().component.to_owned()),
            automount_service_account_token: Some(false),
            // Of the variables for every Service of the namespace some have the names that the scripts read.
            enable_service_links: Some(false),
            containers: std::iter::once(container(redis, role, site, report)).chain(exporter).collect(),
            security_context: Some(pod::pod_security(USER, GROUP)),
            termination_grace_period_seconds: (role == Role::Server).then_some(60),
            topology_spread_constraints: (redis.count(role) > 1)
                .then(|| pod::spread(scheduling, pods))
                .flatten(),
            node_selector: (!node_selector.is_empty()).then_some(node_selector),
            tolerations: (!tolerations.is_empty()).then_some(tolerations),
            priority_class_name: scheduling
                .and_then(|scheduling| scheduling.priority_class.as_ref())
                .map(|class| class.value.to_string()),
            volumes: Some(std::iter::once(scripts).chain(scratch).collect()),
            ..PodSpec::default()
        }),
    }
}

fn container(redis: &Redis, role: Role, site: &Site, report: &mut Report) -> Container {
    let image =
        redis.image.as_ref().map_or_else(|| redis.engine.image().to_owned(), |image| image.value.to_string());
    let (name, port) = match role {
        Role::Server => ("redis", PORT),
        Role::Sentinel => ("sentinel", SENTINEL_PORT),
    };
    let script = |what: &str| vec!["sh".to_owned(), format!("/scripts/{name}-{what}.sh")];
    let probe = |what: &str, period: i32, failures: i32| Probe {
        exec: Some(ExecAction { command: Some(script(what)) }),
        timeout_seconds: Some(5),
        period_seconds: (period != 10).then_some(period),
        failure_threshold: (failures != 3).then_some(failures),
        ..Probe::default()
    };
    let hand_over = (role == Role::Server && redis.has_sentinels()).then(|| Lifecycle {
        pre_stop: Some(LifecycleHandler {
            exec: Some(ExecAction { command: Some(script("stop")) }),
            ..LifecycleHandler::default()
        }),
        ..Lifecycle::default()
    });
    Container {
        name: name.to_owned(),
        image: Some(image),
        command: Some(script("start")),
        ports: Some(vec![container_port(name, port)]),
        env: Some(environment(redis, site)),
        resources: match role {
            Role::Server => {
                redis.resources.as_ref().map(|resources| parts::resources::requirements(resources, report))
            }
            Role::Sentinel => Some(pod::small("10m", "64Mi")),
        },
        security_context: Some(pod::container_security()),
        lifecycle: hand_over,
        startup_probe: Some(probe("live", 5, 60)),
        readiness_probe: Some(probe("ready", 10, 3)),
        liveness_probe: Some(probe("live", 10, 6)),
        volume_mounts: Some(vec![
            pod::mount("data", "/data"),
            VolumeMount { read_only: Some(true), ..pod::mount("scripts", "/scripts") },
        ]),
        ..Container::default()
    }
}

/// What the scripts read.
fn environment(redis: &Redis, site: &Site) -> Vec<EnvVar> {
    let place = site.place();
    let count = |role| redis.count(role).to_string();
    // A replica that is alone must take writes where nobody would promote another.
    let confirmations = if redis.has_sentinels() { "1" } else { "0" };
    let own_name = EnvVar {
        name: "POD_NAME".to_owned(),
        value: None,
        value_from: Some(EnvVarSource {
            field_ref: Some(ObjectFieldSelector {
                field_path: "metadata.name".to_owned(),
                api_version: None,
            }),
            ..EnvVarSource::default()
        }),
    };
    let mut variables = vec![
        pod::env("HOST_SUFFIX", format!(".{}.svc.cluster.local", place.namespace)),
        pod::env("MIN_REPLICAS_TO_WRITE", confirmations),
        pod::env("NAME", Role::Server.name(place.component)),
        own_name,
        pod::env("PRIMARY_NAME", PRIMARY_NAME),
    ];
    if redis.password.is_some() {
        variables.push(pod::secret_env("REDIS_PASSWORD", &redis.secret(place.component), PASSWORD));
    }
    variables.extend([
        pod::env("REPLICAS", count(Role::Server)),
        pod::env("SENTINELS", count(Role::Sentinel)),
        pod::env("SENTINEL_NAME", Role::Sentinel.name(place.component)),
    ]);
    variables
}

fn exporter(redis: &Redis, site: &Site) -> Container {
    let mut variables = vec![pod::env("REDIS_ADDR", format!("redis://127.0.0.1:{PORT}"))];
    if redis.password.is_some() {
        let secret = redis.secret(site.place().component);
        variables.push(pod::secret_env("REDIS_PASSWORD", &secret, PASSWORD));
    }
    Container {
        name: "metrics".to_owned(),
        image: Some(EXPORTER.to_owned()),
        ports: Some(vec![container_port("metrics", METRICS_PORT)]),
        env: Some(variables),
        resources: Some(pod::small("10m", "64Mi")),
        security_context: Some(pod::container_security()),
        ..Container::default()
    }
}

fn container_port(name: &str, port: u16) -> ContainerPort {
    ContainerPort { name: Some(name.to_owned()), container_port: i32::from(port), ..ContainerPort::default() }
}
