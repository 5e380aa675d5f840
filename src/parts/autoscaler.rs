//! The HorizontalPodAutoscaler of a workload.

use k8s_openapi::api::autoscaling::v2::{
    CrossVersionObjectReference, HPAScalingRules, HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior,
    HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};

use super::{count, named};
use crate::kube::Object;
use crate::language::component::resources::Resources;
use crate::language::component::scale::Scale;
use crate::language::value::Percent;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

/// The autoscaler of the `kind` named like the component.
pub fn object(
    scale: &Scale,
    kind: &str,
    resources: Option<&Resources>,
    site: &Site,
    report: &mut Report,
) -> Option<Object> {
    let component = site.place().component;
    if scale.min > scale.max {
        report.add(Diagnostic::new(
            Code::InvalidValue,
            scale.span,
            format!("the fewest replicas ({}) are more than the most ({})", scale.min, scale.max),
        ));
        return None;
    }
    if scale.min == 0 {
        report.add(
            Diagnostic::new(Code::InvalidValue, scale.span, "an autoscaler keeps at least one replica")
                .help("set `min` to 1 or more"),
        );
        return None;
    }
    // An API server that stores autoscaling/v1 gives CPU back last, so CPU is written last.
    let memory_request = resources.is_some_and(|resources| resources.memory.is_some());
    let cpu_request = resources.is_some_and(|resources| resources.cpu.is_some());
    let wanted = [("memory", scale.memory, memory_request), ("cpu", scale.cpu, cpu_request)];
    let mut metrics = Vec::new();
    for (resource, target, requested) in wanted {
        let Some(target) = target else { continue };
        if !requested {
            report.add(
                Diagnostic::new(
                    Code::MissingField,
                    scale.span,
                    format!("scaling by {resource} needs `resources.{resource}`: the aim is a share of the request"),
                )
                .help(format!("set `resources.{resource}`")),
            );
        }
        metrics.extend(metric(resource, target, scale, report));
    }
    if scale.cpu.is_none() && scale.memory.is_none() {
        report.add(
            Diagnostic::new(Code::MissingField, scale.span, "it is not said what load is")
                .help("set `cpu` or `memory`"),
        );
        return None;
    }
    let behavior = scale.scale_down_after.map(|time| HorizontalPodAutoscalerBehavior {
        scale_down: Some(HPAScalingRules {
            stabilization_window_seconds: Some(
                time.seconds().and_then(|seconds| i32::try_from(seconds).ok()).unwrap_or(3600),
            ),
            ..HPAScalingRules::default()
        }),
        scale_up: None,
    });
    Some(Object::from(HorizontalPodAutoscaler {
        metadata: named(component),
        spec: HorizontalPodAutoscalerSpec {
            scale_target_ref: CrossVersionObjectReference {
                api_version: Some("apps/v1".to_owned()),
                kind: kind.to_owned(),
                name: component.to_owned(),
            },
            min_replicas: Some(count(scale.min)),
            max_replicas: count(scale.max),
            metrics: Some(metrics),
            behavior,
        },
        status: None,
    }))
}

fn metric(resource: &str, target: Percent, scale: &Scale, report: &mut Report) -> Option<MetricSpec> {
    let Some(percent) = target.whole().filter(|percent| *percent > 0) else {
        report.add(Diagnostic::new(
            Code::InvalidValue,
            scale.span,
            format!("`{target}` is no whole percentage above zero, which is what an autoscaler aims at"),
        ));
        return None;
    };
    Some(MetricSpec {
        type_: "Resource".to_owned(),
        resource: Some(ResourceMetricSource {
            name: resource.to_owned(),
            target: MetricTarget {
                type_: "Utilization".to_owned(),
                average_utilization: Some(count(percent)),
                ..MetricTarget::default()
            },
        }),
        ..MetricSpec::default()
    })
}
