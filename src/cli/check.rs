//! `kiln check`: every check, no output.

use clap::Args;

use super::Global;
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::terminal::Terminal;
use super::workspace::Workspace;
use crate::compile::compile;

/// Check the definitions without writing anything
///
/// Runs the whole compiler on `stacks/` and shows every problem of it in one run: wrong types and names, references
/// to what is not there, conflicts in the fleet, the rules of the policy. `kiln explain <CODE>` tells more about
/// each.
#[derive(Args)]
#[command(after_long_help = "Examples:
  kiln check                       check stacks/
  kiln check --format github       annotate the pull request in a GitHub workflow
  kiln check --format json         for editors and scripts")]
pub struct Check {}

impl Check {
    pub fn run(&self, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        let progress = Progress::start(terminal, "reading the definitions");
        let workspace = Workspace::find(global)?;
        let sources = workspace.read()?;
        progress.step("compiling");
        let report = compile(&sources).report;
        drop(progress);
        let wrong = report.has_errors();
        let diagnostics = report.finish();
        terminal.report(&diagnostics, &sources, &workspace.prefix())?;
        if diagnostics.is_empty() {
            terminal.note(&format!("`{}` is fine", workspace.prefix()));
        }
        Ok(if wrong { Outcome::Wrong } else { Outcome::Fine })
    }
}
