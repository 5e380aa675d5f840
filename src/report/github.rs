//! Problems for GitHub: workflow commands that annotate the lines of a pull request.
//!
//! The format is that of "Workflow commands for GitHub Actions"; escapes as `@actions/core` writes them.

use std::fmt::Write as _;

use super::{Diagnostic, Label, Severity};
use crate::source::Sources;

/// One workflow command a line and problem.
///
/// `prefix` is the `stacks/` folder as seen from the root of the repository.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, prefix: &str) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, sources, prefix)).collect()
}

fn command(diagnostic: &Diagnostic, sources: &Sources, prefix: &str) -> String {
    let mut properties = String::new();
    let place = diagnostic.place.as_ref().filter(|label| sources.get(label.span.file).is_some());
    if let Some(label) = place {
        let location = sources.location(label.span);
        let path = super::display_path(prefix, location.path);
        let end_line = location.end_line;
        // A `String` takes every write.
        let _ = write!(properties, "file={},line={},endLine={end_line}", property(&path), location.line);
        // GitHub refuses columns of an annotation that spans lines.
        if location.line == end_line {
            let end = location.end_column.max(location.column + 1) - 1;
            let _ = write!(properties, ",col={},endColumn={end}", location.column);
        }
        properties.push(',');
    }
    let _ = write!(properties, "title={}", property(diagnostic.code.name()));
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    format!("::{level} {properties}::{}\n", data(&message(diagnostic, sources, prefix)))
}

fn message(diagnostic: &Diagnostic, sources: &Sources, prefix: &str) -> String {
    let mut lines = vec![diagnostic.message.clone()];
    lines.extend(diagnostic.place.iter().map(|label| label.text.clone()).filter(|text| !text.is_empty()));
    lines.extend(diagnostic.because.iter().map(|label| because(label, sources, prefix)));
    lines.extend(diagnostic.help.iter().map(|help| format!("help: {help}")));
    lines.join("\n")
}

fn because(label: &Label, sources: &Sources, prefix: &str) -> String {
    if sources.get(label.span.file).is_none() {
        return label.text.clone();
    }
    let location = sources.location(label.span);
    let path = super::display_path(prefix, location.path);
    let separator = if label.text.is_empty() { "" } else { ": " };
    format!("{path}:{}{separator}{}", location.line, label.text)
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Code;
    use crate::source::{FileId, Span};

    #[test]
    fn a_command_has_the_place_and_escapes_what_would_end_it() {
        let sources = Sources::new(vec![("a,b:c.toml".into(), "x = 1\ny = 2\n".into())]);
        let diagnostic = Diagnostic::new(Code::InvalidValue, Span::new(FileId(0), 4..5), "100% wrong")
            .label("this,\r\nhere")
            .because(Span::new(FileId(0), 6..7), "against this")
            .help("write: 2");
        assert_eq!(
            render(&[diagnostic], &sources, "stacks"),
            "::error file=stacks/a%2Cb%3Ac.toml,line=1,endLine=1,col=5,endColumn=5,title=invalid-value::\
             100%25 wrong%0Athis,%0D%0Ahere%0Astacks/a,b:c.toml:2: against this%0Ahelp: write: 2\n"
        );
    }

    #[test]
    fn a_place_over_lines_has_no_columns() {
        let sources = Sources::new(vec![("a.toml".into(), "x = 1\ny = 2\n".into())]);
        let diagnostic = Diagnostic::new(Code::SelectsNothing, Span::new(FileId(0), 0..8), "nothing");
        assert_eq!(
            render(&[diagnostic], &sources, ""),
            "::warning file=a.toml,line=1,endLine=2,title=selects-nothing::nothing\n"
        );
    }

    #[test]
    fn a_problem_without_a_place_has_a_title_only() {
        let diagnostic = Diagnostic::nowhere(Code::NoWorkspace, "nothing is defined");
        assert_eq!(
            render(&[diagnostic], &Sources::default(), "stacks"),
            "::error title=no-workspace::nothing is defined\n"
        );
    }
}
