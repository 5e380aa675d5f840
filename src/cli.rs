//! The commands: arguments in, text and an exit status out. Each command is one file of `cli/` and one line of
//! the table below: it reads, compiles, looks or writes once, and exits.
#![allow(
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the door to the terminal"
)]

mod listing;
mod outcome;
mod progress;
mod terminal;
mod workspace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};

use outcome::{Failure, Outcome};
use terminal::Terminal;

macro_rules! commands {
    ($( $(#[$meta:meta])* $variant:ident $module:ident; )*) => {
        $( mod $module; )*

        #[derive(Subcommand)]
        enum Command {
            $( $(#[$meta])* $variant($module::$variant), )*
        }

        impl Command {
            fn run(&self, global: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
                match self { $( Command::$variant(command) => command.run(global, terminal), )* }
            }
        }
    };
}

commands! {
    Build build;
    Check check;
    Verify verify;
    Explain explain;
    Schema schema;
    Completions completions;
}

/// Compile typed TOML stacks into Kubernetes YAML, Helm values and Argo CD files.
///
/// kiln reads the definitions under `stacks/` and renders them into `out/`, which Argo CD applies. It is a pure
/// function of the files it is given: no cluster, no network, no clock.
///
/// Begin with `kiln check`, then `kiln build`; commit `stacks/` and `out/` together.
#[derive(Parser)]
#[command(name = "kiln", version, after_help = EXIT_STATUS, max_term_width = 100, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "Exit status: 0 fine; 1 the definitions are wrong, or `out/` differs from what it should be; \
     2 wrong usage or surroundings.";

#[derive(Args)]
struct Global {
    /// The folder of the definitions [default: `stacks/` here or in a parent]
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global options")]
    stacks: Option<PathBuf>,
    /// How problems are shown: for people on stderr, for programs on stdout
    #[arg(long, global = true, value_enum, default_value_t, help_heading = "Global options")]
    format: Format,
    /// When to use colours; `auto` heeds the terminal and `NO_COLOR`
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "WHEN",
        help_heading = "Global options"
    )]
    color: When,
    /// Say nothing but problems and what was asked for
    #[arg(long, short, global = true, help_heading = "Global options")]
    quiet: bool,
}

/// How problems are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With excerpts of the sources
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Workflow commands that annotate a pull request
    Github,
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Runs the command that the arguments name, the first of them being the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(message) => {
            // Help and usage; a reader that is gone needs neither.
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(2));
        }
    };
    let terminal = Terminal::new(&cli.global);
    match cli.command.run(&cli.global, &terminal) {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            terminal.failure(&failure);
            ExitCode::from(failure.status)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_explains_itself_with_an_example() {
        for command in Cli::command().get_subcommands() {
            let long = command.get_long_about().unwrap_or_default().to_string();
            let after = command.get_after_long_help().unwrap_or_default().to_string();
            assert!(!long.is_empty() && after.contains("kiln "), "{}", command.get_name());
        }
    }
}
