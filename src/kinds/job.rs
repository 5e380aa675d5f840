//! `job`: work that is done once for each release.

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job as KubeJob, JobSpec};

use crate::kube::Object;
use crate::language::component::common::Common;
use crate::language::component::workload::Workload;
use crate::language::value::Duration;
use crate::parts::monitor::Found;
use crate::parts::pod::{Blueprint, Pod, Run};
use crate::parts::volumes::Claims;
use crate::parts::{check_length, count, deployment, digest};
use crate::plan::{Kind, Lowered, Outputs, Place, Site, Turn};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// Work that is done once for each release, such as a database migration.
    pub struct Job {
        /// When it runs.
        hook: Hook = Hook::Sync,
        /// Commands that run one after the other and stop at the first failure, instead of `command`.
        steps: Vec<Spanned<Vec<String>>>,
        /// How often a failure is tried again. Default: Kubernetes' 6.
        retries: Option<u32>,
        /// How long it may take, attempts included. Default: for ever.
        deadline: Option<Duration>,
        /// How long it stays after its end; only for a hook, since Argo CD would make another job again.
        keep_for: Option<Spanned<Duration>>,
        ..workload: Workload,
    }
}

choice! {
    /// When a job runs.
    pub enum Hook {
        /// In its place among the components, at every sync.
        Sync = "sync",
        /// Before every component that it does not need itself, at every sync. No hook of Argo CD's phase PreSync: in that phase the first sync has not even made the namespace.
        PreSync = "pre-sync",
        /// When everything else is applied and well.
        PostSync = "post-sync",
        /// In its place among the components, and again only when it changes.
        None = "none",
    }
}

impl Kind for Job {
    fn common(&self) -> &Common {
        &self.workload.common
    }

    fn workload(&self) -> Option<&Workload> {
        Some(&self.workload)
    }

    fn outputs(&self, _: &Place) -> Outputs {
        Outputs::new()
    }

    fn turn(&self) -> Turn {
        if self.hook == Hook::PreSync { Turn::First } else { Turn::AsReferred }
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        let component = site.place().component;
        let mut pod = pod(&self.workload, &self.steps, site, report);
        let spec = JobSpec {
            backoff_limit: self.retries.map(count).filter(|retries| *retries != 6),
            active_deadline_seconds: self.deadline.and_then(|time| time.seconds()),
            ttl_seconds_after_finished: self
                .keep_for
                .as_ref()
                .and_then(|time| i32::try_from(time.value.seconds()?).ok()),
            template: pod.template.clone(),
            ..JobSpec::default()
        };
        let hook = match self.hook {
            Hook::Sync | Hook::PreSync => Some("Sync"),
            Hook::PostSync => Some("PostSync"),
            Hook::None => None,
        };
        let name = match hook {
            Some(_) => component.to_owned(),
            None => {
                if let Some(time) = &self.keep_for {
                    report.add(
                        Diagnostic::new(
                            Code::ConflictingFields,
                            time.span,
                            "Argo CD would run a job without a hook again as soon as it is gone",
                        )
                        .help("remove `keep-for`, or set `hook`"),
                    );
                }
                revised(component, &spec)
            }
        };
        check_length(site, &name, 63, "the Job", report);
        let mut metadata = deployment::metadata(&name, pod.version.as_deref());
        metadata.annotations = hook.map(|hook| {
            BTreeMap::from([
                ("argocd.argoproj.io/hook".to_owned(), hook.to_owned()),
                ("argocd.argoproj.io/hook-delete-policy".to_owned(), "BeforeHookCreation".to_owned()),
            ])
        });
        let mut objects = vec![Object::from(KubeJob { metadata, spec: Some(spec), status: None })];
        objects.append(&mut pod.objects);
        Lowered { objects, release: None }
    }
}

/// The name with a digest of the content: the template of a Job cannot be changed, so a change is a new Job.
fn revised(component: &str, spec: &JobSpec) -> String {
    let bytes = serde_json::to_vec(spec).unwrap_or_default();
    let digest = digest(&bytes);
    format!("{component}-{}", digest.get(..8).unwrap_or_default())
}

/// The pod of a job or cron job, and what comes with it.
pub fn pod<'a>(
    workload: &'a Workload,
    steps: &'a [Spanned<Vec<String>>],
    site: &Site,
    report: &mut Report,
) -> Pod<'a> {
    if let Some(health) = &workload.health {
        report.add(
            Diagnostic::new(Code::UnknownField, health.span, "work that ends has no `health`")
                .help("its exit status says whether it went well"),
        );
    }
    let blueprint = Blueprint {
        workload,
        port: None,
        replicas: 1,
        claims: Claims::Shared,
        run: Run::ToItsEnd(steps),
        found: Found::ByPods,
    };
    let mut pod = Pod::of(blueprint, site, report);
    pod.close(workload, &[], site, report);
    pod
}
