//! `cronjob`: work that is done by the clock.

use k8s_openapi::api::batch::v1::{CronJob as KubeCronJob, CronJobSpec, JobSpec, JobTemplateSpec};

use super::job::pod;
use crate::kube::Object;
use crate::language::component::common::Common;
use crate::language::component::workload::Workload;
use crate::language::value::{CronSchedule, Duration, TimeZone};
use crate::parts::{check_length, count, deployment};
use crate::plan::{Kind, Lowered, Outputs, Place, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// Work that is done by the clock.
    pub struct Cronjob {
        /// When it runs, as a cron line of five fields: `0 2 * * *`.
        schedule: Spanned<CronSchedule>,
        /// The zone of the schedule, such as `America/Los_Angeles`. Default: the zone of the cluster's controllers, mostly UTC.
        time_zone: Option<TimeZone>,
        /// Commands that run one after the other and stop at the first failure, instead of `command`.
        steps: Vec<Spanned<Vec<String>>>,
        /// What happens when the last run has not ended.
        concurrency: Concurrency = Concurrency::Forbid,
        /// How often a failure is tried again. Default: Kubernetes' 6.
        retries: Option<u32>,
        /// How long a run may take, attempts included. Default: for ever.
        deadline: Option<Duration>,
        /// How late a run may begin. Default: as late as it wants.
        start_within: Option<Duration>,
        /// Whether it rests for now.
        suspend: bool = false,
        /// How many successful runs are kept. Default: Kubernetes' 3.
        keep_successful: Option<u32>,
        /// How many failed runs are kept. Default: Kubernetes' 1.
        keep_failed: Option<u32>,
        ..workload: Workload,
    }
}

choice! {
    /// What happens when the last run has not ended.
    pub enum Concurrency {
        /// The new run is left out.
        Forbid = "forbid",
        /// Both run.
        Allow = "allow",
        /// The last run is stopped.
        Replace = "replace",
    }
}

impl Kind for Cronjob {
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
        let component = site.place().component;
        // The names of its Jobs have eleven characters more.
        check_length(site, component, 52, "the CronJob", report);
        let mut pod = pod(&self.workload, &self.steps, site, report);
        let schedule = self.schedule.value.five_field().map(str::to_owned).unwrap_or_else(|| {
            report.add(
                Diagnostic::new(
                    Code::InvalidValue,
                    self.schedule.span,
                    format!("a cron job cannot run `{}`", self.schedule.value),
                )
                .help("write five fields, such as `0 2 * * *`"),
            );
            String::new()
        });
        let job = JobSpec {
            backoff_limit: self.retries.map(count).filter(|retries| *retries != 6),
            active_deadline_seconds: self.deadline.and_then(|time| time.seconds()),
            template: pod.template.clone(),
            ..JobSpec::default()
        };
        let spec = CronJobSpec {
            schedule,
            time_zone: self.time_zone.as_ref().map(ToString::to_string),
            concurrency_policy: match self.concurrency {
                Concurrency::Forbid => Some("Forbid".to_owned()),
                Concurrency::Allow => None,
                Concurrency::Replace => Some("Replace".to_owned()),
            },
            suspend: self.suspend.then_some(true),
            starting_deadline_seconds: self.start_within.and_then(|time| time.seconds()),
            successful_jobs_history_limit: self.keep_successful.map(count).filter(|kept| *kept != 3),
            failed_jobs_history_limit: self.keep_failed.map(count).filter(|kept| *kept != 1),
            job_template: JobTemplateSpec { metadata: None, spec: Some(job) },
        };
        let metadata = deployment::metadata(component, pod.version.as_deref());
        let mut objects = vec![Object::from(KubeCronJob { metadata, spec, status: None })];
        objects.append(&mut pod.objects);
        Lowered { objects, release: None }
    }
}
