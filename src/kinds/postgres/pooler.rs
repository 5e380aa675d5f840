//! The `Pooler` of CloudNativePG: PgBouncer between the clients and the primary.

use k8s_openapi::api::core::v1::{Container, PodSpec, PodTemplateSpec};

use crate::kube::Object;
use crate::kube::custom::cloudnative_pg::{PgBouncer, PoolerSpec};
use crate::kube::custom::{LocalName, Pooler};
use crate::parts::{self, named};
use crate::plan::Site;
use crate::report::Report;

use super::super::store::traffic::{API_PORTS, Traffic};
use super::super::store::{Labels, disruption_budget, pod, pod_monitor};
use super::{PORT, Pool, Postgres};

/// The port of the metrics of a pooler.
const METRICS_PORT: u16 = 9127;

/// The name of the pooler, and of its Service.
pub fn name(component: &str) -> String {
    format!("{component}-pooler")
}

/// The labels of the poolers' pods.
pub fn pods(component: &str) -> Labels {
    Labels::from([("cnpg.io/poolerName".to_owned(), name(component))])
}

/// The pooler, what watches it and its traffic.
pub fn objects(postgres: &Postgres, site: &Site, report: &mut Report) -> Vec<Object> {
    let Some(pool) = &postgres.pooler else { return Vec::new() };
    let component = site.place().component;
    let (name, pods) = (name(component), pods(component));
    let spec = PoolerSpec {
        cluster: LocalName { name: component.to_owned() },
        r#type: "rw",
        instances: parts::count(pool.replicas),
        pgbouncer: PgBouncer { pool_mode: Some(pool.mode.word()), parameters: parameters(pool) },
        template: Some(template(pool, postgres, &pods, report)),
        service_template: None,
    };
    let mut objects = vec![Object::from(Pooler { metadata: named(&name), spec })];
    if pool.replicas > 1 {
        objects.push(disruption_budget(&name, &pods).into());
    }
    if postgres.metrics {
        objects.push(pod_monitor(&name, &pods, postgres.metrics_interval));
    }
    objects.extend(traffic(postgres, site, &name, &pods).policy(site));
    objects
}

fn parameters(pool: &Pool) -> Labels {
    let numbers = [("max_client_conn", pool.max_connections), ("default_pool_size", pool.default_pool_size)];
    let numbers =
        numbers.into_iter().filter_map(|(name, number)| Some((name.to_owned(), number?.to_string())));
    let written =
        pool.parameters.iter().map(|(name, setting)| (name.to_string(), setting.value.text("1", "0")));
    numbers.chain(written).collect()
}

fn template(pool: &Pool, postgres: &Postgres, pods: &Labels, report: &mut Report) -> PodTemplateSpec {
    let scheduling = postgres.scheduling.as_ref();
    let resources =
        pool.resources.as_ref().map(|resources| parts::resources::requirements(resources, report));
    let resources = resources.unwrap_or_else(|| pod::small("50m", "128Mi"));
    let spread = (pool.replicas > 1).then(|| pod::spread(scheduling, pods)).flatten();
    let (node_selector, tolerations) = (pod::node_selector(scheduling), pod::tolerations(scheduling));
    let container =
        Container { name: "pgbouncer".to_owned(), resources: Some(resources), ..Container::default() };
    PodTemplateSpec {
        metadata: None,
        spec: Some(PodSpec {
            containers: vec![container],
            topology_spread_constraints: spread,
            node_selector: (!node_selector.is_empty()).then_some(node_selector),
            tolerations: (!tolerations.is_empty()).then_some(tolerations),
            ..PodSpec::default()
        }),
    }
}

fn traffic(postgres: &Postgres, site: &Site, name: &str, pods: &Labels) -> Traffic {
    let place = site.place();
    let mut traffic = Traffic::of(name, pods).open_to_consumers(site, pods, &[PORT]);
    if postgres.metrics {
        let monitoring = site.deployment.cluster.monitoring.namespace.as_str();
        traffic = traffic.open_to_namespace(monitoring, &[METRICS_PORT]);
    }
    traffic.reaching_pods(&postgres.pods(&place), &[PORT]).reaching_anywhere(&API_PORTS)
}
