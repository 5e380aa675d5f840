//! Names in the definitions that must be defined elsewhere in them: teams, clusters, charts.

use super::{Definitions, LANGUAGE_VERSION};
use crate::language::value::{Name, Scalar, Version};
use crate::report::{Code, Diagnostic, Report};

/// Reports every name that nothing defines.
pub fn check(definitions: &Definitions, report: &mut Report) {
    version(definitions, report);
    for stack in definitions.stacks.values() {
        let team = &stack.header.team;
        if !definitions.teams.contains_key(team.value.as_str()) && !unread(definitions, "teams", &team.value)
        {
            report.add(
                Diagnostic::new(Code::UnknownTeam, team.span, format!("there is no team `{}`", team.value))
                    .nearest(team.value.as_str(), definitions.teams.keys().map(String::as_str))
                    .help(format!(
                        "teams are defined as `[teams.{}]` in a file directly in `stacks/`",
                        team.value
                    )),
            );
        }
    }
    for (name, cluster) in &definitions.clusters {
        let Some(hub) = &cluster.argocd else { continue };
        if unread(definitions, "clusters", &hub.value) {
            continue;
        }
        if !definitions.clusters.contains_key(hub.value.as_str()) {
            report.add(
                Diagnostic::new(
                    Code::UnknownCluster,
                    hub.span,
                    format!("there is no cluster `{}`", hub.value),
                )
                .nearest(hub.value.as_str(), definitions.clusters.keys().map(String::as_str)),
            );
        } else if hub.value.as_str() != name && cluster.server.is_none() && cluster.name.is_none() {
            report.add(
                Diagnostic::new(
                    Code::MissingField,
                    cluster.span,
                    format!(
                        "cluster `{name}` is driven by the Argo CD of `{}` but has neither `server` nor `name`",
                        hub.value
                    ),
                )
                .because(hub.span, "another cluster's Argo CD is named here")
                .help("add `server = \"https://…\"`, the API server's address as that Argo CD reaches it, or the `name` it knows it by"),
            );
        }
        let other = definitions.clusters.get(hub.value.as_str()).and_then(|other| other.argocd.as_ref());
        if let Some(other) = other.filter(|other| other.value != hub.value && hub.value.as_str() != name) {
            report.add(
                Diagnostic::new(
                    Code::ConflictingFields,
                    hub.span,
                    format!("cluster `{}` has no Argo CD of its own that could drive `{name}`", hub.value),
                )
                .because(other.span, format!("it is driven by the Argo CD of `{}`", other.value))
                .help("name the cluster whose Argo CD drives both"),
            );
        }
    }
    if let Some(chart) = &definitions.argocd.chart
        && !definitions.charts.contains_key(chart.value.as_str())
        && !unread(definitions, "charts", &chart.value)
    {
        report.add(
            Diagnostic::new(Code::UnknownChart, chart.span, format!("there is no chart `{}`", chart.value))
                .nearest(chart.value.as_str(), definitions.charts.keys().map(String::as_str)),
        );
    }
}

/// Whether this was written, but could not be read.
fn unread(definitions: &Definitions, section: &str, name: &Name) -> bool {
    definitions.unread.contains(&format!("{section}.{name}"))
}

fn version(definitions: &Definitions, report: &mut Report) {
    let written = &definitions.workspace.version;
    if written.value == 0 || written.value > LANGUAGE_VERSION {
        report.add(
            Diagnostic::new(
                Code::UnsupportedVersion,
                written.span,
                format!("this kiln knows version {LANGUAGE_VERSION} of the language, not {}", written.value),
            )
            .help("use a newer kiln, or the version it knows"),
        );
    }
    if let Some(required) = &definitions.workspace.requires
        && let Ok(own) = Version::parse(env!("CARGO_PKG_VERSION"))
        && !required.value.matches(&own)
    {
        report.add(
            Diagnostic::new(
                Code::UnsupportedVersion,
                required.span,
                format!(
                    "this is kiln {}, but the workspace requires `{}`",
                    env!("CARGO_PKG_VERSION"),
                    required.value
                ),
            )
            .help("use a kiln that the workspace allows"),
        );
    }
}
