//! The Deployment of a workload, with its autoscaler and disruption budget.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use std::collections::BTreeMap;

use super::disruption::int_or_string;
use super::pod::Pod;
use super::{autoscaler, count, disruption, named, selector, volumes};
use crate::kube::Object;
use crate::language::component::replication::{Replication, Rollout, Strategy};
use crate::language::component::volume::Access;
use crate::language::component::workload::Workload;
use crate::language::value::IntOrPercent;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report, Severity};

/// The fewest pods there are.
pub fn fewest(replication: &Replication) -> u32 {
    match (&replication.scale, &replication.replicas) {
        (Some(scale), _) => scale.min,
        (None, Some(replicas)) => replicas.value,
        (None, None) => 1,
    }
}

/// The number of pods that the workload itself says: none under an autoscaler, which says it then.
pub fn replicas(replication: &Replication, report: &mut Report) -> Option<i32> {
    if let (Some(scale), Some(replicas)) = (&replication.scale, &replication.replicas) {
        report.add(
            Diagnostic::new(
                Code::ConflictingFields,
                replicas.span,
                "`replicas` and `scale` exclude each other",
            )
            .because(scale.span, "conflicts with this")
            .help("an autoscaler decides the number of replicas: `unset` one of the two"),
        );
    }
    match replication.scale {
        Some(_) => None,
        None => Some(count(fewest(replication))),
    }
}

/// The autoscaler and the disruption budget of the `kind`.
pub fn companions(
    kind: &str,
    replication: &Replication,
    workload: &Workload,
    site: &Site,
    report: &mut Report,
) -> Vec<Object> {
    let resources = workload.container.resources.as_ref();
    let scale = replication.scale.as_ref();
    let scaler = scale.and_then(|scale| autoscaler::object(scale, kind, resources, site, report));
    let budget = disruption::object(replication.disruption.as_ref(), fewest(replication), site);
    scaler.into_iter().chain(budget).collect()
}

/// Metadata with the version, which selectors never have.
pub fn metadata(name: &str, version: Option<&str>) -> ObjectMeta {
    let label =
        |version: &str| BTreeMap::from([("app.kubernetes.io/version".to_owned(), version.to_owned())]);
    ObjectMeta { labels: version.map(label), ..named(name) }
}

/// The Deployment.
pub fn object(
    pod: &Pod,
    replication: &Replication,
    rollout: Option<&Rollout>,
    workload: &Workload,
    site: &Site,
    report: &mut Report,
) -> Object {
    let seconds = |time: Option<crate::language::value::Duration>| {
        time.and_then(|time| time.seconds()).and_then(|seconds| i32::try_from(seconds).ok())
    };
    one_node(replication, workload, report);
    Object::from(Deployment {
        metadata: metadata(site.place().component, pod.version.as_deref()),
        spec: DeploymentSpec {
            replicas: replicas(replication, report),
            selector: selector(site),
            strategy: Some(strategy(rollout, workload, report)),
            min_ready_seconds: seconds(rollout.and_then(|rollout| rollout.min_ready))
                .filter(|seconds| *seconds > 0),
            progress_deadline_seconds: seconds(rollout.and_then(|rollout| rollout.deadline))
                .filter(|seconds| *seconds != 600),
            template: pod.template.clone(),
            ..DeploymentSpec::default()
        },
        status: None,
    })
}

/// Warns of several pods with a claim that only one node can mount: those on other nodes would wait for ever.
fn one_node(replication: &Replication, workload: &Workload, report: &mut Report) {
    let most = replication
        .scale
        .as_ref()
        .map_or(replication.replicas.as_ref().map_or(1, |count| count.value), |scale| scale.max);
    if most < 2 {
        return;
    }
    for (name, volume) in &workload.volumes {
        let Some(size) = volume.size.as_ref().filter(|_| volume.access != Access::Shared) else { continue };
        report.add(
            Diagnostic::new(
                Code::ConflictingFields,
                size.span,
                format!("up to {most} pods share the volume `{name}`, which only one node can mount"),
            )
            .severity(Severity::Warning)
            .help("set `access = \"shared\"`, or use the kind `stateful`, where each pod has a volume of its own"),
        );
    }
}

/// New pods come before old ones go, unless they need a volume that the old ones hold.
///
/// The type is written even where it is Kubernetes' default: without it a change of strategy would be refused.
fn strategy(rollout: Option<&Rollout>, workload: &Workload, report: &mut Report) -> DeploymentStrategy {
    let default = if volumes::holds_node(workload) { Strategy::Recreate } else { Strategy::Rolling };
    match rollout.and_then(|rollout| rollout.strategy).unwrap_or(default) {
        Strategy::Recreate => DeploymentStrategy { type_: Some("Recreate".to_owned()), rolling_update: None },
        Strategy::Rolling => {
            let unavailable = rollout.map_or(IntOrPercent::Int(0), |rollout| rollout.max_unavailable);
            let surge = rollout.and_then(|rollout| rollout.max_surge);
            if let Some(rollout) = rollout
                && unavailable.is_zero()
                && surge.is_some_and(IntOrPercent::is_zero)
            {
                report.add(
                    Diagnostic::new(
                        Code::InvalidValue,
                        rollout.span,
                        "a rollout that may have neither a pod too many nor one too few cannot begin",
                    )
                    .help("let `max-surge` or `max-unavailable` be more than zero"),
                );
            }
            DeploymentStrategy {
                type_: Some("RollingUpdate".to_owned()),
                rolling_update: Some(RollingUpdateDeployment {
                    max_unavailable: Some(int_or_string(unavailable)),
                    max_surge: surge.map(int_or_string),
                }),
            }
        }
    }
}
