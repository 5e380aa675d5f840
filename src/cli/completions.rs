//! `kiln completions`: what a shell needs to complete commands and options.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::outcome::{Failure, Outcome};
use super::terminal::Terminal;
use super::{Cli, Global};

/// Print a completion script for a shell
///
/// Write it to where your shell looks for completions.
#[derive(Args)]
#[command(after_long_help = "Examples:
  kiln completions bash > ~/.local/share/bash-completion/completions/kiln
  kiln completions zsh > ~/.zfunc/_kiln
  kiln completions fish > ~/.config/fish/completions/kiln.fish")]
pub struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub fn run(&self, _: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "kiln", &mut script);
        terminal.data(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Fine)
    }
}
