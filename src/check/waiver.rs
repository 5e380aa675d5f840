//! The exceptions from the rules, and which of them are needed.

use crate::language::workspace::{Policy, Waiver, WaiverMatch};
use crate::plan::Plan;
use crate::report::{Code, Diagnostic, Report};

use super::finding::Finding;
use super::is_policy;

/// The waivers of the workspace, each with whether it has covered anything.
#[derive(Debug)]
pub struct Waivers<'p> {
    waivers: Vec<(&'p str, &'p Waiver, Use)>,
}

/// Whether a waiver covers anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Needed,
    Unused,
}

impl<'p> Waivers<'p> {
    /// The waivers of a policy. Those of unknown rules are left out: they were reported when they were read.
    pub fn of(policy: &'p Policy) -> Self {
        let known = |waiver: &Waiver| Code::find(&waiver.rule.value).is_some_and(is_policy);
        let waivers = policy.waivers.iter().filter(|(_, waiver)| known(waiver));
        Self { waivers: waivers.map(|(name, waiver)| (name.as_str(), waiver, Use::Unused)).collect() }
    }

    /// Whether a finding is waived. Every waiver that covers it counts as needed.
    pub fn cover(&mut self, finding: &Finding, plan: &Plan) -> bool {
        let mut covered = false;
        for (_, waiver, used) in &mut self.waivers {
            if waiver.rule.value == finding.diagnostic.code.name() && agrees(&waiver.r#match, finding, plan) {
                *used = Use::Needed;
                covered = true;
            }
        }
        covered
    }

    /// Reports the waivers that have covered nothing.
    pub fn report_unused(&self, report: &mut Report) {
        for (name, waiver, _) in self.waivers.iter().filter(|(.., used)| *used == Use::Unused) {
            report.add(
                Diagnostic::new(
                    Code::UnusedWaiver,
                    waiver.span,
                    format!("the waiver `{name}` waives nothing"),
                )
                .label(format!("nothing that this matches breaks `{}`", waiver.rule.value))
                .help("remove it, or correct what it matches"),
            );
        }
    }
}

/// Whether a finding agrees with everything that a waiver names.
fn agrees(wanted: &WaiverMatch, finding: &Finding, plan: &Plan) -> bool {
    let Some(deployment) = plan.deployments.get(finding.deployment) else { return false };
    let component = finding.component.and_then(|position| deployment.components.get(position));
    let one = |wanted: &Option<String>, found: Option<&str>| match wanted {
        Some(wanted) => found == Some(wanted),
        None => true,
    };
    one(&wanted.stack, Some(&deployment.stack.name))
        && one(&wanted.instance, Some(&deployment.name))
        && one(&wanted.cluster, Some(deployment.cluster_name))
        && one(&wanted.component, component.map(|component| component.name.as_str()))
}
