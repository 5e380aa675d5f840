//! `kiln build`: definitions in, `out/` written.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use super::listing::listing;
use super::outcome::{Failure, Outcome};
use super::progress::Progress;
use super::terminal::Terminal;
use super::workspace::Workspace;
use super::{Format, Global};
use crate::compile::{Compiled, compile};
use crate::disk::{self, Changes, Edits, PATIENCE, plan_write};
use crate::emit::tree::Tree;

/// Render the definitions into `out/`
///
/// Reads every definition under `stacks/`, checks all of it, and writes the rendered files to `out/`: changed files
/// are replaced, stale ones removed, files that kiln did not write never touched. With any error nothing is written.
///
/// A file under `out/` that was edited by hand stops the build, so that nobody's work is lost unseen; `--force`
/// discards such edits.
#[derive(Args)]
#[command(after_long_help = "Examples:
  kiln build                       render stacks/ into out/
  kiln build --check               in CI: fail when out/ is not what would be rendered
  kiln build --out /tmp/preview    render elsewhere
  kiln build --force               discard edits made under out/ by hand")]
pub struct Build {
    /// Write nothing; list the files that would change and exit with 1 if there are any
    #[arg(long, conflicts_with = "force")]
    check: bool,
    /// Discard edits made under `out/` by hand, and overwrite files that are in the way
    #[arg(long)]
    force: bool,
    /// How many threads to use, 256 at most [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// The folder to write to [default: `out/` beside `stacks/`]
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Build {
    pub fn run(&self, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        let begin = Instant::now();
        if let Some(jobs) = self.jobs {
            // Fails only when the threads are there already, and nothing before this starts any.
            let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
        }
        let progress = Progress::start(terminal, "reading the definitions");
        let workspace = Workspace::find(global)?;
        let out = workspace.out(self.out.as_deref());
        workspace.check_apart(&out)?;
        let sources = workspace.read()?;
        progress.step("compiling");
        let Compiled { tree, report } = compile(&sources);
        progress.step("comparing and writing");
        let written = match tree {
            Some(tree) if self.check => {
                let changes = plan_write(&tree, &out)?;
                drop(progress);
                terminal.report(&report.finish(), &sources, &workspace.prefix())?;
                return compare(&changes, &out, terminal);
            }
            Some(tree) => Some(self.write(&tree, &out, terminal)),
            None => None,
        };
        drop(progress);
        terminal.report(&report.finish(), &sources, &workspace.prefix())?;
        let Some(summary) = written.transpose()? else {
            terminal.note(&format!("nothing was written to `{}`", out.display()));
            return Ok(Outcome::Wrong);
        };
        terminal.note(&format!(
            "wrote {}, unchanged {}, removed {} in {:.1} s",
            summary.written,
            summary.unchanged,
            summary.removed,
            begin.elapsed().as_secs_f64()
        ));
        Ok(Outcome::Fine)
    }

    fn write(&self, tree: &Tree, out: &Path, terminal: &Terminal) -> Result<disk::Summary, Failure> {
        let edits = if self.force { Edits::Discard } else { Edits::Keep };
        let mut on_wait = || terminal.note(&format!("waiting for another kiln that is writing `{}`", out.display()));
        Ok(disk::write(tree, out, edits, PATIENCE, &mut on_wait)?)
    }
}

/// Lists what a build would change.
fn compare(changes: &Changes, out: &Path, terminal: &Terminal) -> Result<Outcome, Failure> {
    if changes.is_empty() {
        terminal.note(&format!("`{}` is up to date: {} files", out.display(), changes.unchanged));
        return Ok(Outcome::Fine);
    }
    let groups = [
        ("would be written", &changes.write),
        ("would be removed", &changes.remove),
        ("edited by hand", &changes.edited),
        ("in the way, not written by kiln", &changes.foreign),
    ];
    let total: usize = groups.iter().map(|(_, paths)| paths.len()).sum();
    let mut text = String::new();
    if terminal.format == Format::Github {
        text.push_str("::error title=kiln build --check::the output is not what would be rendered\n");
    }
    text.push_str(&listing(&groups));
    if total == 0 {
        text.push_str("kiln.index.json would be written anew\n");
    }
    terminal.differences(&text)?;
    if let Some(problem) = &changes.index_problem {
        terminal.note(&problem.to_string());
    }
    terminal.note(&format!(
        "`{}` is not what would be rendered ({total} of {} files differ): run `kiln build` and commit the result",
        out.display(),
        total + changes.unchanged,
    ));
    Ok(Outcome::Wrong)
}
