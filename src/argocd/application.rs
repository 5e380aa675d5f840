//! Applications: one for the objects of a deployment, one for each release.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{ControlContent, ControlFile, Target};
use crate::kube::Object;
use crate::kube::custom::Application;
use crate::kube::custom::argocd::{
    ApplicationSpec, Automated, Backoff, Destination, Directory, Helm, Info, Retry, Source, SyncPolicy,
};
use crate::language::chart::Chart;
use crate::language::workspace::Deletion;
use crate::layout;
use crate::lower::annotation::{SYNC_OPTIONS, SYNC_WAVE};
use crate::plan::{Component, Deployment, GitRelease, GitTool, HelmRelease, Release};
use crate::source::Span;

/// Deletes the objects of an Application before the Application itself (AC:docs/user-guide/app_deletion.md).
pub const FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";
/// The paths whose changes make Argo CD render again. Without it, every push refreshes every Application.
pub const GENERATE_PATHS: &str = "argocd.argoproj.io/manifest-generate-paths";

/// The Application that reads the manifests of a deployment.
///
/// Its path is the folder of all deployments, narrowed to its own: a path that is gone before its Application is an
/// error (argo-cd#3686). Without its folder the Application renders nothing, and Argo CD does not prune to nothing by
/// itself. In `include`, `*` crosses `/` (AC:util/glob, called without separators).
pub fn of_deployment(target: &Target, deployment: &Deployment, layer: usize) -> ControlFile {
    let name = target.names.deployment(&deployment.name);
    let folder = layout::segment(&deployment.name);
    let source = Source {
        path: Some(target.in_repository(&layout::all_manifests(target.cluster))),
        directory: Some(Directory {
            recurse: Some(true),
            include: Some(format!("{folder}/*")),
            ..Directory::default()
        }),
        ..repository(target)
    };
    let spec = ApplicationSpec {
        source: Some(source),
        sync_policy: Some(sync_policy(&[
            "ServerSideApply=true",
            "ApplyOutOfSyncOnly=true",
            "PruneLast=true",
        ])),
        ..spec(target, deployment, &deployment.namespace)
    };
    let metadata = metadata(target, deployment, &name, layer, folder.into_owned());
    let header = deployment.stack.header.span;
    let written = target.plan.sources.path(header.file);
    let origins = vec![format!("stacks/{written}#stack"), target.origin()];
    file(layout::application(target.cluster, &name), Application { metadata, spec }, origins, header)
}

/// The Application that keeps a release.
pub fn of_release(
    target: &Target,
    deployment: &Deployment,
    component: &Component,
    release: &Release,
    layer: usize,
) -> ControlFile {
    let name = target.names.release(&deployment.name, &component.name);
    let values = layout::values(target.cluster, &deployment.name, &component.name);
    let values = target.in_repository(&values);
    // The namespace's own manifest is in the deployment's Application, which may come later.
    let options = [
        "CreateNamespace=true",
        "ServerSideApply=true",
        "ApplyOutOfSyncOnly=true",
        "PruneLast=true",
        "SkipDryRunOnMissingResource=true",
    ];
    let mut spec = ApplicationSpec {
        sync_policy: Some(sync_policy(&options)),
        ..spec(target, deployment, namespace_of(release))
    };
    let paths = match release {
        Release::Helm(helm) => {
            spec.sources = helm_sources(target, helm, &values);
            format!("/{values}")
        }
        Release::Git(git) => {
            spec.source = Some(git_source(git, &component.name));
            ".".to_owned()
        }
    };
    let metadata = metadata(target, deployment, &name, layer, paths);
    let origins = component.origins.iter().cloned().chain([target.origin()]).collect();
    file(layout::application(target.cluster, &name), Application { metadata, spec }, origins, component.span)
}

/// The namespace a release is installed into.
pub fn namespace_of(release: &Release) -> &str {
    match release {
        Release::Helm(helm) => &helm.namespace,
        Release::Git(git) => &git.namespace,
    }
}

/// The address of a chart repository as Argo CD writes it: without `oci://`.
pub fn chart_repository(chart: &Chart) -> String {
    let written = chart.repository.to_string();
    written.strip_prefix("oci://").map_or(written.clone(), ToOwned::to_owned)
}

