//! The Services of Redis.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kube::Object;
use crate::parts::named;
use crate::plan::Place;

use super::super::store::Labels;
use super::{PORT, Redis, Role, SENTINEL_PORT};

/// The name of the Service of all servers, for reading.
pub fn read_name(component: &str) -> String {
    format!("{component}-read")
}

/// The Services of the pods that do this.
pub fn objects(redis: &Redis, role: Role, place: &Place) -> Vec<Object> {
    let (name, pods) = (role.name(place.component), role.pods(place));
    let count = redis.count(role);
    let mut services = Vec::new();
    match role {
        // What clients ask for the primary.
        Role::Sentinel => services.push(service(name.clone(), role, pods.clone())),
        // Who knows nothing of sentinels finds the primary here: it is the first pod for ever.
        Role::Server if !redis.has_sentinels() => {
            services.push(service(name.clone(), role, pod(&name, 0)));
        }
        Role::Server => {}
    }
    if role == Role::Server && count > 1 {
        services.push(service(read_name(place.component), role, pods));
    }
    if count > 1 {
        // A name and an address that outlive the pod: sentinels and replicas know each other by them, also while one
        // is away or not ready.
        for number in 0..count {
            let mut own = service(format!("{name}-{number}"), role, pod(&name, number));
            if let Some(spec) = &mut own.spec {
                spec.publish_not_ready_addresses = Some(true);
            }
            services.push(own);
        }
    }
    services.into_iter().map(Object::from).collect()
}

fn pod(set: &str, number: u32) -> Labels {
    Labels::from([("statefulset.kubernetes.io/pod-name".to_owned(), format!("{set}-{number}"))])
}

fn service(name: String, role: Role, pods: Labels) -> Service {
    let (port_name, port) = match role {
        Role::Server => ("redis", PORT),
        Role::Sentinel => ("sentinel", SENTINEL_PORT),
    };
    Service {
        metadata: named(name),
        spec: Some(ServiceSpec {
            selector: Some(pods),
            ports: Some(vec![ServicePort {
                name: Some(port_name.to_owned()),
                port: i32::from(port),
                target_port: Some(IntOrString::String(port_name.to_owned())),
                ..ServicePort::default()
            }]),
            ..ServiceSpec::default()
        }),
        ..Service::default()
    }
}
