//! The bootstrap: what is applied once, by hand, before Argo CD keeps everything: its namespace, the
//! values of its chart, kiln's own project and the root Application.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::Namespace;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Value, json};

use super::application::{self, GENERATE_PATHS, sync_policy};
use super::name::{Names, OWN_PROJECT, SELF};
use super::{ControlContent, ControlFile, Target, project};
use crate::kube::Object;
use crate::kube::custom::Application;
use crate::kube::custom::argocd::{ApplicationSpec, Destination, Directory, IgnoreDifference, Source};
use crate::layout;
use crate::lower::annotation::SYNC_OPTIONS;
use crate::plan::HelmRelease;

/// Gives Applications the health of what they keep, which Argo CD itself no longer does since 1.8: without
/// it no wave waits for an Application (AC:docs/operator-manual/health.md).
const HEALTH: &str = include_str!("health.lua");

/// The files of a cluster's bootstrap. A cluster that another's Argo CD drives has only a root, which is
/// applied where that Argo CD runs.
pub fn files(target: &Target) -> Vec<ControlFile> {
    let origins = || vec![target.workspace_origin(), target.origin()];
    let path = |file: &str| layout::bootstrap(target.cluster, file);
    let mut files = vec![application::file(path("root.yaml"), root(target), origins(), target.span())];
    if target.names.is_driven() {
        return files;
    }
    files.push(application::file(path("namespace.yaml"), namespace(target), origins(), target.span()));
    files.push(application::file(path("project.yaml"), project::own(target), origins(), target.span()));
    files.push(ControlFile {
        path: path("argocd-values.yaml"),
        content: ControlContent::Values(values(target)),
        origins: origins(),
        span: target.span(),
    });
    files.extend(itself(target).map(|app| {
        application::file(layout::application(target.cluster, SELF), app, origins(), target.span())
    }));
    files
}

fn namespace(target: &Target) -> Object {
    let modes = [("audit", "restricted"), ("enforce", "baseline"), ("warn", "restricted")];
    let label =
        |(mode, level): (&str, &str)| (format!("pod-security.kubernetes.io/{mode}"), level.to_owned());
    Object::from(Namespace {
        metadata: ObjectMeta {
            name: Some(target.plan.definitions.argocd.namespace.to_string()),
            labels: Some(modes.into_iter().map(label).collect()),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    })
}

/// Argo CD's own cluster and namespace: where Applications and projects live.
fn home(target: &Target) -> Destination {
    let names = Names::of(target.plan, target.names.argocd());
    Destination {
        namespace: Some(target.plan.definitions.argocd.namespace.to_string()),
        ..names.destination()
    }
}

/// The root has no finalizer: its end must not be the end of everything. What operators switch on its
/// children stays as they left it.
fn root(target: &Target) -> Application {
    let source = Source {
        path: Some(target.in_repository(&layout::argocd(target.cluster))),
        directory: Some(Directory { recurse: Some(true), ..Directory::default() }),
        ..application::repository(target)
    };
    let switched = IgnoreDifference {
        group: Some("argoproj.io".to_owned()),
        kind: "Application".to_owned(),
        json_pointers: vec![
            "/metadata/annotations/argocd.argoproj.io~1refresh".to_owned(),
            "/operation".to_owned(),
            "/spec/syncPolicy/automated".to_owned(),
        ],
        ..IgnoreDifference::default()
    };
    Application {
        metadata: ObjectMeta {
            annotations: Some(BTreeMap::from([(GENERATE_PATHS.to_owned(), ".".to_owned())])),
            ..metadata(target, &target.names.root())
        },
        spec: ApplicationSpec {
            project: OWN_PROJECT.to_owned(),
            source: Some(source),
            destination: home(target),
            sync_policy: Some(sync_policy(&["RespectIgnoreDifferences=true"])),
            ignore_differences: vec![switched],
            ..ApplicationSpec::default()
        },
    }
}

/// The Application with which Argo CD keeps itself, when its chart is pinned. Its CRDs are larger than what
/// a client-side apply can remember.
fn itself(target: &Target) -> Option<Application> {
    let definitions = target.plan.definitions;
    let chart_name = definitions.argocd.chart.as_ref()?.value.as_str();
    let chart = definitions.charts.get(chart_name)?;
    let release = HelmRelease {
        chart: chart.clone(),
        chart_name: chart.chart.as_ref().map_or(chart_name.to_owned(), ToString::to_string),
        release_name: SELF.to_owned(),
        namespace: definitions.argocd.namespace.to_string(),
        values: serde_json::Map::new(),
    };
    let values = target.in_repository(&layout::bootstrap(target.cluster, "argocd-values.yaml"));
    let annotations = BTreeMap::from([
        (GENERATE_PATHS.to_owned(), format!("/{values}")),
        (SYNC_OPTIONS.to_owned(), "Prune=false".to_owned()),
    ]);
    Some(Application {
        metadata: ObjectMeta { annotations: Some(annotations), ..metadata(target, SELF) },
        spec: ApplicationSpec {
            project: OWN_PROJECT.to_owned(),
            sources: application::helm_sources(target, &release, &values),
            destination: home(target),
            sync_policy: Some(sync_policy(&["ServerSideApply=true", "PruneLast=true"])),
            ..ApplicationSpec::default()
        },
    })
}

fn metadata(target: &Target, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(target.plan.definitions.argocd.namespace.to_string()),
        ..ObjectMeta::default()
    }
}

/// The values of the chart argo-cd: what kiln's output relies on, then what the workspace says.
fn values(target: &Target) -> serde_json::Map<String, Value> {
    let definitions = target.plan.definitions;
    let mut values = json!({
        "configs": {
            "cm": {
                "application.resourceTrackingMethod": "annotation",
                // kiln writes no Jsonnet, so none is run.
                "jsonnet.enable": "false",
                "resource.customizations.health.argoproj.io_Application": HEALTH,
            },
            // What the API server fills in is then no difference.
            "params": { "controller.diff.server.side": "true" },
            "rbac": { "policy.default": "", "policy.csv": policy(target), "scopes": "[groups]" },
        },
    });
    if let Some(own) = &definitions.argocd.values {
        json_patch::merge(&mut values, &own.to_json());
    }
    match values {
        Value::Object(values) => values,
        _ => serde_json::Map::new(),
    }
}

/// Who may see which projects. What people may do with Applications is in the projects' own roles.
fn policy(target: &Target) -> String {
    let plan = target.plan;
    let mut lines = BTreeSet::new();
    for deployment in &plan.deployments {
        let names = Names::of(plan, deployment.cluster_name);
        if names.argocd() != target.cluster {
            continue;
        }
        let (team, project) = (deployment.team_name, names.project(deployment.team_name));
        let groups: Vec<String> =
            deployment.team.groups.values().flatten().map(|group| field(group.as_str())).collect();
        if groups.is_empty() {
            continue;
        }
        lines.insert(format!("p, role:team-{team}, projects, get, {project}, allow\n"));
        lines.extend(groups.iter().map(|group| format!("g, {group}, role:team-{team}\n")));
    }
    lines.into_iter().collect()
}

/// A field of a line of comma-separated values.
fn field(text: &str) -> String {
    if text.contains([',', '"', ' ']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
