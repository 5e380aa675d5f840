//! What is wrong: every problem of a run, with a code, the exact place, the cause and the way out.
//!
//! Knows nothing of what is being compiled; renderers in `report/` turn a [`Report`] into text.

pub mod code;
pub mod github;
pub mod human;
pub mod json;
pub mod nearest;

use crate::source::Span;
pub use code::{Code, Severity};

/// A place in the sources and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What the reader sees beside the place; may be empty for the primary label.
    pub text: String,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable name of this sort of problem.
    pub code: Code,
    /// Whether it stops the build.
    pub severity: Severity,
    /// A lower-case phrase, names in backticks, understandable alone.
    pub message: String,
    /// The place to mend; `None` only when nothing was written at all (a missing workspace).
    pub place: Option<Label>,
    /// What the place conflicts with: another file, an overlay, a policy, a template line.
    pub because: Vec<Label>,
    /// What to do about it.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A problem at `span`, with the severity its code has by default.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { place: Some(Label { span, text: String::new() }), ..Self::nowhere(code, message) }
    }

    /// A problem that has no place in the sources.
    pub fn nowhere(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            place: None,
            because: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Sets the text beside the place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        if let Some(place) = &mut self.place {
            place.text = text.into();
        }
        self
    }

    /// Adds a second place that makes this one wrong.
    #[must_use]
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.because.push(Label { span, text: text.into() });
        self
    }

    /// Adds a way out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds the nearest valid name, or the list of all when none is near and they are few.
    #[must_use]
    pub fn nearest<'a>(self, written: &str, valid: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest::advice(written, valid) {
            Some(advice) => self.help(advice),
            None => self,
        }
    }

    /// Replaces the severity, as a policy may.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    fn order(&self) -> (Option<Span>, Code, &str) {
        (self.place.as_ref().map(|label| label.span), self.code, &self.message)
    }
}

/// The path of a source as the reader of a report finds it: below `prefix`, the name of the `stacks/` folder.
fn display_path(prefix: &str, path: &str) -> String {
    match prefix.trim_end_matches('/') {
        "" => path.to_owned(),
        prefix => format!("{prefix}/{path}"),
    }
}

/// All problems of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    diagnostics: Vec<Diagnostic>,
}

impl Report {
    /// A report without problems.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes down one more problem.
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Takes over the problems of another report.
    pub fn append(&mut self, other: Report) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// Whether any problem stops the build.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether nothing was found at all.
    pub fn is_empty(&self) -> bool {
        self.diagnostics.is_empty()
    }

    /// The problems in their fixed order (place, code, message), repeats dropped.
    ///
    /// A place is mended once: the same code at the same place with the same message, found in
    /// several deployments, is one problem.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by(|a, b| a.order().cmp(&b.order()));
        self.diagnostics.dedup_by(|a, b| a.order() == b.order());
        self.diagnostics
    }

    /// The problems in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter()
    }
}
