//! Services: the same port numbers as the pods.

use k8s_openapi::api::core::v1::{Service, ServicePort, ServiceSpec};

use super::named;
use super::ports::Ports;
use crate::kube::Object;
use crate::plan::Site;

/// The name of the Service that gives each pod of a StatefulSet a name.
pub fn headless_name(component: &str) -> String {
    format!("{component}-headless")
}

/// The Service with one address for all pods.
pub fn object(ports: &Ports, site: &Site) -> Object {
    Object::from(Service {
        metadata: named(site.place().component),
        spec: Some(spec(ports.service(), site)),
        status: None,
    })
}

/// The Service that gives each pod a name, also while it is not ready: peers have to find each other to become so.
pub fn headless(ports: &Ports, site: &Site) -> Object {
    Object::from(Service {
        metadata: named(headless_name(site.place().component)),
        spec: Some(ServiceSpec {
            cluster_ip: Some("None".to_owned()),
            publish_not_ready_addresses: Some(true),
            ..spec(ports.service(), site)
        }),
        status: None,
    })
}

fn spec(ports: Vec<ServicePort>, site: &Site) -> ServiceSpec {
    ServiceSpec { ports: Some(ports), selector: Some(site.place().selector()), ..ServiceSpec::default() }
}
