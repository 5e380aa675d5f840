//! The two streams: data on stdout, the rest on stderr.
//!
//! A reader that goes away early (`| head`) is no failure and never a panic.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};

use annotate_snippets::{Level, Renderer, normalize_untrusted_str};
use anstream::{AutoStream, ColorChoice};

use super::outcome::Failure;
use super::{Format, Global, When};
use crate::report::human::Colour;
use crate::report::{Diagnostic, Severity, github, human, json};
use crate::source::Sources;

/// How much is said beside problems and data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Talk {
    /// What was done, and that something takes long.
    Normal,
    /// Nothing.
    Quiet,
}

/// Where text goes, and how it looks there.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// How problems are shown.
    pub format: Format,
    /// Whether text on stderr has colours.
    pub colour: Colour,
    /// How much is said.
    pub talk: Talk,
}

impl Terminal {
    /// The streams as the global options and the surroundings want them.
    pub fn new(global: &Global) -> Self {
        let colour = match global.color {
            When::Always => Colour::Ansi,
            When::Never => Colour::Plain,
            When::Auto => match AutoStream::choice(&io::stderr()) {
                ColorChoice::Never => Colour::Plain,
                _ => Colour::Ansi,
            },
        };
        let talk = if global.quiet { Talk::Quiet } else { Talk::Normal };
        Terminal { format: global.format, colour, talk }
    }

    /// Whether somebody watches: progress is for them alone.
    pub fn is_watched(&self) -> bool {
        self.talk == Talk::Normal && io::stderr().is_terminal()
    }

    /// Data, on stdout.
    pub fn data(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::surroundings(
                format!("cannot write to stdout: {error}"),
                "make room, or send the output elsewhere",
            )),
            _ => Ok(()),
        }
    }

    /// A line about what was done, on stderr.
    pub fn note(&self, text: &str) {
        if self.talk == Talk::Normal {
            self.stderr(&format!("{text}\n"));
        }
    }

    /// A problem outside of the definitions, on stderr.
    pub fn failure(&self, failure: &Failure) {
        let renderer = match self.colour {
            Colour::Plain => Renderer::plain(),
            Colour::Ansi => Renderer::styled(),
        };
        for message in &failure.messages {
            let group = Level::ERROR.primary_title(normalize_untrusted_str(&message.text));
            let help = Some(message.help.as_str()).filter(|help| !help.is_empty());
            let help = help.map(|help| Level::HELP.message(normalize_untrusted_str(help)));
            self.stderr(&format!("{}\n", renderer.render(&[group.elements(help)])));
        }
    }

    /// The problems of a run: for people on stderr with a line that counts them, for programs on stdout.
    pub fn report(&self, diagnostics: &[Diagnostic], sources: &Sources, prefix: &str) -> Result<(), Failure> {
        match self.format {
            Format::Human => self.stderr(&human::render(diagnostics, sources, prefix, self.colour)),
            Format::Json => self.data(&json::render(diagnostics, sources, prefix))?,
            Format::Github => self.data(&github::render(diagnostics, sources, prefix))?,
        }
        if let Some(first) = diagnostics.first() {
            let count = count(diagnostics);
            self.note(&format!("{count}; `kiln explain {}` tells more about the first", first.code));
        }
        Ok(())
    }

    /// Differences between what is and what should be: data for people, beside the data for programs.
    pub fn differences(&self, text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Human | Format::Github => self.data(text),
            Format::Json => {
                self.stderr(text);
                Ok(())
            }
        }
    }

    fn stderr(&self, text: &str) {
        // Nobody can be told when stderr is gone.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// "3 errors, 1 warning".
fn count(diagnostics: &[Diagnostic]) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let counts = [(errors, "error"), (diagnostics.len() - errors, "warning")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let words = counts.map(|(count, word)| format!("{count} {word}{}", if *count == 1 { "" } else { "s" }));
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Code;

    #[test]
    fn problems_are_counted_in_words() {
        let error = Diagnostic::nowhere(Code::NoWorkspace, "x");
        let warning = Diagnostic::nowhere(Code::SelectsNothing, "x");
        assert_eq!(count(std::slice::from_ref(&error)), "1 error");
        assert_eq!(count(&[error.clone(), error, warning.clone()]), "2 errors, 1 warning");
        assert_eq!(count(&[warning]), "1 warning");
    }
}
