//! `kiln explain`: the page of a problem.

use clap::Args;

use super::Global;
use super::outcome::{Failure, Outcome};
use super::terminal::Terminal;
use crate::report::Code;
use crate::report::nearest::advice;

/// Explain a problem by its code
///
/// Every problem that kiln reports has a code, such as `unknown-field`, and every code has a page: what it means, why
/// it is a problem, an example that has it and the same example mended. Without a code, lists all of them.
#[derive(Args)]
#[command(after_long_help = "Examples:
  kiln explain                     list every code
  kiln explain unknown-field       the page of one")]
pub struct Explain {
    /// The code, as it stands in brackets in a report
    code: Option<String>,
}

impl Explain {
    pub fn run(&self, _: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        match &self.code {
            None => terminal.data(&list())?,
            Some(name) => match Code::find(name) {
                Some(code) => terminal.data(code.page())?,
                None => {
                    let names = Code::ALL.iter().map(|code| code.name());
                    let all = "`kiln explain` lists every code";
                    let help = advice(name, names).map_or_else(|| all.to_owned(), |near| format!("{near} {all}"));
                    return Err(Failure::surroundings(format!("there is no problem code `{name}`"), help));
                }
            },
        }
        Ok(Outcome::Fine)
    }
}

/// Every code and what it means in a line.
fn list() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0);
    let line = |code: &Code| format!("{:width$}  {}\n", code.name(), code.title());
    Code::ALL.iter().map(line).collect()
}
