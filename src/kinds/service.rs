//! `service`: pods that answer requests.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::component::replication::{Replication, Rollout};
use crate::language::component::route::Route;
use crate::language::component::workload::Workload;
use crate::language::value::{Name, Port, PortName};
use crate::parts::monitor::Found;
use crate::parts::pod::{Blueprint, Pod, Run};
use crate::parts::volumes::Claims;
use crate::parts::{check_length, deployment, route, service};
use crate::plan::{Endpoint, Kind, Lowered, Output, OutputValue, Outputs, Place, Site};
use crate::report::Report;
use crate::table;

table! {
    /// Pods that answer requests: a Deployment with a Service, and as declared an autoscaler, a disruption budget, routes, monitors, configuration, secrets, volumes and a NetworkPolicy.
    pub struct Service {
        /// The main port, named `http` on the Service, which has the same number.
        port: Port,
        /// How requests from outside reach it.
        routes: BTreeMap<Name, Route>,
        /// How pods are replaced by new ones.
        rollout: Option<Rollout>,
        ..replication: Replication,
        ..workload: Workload,
    }
}

impl Kind for Service {
    fn common(&self) -> &Common {
        &self.workload.common
    }

    fn workload(&self) -> Option<&Workload> {
        Some(&self.workload)
    }

    fn routes(&self) -> Option<&BTreeMap<Name, Route>> {
        Some(&self.routes)
    }

    fn outputs(&self, place: &Place) -> Outputs {
        served(place, self.port, &self.workload.ports)
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        let name = site.place().component;
        check_length(site, name, 63, "the Service", report);
        let blueprint = Blueprint {
            workload: &self.workload,
            port: Some(self.port),
            replicas: deployment::fewest(&self.replication),
            claims: Claims::Shared,
            run: Run::Forever,
            found: Found::ByService,
        };
        let mut pod = Pod::of(blueprint, site, report);
        let routes = route::routes(&self.routes, &pod.ports, site, report);
        pod.close(&self.workload, &routes.ports, site, report);
        let mut objects = vec![
            deployment::object(&pod, &self.replication, self.rollout.as_ref(), &self.workload, site, report),
            service::object(&pod.ports, site),
        ];
        objects.extend(deployment::companions("Deployment", &self.replication, &self.workload, site, report));
        objects.extend(routes.objects);
        objects.append(&mut pod.objects);
        Lowered { objects, release: None }
    }
}

/// The outputs of a kind with a Service: `host`, `port`, `url`, and `<name>-port` for each further port.
pub fn served(place: &Place, port: Port, ports: &BTreeMap<PortName, Port>) -> Outputs {
    let host = place.host(place.component);
    let output = |value: serde_json::Value, port: Port| Output {
        value: OutputValue::Plain(value),
        endpoint: Some(endpoint(place, port)),
    };
    let mut outputs = Outputs::from([
        ("url".to_owned(), output(format!("http://{host}:{}", port.number()).into(), port)),
        ("host".to_owned(), output(host.into(), port)),
        ("port".to_owned(), output(port.number().into(), port)),
    ]);
    for (name, port) in ports {
        outputs.insert(format!("{name}-port"), output(port.number().into(), *port));
    }
    outputs
}

/// The component's pods, on one port.
pub fn endpoint(place: &Place, port: Port) -> Endpoint {
    Endpoint::Pods {
        namespace: place.namespace.to_owned(),
        labels: place.selector(),
        ports: vec![port.number()],
    }
}
