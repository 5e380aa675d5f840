//! How a command ends.

use std::process::ExitCode;

use crate::disk::{OutProblem, ReadProblem};

/// What a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing is wrong.
    Fine,
    /// The definitions are wrong, or the output differs.
    Wrong,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        match outcome {
            Outcome::Fine => ExitCode::SUCCESS,
            Outcome::Wrong => ExitCode::from(1),
        }
    }
}

/// Why a command could not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The status kiln exits with.
    pub status: u8,
    /// What is wrong, one paragraph each.
    pub messages: Vec<Message>,
}

/// A problem outside of the definitions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What is wrong: a lower-case phrase, perhaps with a list below it.
    pub text: String,
    /// The way out; empty when there is none to tell.
    pub help: String,
}

impl Failure {
    /// Wrong usage, or surroundings in which the command cannot work.
    pub fn surroundings(text: impl Into<String>, help: impl Into<String>) -> Self {
        Failure { status: 2, messages: vec![Message { text: text.into(), help: help.into() }] }
    }
}

impl From<OutProblem> for Failure {
    fn from(problem: OutProblem) -> Self {
        let message = Message { text: problem.to_string(), help: problem.help() };
        Failure { status: problem.exit_status(), messages: vec![message] }
    }
}

impl From<Vec<ReadProblem>> for Failure {
    fn from(problems: Vec<ReadProblem>) -> Self {
        let message =
            |problem: ReadProblem| Message { text: problem.to_string(), help: problem.help().to_owned() };
        Failure { status: 2, messages: problems.into_iter().map(message).collect() }
    }
}
