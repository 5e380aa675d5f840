//! `worker`: pods that work on their own and answer no requests.

use crate::language::component::common::Common;
use crate::language::component::replication::{Replication, Rollout};
use crate::language::component::workload::Workload;
use crate::parts::monitor::Found;
use crate::parts::pod::{Blueprint, Pod, Run};
use crate::parts::volumes::Claims;
use crate::parts::{check_length, deployment};
use crate::plan::{Kind, Lowered, Outputs, Place, Site};
use crate::report::Report;
use crate::table;

table! {
    /// Pods that work on their own and answer no requests, such as the consumers of a queue: a `service` without Service and routes.
    pub struct Worker {
        /// How pods are replaced by new ones.
        rollout: Option<Rollout>,
        ..replication: Replication,
        ..workload: Workload,
    }
}

impl Kind for Worker {
    fn common(&self) -> &Common {
        &self.workload.common
    }

    fn workload(&self) -> Option<&Workload> {
        Some(&self.workload)
    }

    fn outputs(&self, _: &Place) -> Outputs {
        Outputs::new()
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        check_length(site, site.place().component, 63, "the Deployment", report);
        let blueprint = Blueprint {
            workload: &self.workload,
            port: None,
            replicas: deployment::fewest(&self.replication),
            claims: Claims::Shared,
            run: Run::Forever,
            found: Found::ByPods,
        };
        let mut pod = Pod::of(blueprint, site, report);
        pod.close(&self.workload, &[], site, report);
        let rollout = self.rollout.as_ref();
        let mut objects =
            vec![deployment::object(&pod, &self.replication, rollout, &self.workload, site, report)];
        objects.extend(deployment::companions("Deployment", &self.replication, &self.workload, site, report));
        objects.append(&mut pod.objects);
        Lowered { objects, release: None }
    }
}
