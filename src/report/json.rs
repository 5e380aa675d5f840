//! Problems for programs: one JSON object whose field names are stable.

use serde::Serialize;

use super::{Diagnostic, Label, Severity};
use crate::source::Sources;

#[derive(Serialize)]
struct Whole<'a> {
    diagnostics: Vec<Problem<'a>>,
    errors: usize,
    warnings: usize,
}

#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    because: Vec<Place<'a>>,
    help: &'a [String],
}

/// A label. All but the text is null where nothing was written.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    end_line: Option<u32>,
    end_column: Option<u32>,
    label: &'a str,
}

/// The problems as one pretty JSON object with a newline at its end: `diagnostics`, and how many of them are
/// `errors` and `warnings`.
///
/// Lines and columns count from 1, columns in characters; the end is the place after the last character.
/// `prefix` is how the reader calls the `stacks/` folder.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, prefix: &str) -> String {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let whole = Whole {
        diagnostics: diagnostics.iter().map(|diagnostic| problem(diagnostic, sources, prefix)).collect(),
        errors,
        warnings: diagnostics.len() - errors,
    };
    // Strings and numbers alone always serialize.
    let mut text = serde_json::to_string_pretty(&whole).unwrap_or_default();
    text.push('\n');
    text
}

fn problem<'a>(diagnostic: &'a Diagnostic, sources: &Sources, prefix: &str) -> Problem<'a> {
    let place = |label: &'a Label| place(label, sources, prefix);
    Problem {
        code: diagnostic.code.name(),
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        message: &diagnostic.message,
        place: diagnostic.place.as_ref().map(place).unwrap_or_default(),
        because: diagnostic.because.iter().map(place).collect(),
        help: &diagnostic.help,
    }
}

fn place<'a>(label: &'a Label, sources: &Sources, prefix: &str) -> Place<'a> {
    let label_only = Place { label: &label.text, ..Place::default() };
    if sources.get(label.span.file).is_none() {
        return label_only;
    }
    let location = sources.location(label.span);
    Place {
        file: Some(super::display_path(prefix, location.path)),
        line: Some(location.line),
        column: Some(location.column),
        end_line: Some(location.end_line),
        end_column: Some(location.end_column),
        ..label_only
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Code;
    use crate::source::{FileId, Span};

    #[test]
    fn every_field_is_there_and_places_are_flat() {
        let sources = Sources::new(vec![("a.toml".into(), "x = 'ä'\ny = 1\n".into())]);
        let diagnostic = Diagnostic::new(Code::UnknownField, Span::new(FileId(0), 4..8), "unknown field `x`")
            .label("not known here")
            .because(Span::NOWHERE, "a default")
            .help("did you mean `y`?");
        insta::assert_snapshot!(render(&[diagnostic], &sources, "stacks"), @r#"
        {
          "diagnostics": [
            {
              "code": "unknown-field",
              "severity": "error",
              "message": "unknown field `x`",
              "file": "stacks/a.toml",
              "line": 1,
              "column": 5,
              "endLine": 1,
              "endColumn": 8,
              "label": "not known here",
              "because": [
                {
                  "file": null,
                  "line": null,
                  "column": null,
                  "endLine": null,
                  "endColumn": null,
                  "label": "a default"
                }
              ],
              "help": [
                "did you mean `y`?"
              ]
            }
          ],
          "errors": 1,
          "warnings": 0
        }
        "#);
    }

    #[test]
    fn no_problem_is_an_empty_list() {
        let parsed: serde_json::Value =
            serde_json::from_str(&render(&[], &Sources::default(), "stacks")).unwrap();
        assert_eq!(parsed, serde_json::json!({ "diagnostics": [], "errors": 0, "warnings": 0 }));
    }

    #[test]
    fn a_problem_without_a_place_has_null_places() {
        let diagnostic = Diagnostic::nowhere(Code::NoWorkspace, "nothing is defined");
        let parsed: serde_json::Value =
            serde_json::from_str(&render(&[diagnostic], &Sources::default(), "stacks")).unwrap();
        assert_eq!(parsed["diagnostics"][0]["file"], serde_json::Value::Null);
        assert_eq!(parsed["errors"], 1);
    }
}
