//! `kiln verify`: `out/` against its index.

use std::path::PathBuf;

use clap::Args;

use super::listing::listing;
use super::outcome::{Failure, Outcome};
use super::terminal::Terminal;
use super::workspace::Workspace;
use super::{Format, Global};
use crate::disk;
use crate::disk::verify::{IndexForm, LastBuild};

/// Compare `out/` with its own index
///
/// Every file that kiln writes is listed with its digest in `out/kiln.index.json`. This looks whether `out/` is
/// complete and unedited; it needs no definitions, so it also runs where only the output is checked out. Whether the
/// output agrees with the definitions is what `kiln build --check` tells.
#[derive(Args)]
#[command(after_long_help = "Examples:
  kiln verify                      verify out/ of this workspace
  kiln verify --out deploy/out     verify a folder without its definitions")]
pub struct Verify {
    /// The folder to verify [default: `out/` beside `stacks/`]
    #[arg(long, short, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Verify {
    pub fn run(&self, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        let out = match &self.out {
            Some(out) => out.clone(),
            None => Workspace::find(global)?.out(None),
        };
        let found = disk::verify(&out)?;
        if found.is_clean() {
            terminal.note(&format!("`{}` is what its index says: {} files", out.display(), found.files));
            return Ok(Outcome::Fine);
        }
        let mut text = String::new();
        if terminal.format == Format::Github {
            text.push_str("::error title=kiln verify::the output is not what its index says\n");
        }
        text.push_str(&listing(&[
            ("missing", &found.missing),
            ("edited by hand", &found.edited),
            ("not in the index", &found.extra),
        ]));
        if found.form == IndexForm::Altered {
            text.push_str("kiln.index.json itself was changed\n");
        }
        if found.build == LastBuild::Interrupted {
            text.push_str("the last build did not come to its end\n");
        }
        terminal.differences(&text)?;
        let wants_build = found.files == 0 || !(found.missing.is_empty() && found.edited.is_empty());
        let advice = if found.extra.is_empty() || wants_build || found.form == IndexForm::Altered {
            "run `kiln build`"
        } else {
            "kiln did not write these files and never touches them, but Argo CD may apply them: move them away"
        };
        terminal.note(&format!("`{}` is not what its index says: {advice}", out.display()));
        Ok(Outcome::Wrong)
    }
}
