//! `stateful`: pods with a name and volumes of their own.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{StatefulSet, StatefulSetSpec};

use super::service::{endpoint, served};
use crate::kube::Object;
use crate::language::component::common::Common;
use crate::language::component::replication::Replication;
use crate::language::component::route::Route;
use crate::language::component::workload::Workload;
use crate::language::value::{Name, Port};
use crate::parts::monitor::Found;
use crate::parts::pod::{Blueprint, Pod, Run};
use crate::parts::volumes::Claims;
use crate::parts::{check_length, deployment, route, selector, service};
use crate::plan::{Kind, Lowered, Output, OutputValue, Outputs, Place, Site};
use crate::report::Report;
use crate::{choice, table};

table! {
    /// Pods with a name and volumes of their own: a StatefulSet with a Service for all of them and a headless one for each. Volumes with a `size` are claimed for each pod.
    pub struct Stateful {
        /// The main port, named `http` on the Services, which have the same number.
        port: Port,
        /// How requests from outside reach it.
        routes: BTreeMap<Name, Route>,
        /// The order in which pods come and go. It cannot be changed later.
        pod_management: PodManagement = PodManagement::Ordered,
        ..replication: Replication,
        ..workload: Workload,
    }
}

choice! {
    /// The order in which pods come and go.
    pub enum PodManagement {
        /// One after the other.
        Ordered = "ordered",
        /// All at once.
        Parallel = "parallel",
    }
}

impl Kind for Stateful {
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
        let mut outputs = served(place, self.port, &self.workload.ports);
        let host = place.host(&service::headless_name(place.component));
        let value = OutputValue::Plain(host.into());
        outputs
            .insert("headless-host".to_owned(), Output { value, endpoint: Some(endpoint(place, self.port)) });
        outputs
    }

    fn claim(&self, _: &str, _: &str) -> Option<String> {
        // Each pod has its own.
        None
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        let name = site.place().component;
        // The label `controller-revision-hash` is the name and ten characters more.
        check_length(site, name, 52, "the StatefulSet", report);
        let blueprint = Blueprint {
            workload: &self.workload,
            port: Some(self.port),
            replicas: deployment::fewest(&self.replication),
            claims: Claims::PerPod,
            run: Run::Forever,
            found: Found::ByPods,
        };
        let mut pod = Pod::of(blueprint, site, report);
        let routes = route::routes(&self.routes, &pod.ports, site, report);
        pod.close(&self.workload, &routes.ports, site, report);
        let claims = std::mem::take(&mut pod.claim_templates);
        let mut objects = vec![
            Object::from(StatefulSet {
                metadata: deployment::metadata(name, pod.version.as_deref()),
                spec: StatefulSetSpec {
                    replicas: deployment::replicas(&self.replication, report),
                    selector: selector(site),
                    service_name: Some(service::headless_name(name)),
                    pod_management_policy: match self.pod_management {
                        PodManagement::Ordered => None,
                        PodManagement::Parallel => Some("Parallel".to_owned()),
                    },
                    template: pod.template.clone(),
                    volume_claim_templates: (!claims.is_empty()).then_some(claims),
                    ..StatefulSetSpec::default()
                },
                status: None,
            }),
            service::object(&pod.ports, site),
            service::headless(&pod.ports, site),
        ];
        objects.extend(deployment::companions(
            "StatefulSet",
            &self.replication,
            &self.workload,
            site,
            report,
        ));
        objects.extend(routes.objects);
        objects.append(&mut pod.objects);
        Lowered { objects, release: None }
    }
}
