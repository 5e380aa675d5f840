//! Steps: commands that run one after the other and stop at the first failure.
//!
//! All but the last are init containers, so Kubernetes keeps the order and the logs of each apart.

use k8s_openapi::api::core::v1::Container;

use super::environment;
use crate::language::component::workload::Workload;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;

/// Splits the main container into one for each step; the last one stays the main container.
pub fn split(
    main: &mut Container,
    steps: &[Spanned<Vec<String>>],
    workload: &Workload,
    report: &mut Report,
) -> Vec<Container> {
    let Some((last, before)) = steps.split_last() else { return Vec::new() };
    if !workload.container.command.is_empty() || !workload.container.args.is_empty() {
        report.add(
            Diagnostic::new(
                Code::ConflictingFields,
                last.span,
                "`steps` take the place of `command` and `args`",
            )
            .help("make the command one of the steps"),
        );
    }
    for step in steps.iter().filter(|step| step.value.is_empty()) {
        report.add(Diagnostic::new(Code::InvalidValue, step.span, "a step without a command"));
    }
    let command = |step: &Spanned<Vec<String>>| -> Option<Vec<String>> {
        let declared = |name: &str| workload.container.env.contains_key(name);
        Some(step.value.iter().map(|word| environment::expand(word, declared).0).collect())
    };
    let first = before
        .iter()
        .zip(1..)
        .map(|(step, number)| Container {
            name: format!("step-{number}"),
            command: command(step),
            ports: None,
            startup_probe: None,
            readiness_probe: None,
            liveness_probe: None,
            ..main.clone()
        })
        .collect();
    main.command = command(last);
    first
}
