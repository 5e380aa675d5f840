//! Hands the arguments to `cli::run` and its exit status to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    kiln::cli::run(std::env::args_os())
}
