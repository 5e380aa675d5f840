//! Applications.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::kube::custom::{Absent, Marks, parts, resource};

resource! {
    /// Something that Argo CD keeps in a cluster as it is in a repository.
    Application = "argoproj.io" "v1alpha1" "Application" "applications", spec: ApplicationSpec
}

impl Absent for Map<String, Value> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }
}

parts! {
    /// What is kept where, and how.
    ApplicationSpec {
        /// The AppProject.
        project: String,
        /// The only source.
        source: Option<Source>,
        /// Several sources; they take the place of `source`.
        sources: Vec<Source>,
        /// The cluster and namespace.
        destination: Destination,
        /// When and how it is synced.
        sync_policy: Option<SyncPolicy>,
        /// Differences that are no drift.
        ignore_differences: Vec<IgnoreDifference>,
        /// Facts shown to people.
        info: Vec<Info>,
        /// How many past revisions are remembered; 10 when not set.
        revision_history_limit: Option<i32>,
    }

    /// A path in a Git repository, or a chart.
    Source {
        /// The address of the repository.
        #[serde(rename = "repoURL")]
        repo_url: String,
        /// The revision or the chart's version.
        target_revision: Option<String>,
        /// The path in a Git repository.
        path: Option<String>,
        /// The chart in a Helm repository.
        chart: Option<String>,
        /// The name under which other sources refer to the files of this one, as `$name/…`.
        r#ref: Option<String>,
        /// How a chart is rendered.
        helm: Option<Helm>,
        /// How a kustomization is rendered.
        kustomize: Option<Kustomize>,
        /// How plain files are read.
        directory: Option<Directory>,
    }

    /// How a chart is rendered.
    Helm {
        /// The name of the release.
        release_name: Option<String>,
        /// The namespace templates see; the destination's when not set.
        namespace: Option<String>,
        /// Files with values, later ones win.
        value_files: Vec<String>,
        /// Values.
        values_object: Map<String, Value>,
        /// Single values.
        parameters: Vec<Parameter>,
        /// Whether the chart's CRDs are left out.
        skip_crds: Option<bool>,
        /// Whether the chart's tests are left out.
        skip_tests: Option<bool>,
        /// Whether values are not compared with the chart's schema.
        skip_schema_validation: Option<bool>,
    }

    /// A single value of a chart.
    Parameter {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// Whether it is text even where it looks like something else.
        force_string: Option<bool>,
    }

    /// How a kustomization is rendered.
    Kustomize {
        /// Put before every name.
        name_prefix: Option<String>,
        /// Put after every name.
        name_suffix: Option<String>,
        /// Images that are replaced, as `name=new:tag`.
        images: Vec<String>,
        /// Labels of every object.
        common_labels: BTreeMap<String, String>,
        /// Annotations of every object.
        common_annotations: BTreeMap<String, String>,
    }

    /// How plain files are read.
    Directory {
        /// Whether sub-folders are read, too.
        recurse: Option<bool>,
        /// A glob of files that are left out.
        exclude: Option<String>,
        /// A glob of files that are read.
        include: Option<String>,
        /// Jsonnet.
        jsonnet: Option<Jsonnet>,
    }

    /// Jsonnet.
    Jsonnet {
        /// External variables.
        ext_vars: Vec<JsonnetVar>,
        /// Top-level arguments.
        tlas: Vec<JsonnetVar>,
        /// Folders of libraries.
        libs: Vec<String>,
    }

    /// A variable of Jsonnet.
    JsonnetVar {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
        /// Whether the value is code.
        code: Option<bool>,
    }

    /// A cluster, by its name or its address but not both, and a namespace.
    Destination {
        /// The name under which Argo CD knows the cluster.
        name: Option<String>,
        /// The address of its API server.
        server: Option<String>,
        /// The namespace of objects that name none.
        namespace: Option<String>,
    }

    /// When and how an Application is synced.
    SyncPolicy {
        /// Without being asked.
        automated: Option<Automated>,
        /// Options, as `Name=value`.
        sync_options: Vec<String>,
        /// What happens after a failure.
        retry: Option<Retry>,
        /// The namespace that `CreateNamespace=true` makes.
        managed_namespace_metadata: Option<Marks>,
    }

    /// Syncing without being asked; an empty table turns it on.
    Automated {
        /// Whether objects that are gone from the source are deleted.
        prune: Option<bool>,
        /// Whether changes made in the cluster are undone.
        self_heal: Option<bool>,
        /// Whether everything may be deleted.
        allow_empty: Option<bool>,
        /// Whether it is on.
        enabled: Option<bool>,
    }

    /// What happens after a failure.
    Retry {
        /// How many more attempts; `-1` for ever.
        limit: Option<i32>,
        /// The time between them.
        backoff: Option<Backoff>,
        /// Whether an attempt takes the newest revision.
        refresh: Option<bool>,
    }

    /// The time between attempts.
    Backoff {
        /// Before the second attempt.
        duration: Option<String>,
        /// What it is multiplied with each time.
        factor: Option<i32>,
        /// The most it grows to.
        max_duration: Option<String>,
    }

    /// A difference that is no drift.
    IgnoreDifference {
        /// The API group; not set for the core group.
        group: Option<String>,
        /// The kind.
        kind: String,
        /// The name; any when not set.
        name: Option<String>,
        /// The namespace; any when not set.
        namespace: Option<String>,
        /// Fields, as JSON pointers.
        json_pointers: Vec<String>,
        /// Fields, as jq paths.
        jq_path_expressions: Vec<String>,
        /// Fields, by who manages them.
        managed_fields_managers: Vec<String>,
    }

    /// A fact shown to people.
    Info {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    }
}
