//! The pods that an object makes: the same answer for typed objects and for those that users wrote or patched.

use std::borrow::Cow;

use k8s_openapi::api::core::v1::{Container, PodSpec, PodTemplateSpec};
use serde::Deserialize;
use serde_json::Value;

use super::{Body, Object, Raw};

/// The pod that an object makes; `None` for kinds without pods, and for a pod no API server would accept.
pub fn pod(object: &Object) -> Option<Cow<'_, PodSpec>> {
    let template: Option<&PodTemplateSpec> = match &object.body {
        Body::Deployment(body) => Some(&body.spec.template),
        Body::StatefulSet(body) => Some(&body.spec.template),
        Body::Job(body) => body.spec.as_ref().map(|spec| &spec.template),
        Body::CronJob(body) => body.spec.job_template.spec.as_ref().map(|spec| &spec.template),
        Body::Raw(raw) => return raw_pod(raw).map(Cow::Owned),
        _ => None,
    };
    template?.spec.as_ref().map(Cow::Borrowed)
}

fn raw_pod(raw: &Raw) -> Option<PodSpec> {
    let path: &[&str] = match (raw.api_version.as_str(), raw.kind.as_str()) {
        ("v1", "Pod") => &["spec"],
        ("v1", "ReplicationController") => &["spec", "template", "spec"],
        (_, "CronJob") if raw.group() == "batch" => &["spec", "jobTemplate", "spec", "template", "spec"],
        (_, "Job") if raw.group() == "batch" => &["spec", "template", "spec"],
        (_, "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet") if raw.group() == "apps" => {
            &["spec", "template", "spec"]
        }
        _ => return None,
    };
    PodSpec::deserialize(raw.at(path)?).ok()
}

impl Raw {
    /// The API group; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version.split_once('/').map_or("", |(group, _)| group)
    }

    /// The value at a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        let (first, rest) = path.split_first()?;
        rest.iter().try_fold(self.fields.get(*first)?, |value, key| value.get(key))
    }
}

/// The containers that run as long as the pod does: the main ones, and init containers that are restarted.
pub fn lasting(pod: &PodSpec) -> impl Iterator<Item = &Container> {
    let sidecars = pod.init_containers.iter().flatten();
    pod.containers
        .iter()
        .chain(sidecars.filter(|container| container.restart_policy.as_deref() == Some("Always")))
}

/// Every container of a pod.
pub fn containers(pod: &PodSpec) -> impl Iterator<Item = &Container> {
    pod.containers.iter().chain(pod.init_containers.iter().flatten())
}
