//! Plan + objects → problems that only show when everything is there: the table of rules, and what the policy
//! makes of them. Changes nothing; reports only.

mod argocd_namespace;
mod finding;
mod invalid_name;
mod large_annotations;
mod missing_capability;
mod missing_probe;
mod missing_requests;
mod plaintext_secret;
mod pod;
mod privileged;
mod route_conflict;
mod two_owners;
mod unpinned_image;
mod waiver;

use rayon::prelude::*;

use crate::language::workspace::{Level, Policy};
use crate::objects::Objects;
use crate::plan::Plan;
use crate::report::{Report, Severity};
use finding::Findings;
use pod::Pod;
use waiver::Waivers;

/// What a rule looks at.
struct Fleet<'p> {
    plan: &'p Plan<'p>,
    objects: &'p Objects,
    /// The pods of all objects.
    pods: Vec<Pod<'p>>,
}

/// A rule takes down what it finds; levels and waivers are none of its business.
type Rule = fn(&Fleet, &mut Findings);

/// What can be said of any plan.
const RULES: &[Rule] = &[
    two_owners::check,
    invalid_name::check,
    route_conflict::check,
    large_annotations::check,
    unpinned_image::check,
    plaintext_secret::check,
    missing_requests::check,
    missing_probe::check,
    privileged::check,
    argocd_namespace::check,
];

/// What misses something. After an error a component may not be in the plan, so that these would blame the innocent.
const RULES_OF_THE_WHOLE: &[Rule] = &[missing_capability::check];

/// Looks at the whole fleet, and reports what breaks a rule, as the policy wants it.
pub fn check(plan: &Plan, objects: &Objects, report: &mut Report) {
    let whole = !report.has_errors();
    let fleet = Fleet { plan, objects, pods: pod::pods(plan, objects) };
    let rules: Vec<&Rule> = RULES.iter().chain(RULES_OF_THE_WHOLE.iter().filter(|_| whole)).collect();
    let found: Vec<Findings> = rules
        .par_iter()
        .map(|rule| {
            let mut findings = Findings::default();
            rule(&fleet, &mut findings);
            findings
        })
        .collect();
    let policy = &plan.definitions.policy;
    let mut waivers = Waivers::of(policy);
    for finding in found.into_iter().flatten() {
        let waived = waivers.cover(&finding, plan);
        let mut diagnostic = finding.diagnostic;
        let level = policy.levels.get(&diagnostic.code);
        let off = level.is_some_and(|level| level.value == Level::Off);
        if waived || off {
            continue;
        }
        if let Some(level) = level {
            let severity = severity(level.value);
            diagnostic = diagnostic.severity(severity).because(level.span, "the policy sets the level here");
        }
        report.add(diagnostic);
    }
    if whole {
        waivers.report_unused(report);
    }
}

fn severity(level: Level) -> Severity {
    match level {
        Level::Deny => Severity::Error,
        Level::Warn | Level::Off => Severity::Warning,
    }
}

/// Whether the level of a rule can be set, and the rule be waived.
fn is_policy(code: crate::report::Code) -> bool {
    Policy::RULES.contains(&code)
}