/// The workspace's repository at its revision.
pub fn repository(target: &Target) -> Source {
    let repository = &target.plan.definitions.workspace.repository;
    Source {
        repo_url: repository.url.to_string(),
        target_revision: Some(repository.revision.to_string()),
        ..Source::default()
    }
}

/// Chart and values: two sources, the second only for its files.
pub fn helm_sources(target: &Target, release: &HelmRelease, values: &str) -> Vec<Source> {
    let chart = Source {
        repo_url: chart_repository(&release.chart),
        chart: Some(release.chart_name.clone()),
        target_revision: Some(release.chart.version.to_string()),
        helm: Some(Helm {
            release_name: Some(release.release_name.clone()),
            value_files: vec![format!("$values/{values}")],
            ..Helm::default()
        }),
        ..Source::default()
    };
    vec![chart, Source { r#ref: Some("values".to_owned()), ..repository(target) }]
}

fn git_source(git: &GitRelease, component: &str) -> Source {
    let mut source = Source {
        repo_url: git.repository.to_string(),
        target_revision: Some(git.revision.to_string()),
        path: Some(git.path.to_string()),
        ..Source::default()
    };
    match &git.tool {
        GitTool::Directory => {
            source.directory = Some(Directory { recurse: Some(true), ..Directory::default() });
        }
        // Argo CD finds the kustomization itself; an empty `kustomize` would be a difference for ever.
        GitTool::Kustomize => {}
        GitTool::Helm(values) => {
            source.helm = Some(Helm {
                release_name: Some(component.to_owned()),
                values_object: values.clone(),
                ..Helm::default()
            });
        }
    }
    source
}

fn spec(target: &Target, deployment: &Deployment, namespace: &str) -> ApplicationSpec {
    ApplicationSpec {
        project: target.names.project(deployment.team_name),
        destination: Destination { namespace: Some(namespace.to_owned()), ..target.names.destination() },
        info: vec![
            Info { name: "team".to_owned(), value: deployment.team_name.to_owned() },
            Info { name: "stack".to_owned(), value: deployment.stack.name.clone() },
        ],
        ..ApplicationSpec::default()
    }
}

/// Syncing by itself, with retries that never end: what an Application waits for may come from another.
/// `refresh` makes every attempt look at the newest revision, so that none is stuck with a broken one.
pub fn sync_policy(options: &[&str]) -> SyncPolicy {
    SyncPolicy {
        automated: Some(Automated { prune: Some(true), self_heal: Some(true), ..Automated::default() }),
        sync_options: options.iter().map(ToString::to_string).collect(),
        retry: Some(Retry {
            limit: Some(-1),
            backoff: Some(Backoff {
                duration: Some("10s".to_owned()),
                factor: Some(2),
                max_duration: Some("5m".to_owned()),
            }),
            refresh: Some(true),
        }),
        managed_namespace_metadata: None,
    }
}

fn metadata(target: &Target, deployment: &Deployment, name: &str, layer: usize, paths: String) -> ObjectMeta {
    let definitions = target.plan.definitions;
    let deletion = definitions.argocd.deletion;
    let mut annotations = BTreeMap::from([(GENERATE_PATHS.to_owned(), paths)]);
    if layer > 0 {
        annotations.insert(SYNC_WAVE.to_owned(), layer.to_string());
    }
    if deletion == Deletion::Confirm {
        annotations.insert(SYNC_OPTIONS.to_owned(), "Prune=confirm,Delete=confirm".to_owned());
    }
    let mut labels: BTreeMap<String, String> = [
        ("app.kubernetes.io/instance", deployment.name.as_str()),
        ("app.kubernetes.io/managed-by", "kiln"),
        ("app.kubernetes.io/part-of", &deployment.stack.name),
        ("cluster", target.cluster),
        ("stack", &deployment.stack.name),
        ("team", deployment.team_name),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect();
    for (key, value) in &deployment.labels {
        labels.entry(key.clone()).or_insert_with(|| value.clone());
    }
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(definitions.argocd.namespace.to_string()),
        labels: Some(labels),
        annotations: Some(annotations),
        finalizers: (deletion != Deletion::Orphan).then(|| vec![FINALIZER.to_owned()]),
        ..ObjectMeta::default()
    }
}

/// A file with one object.
pub fn file(path: String, object: impl Into<Object>, origins: Vec<String>, span: Span) -> ControlFile {
    ControlFile { path, content: ControlContent::Object(Box::new(object.into())), origins, span }
}
