//! What the template engine complains of, at its place.

use tera::ErrorKind;

use crate::report::{Code, Diagnostic};
use crate::source::{FileId, Sources, Span};

use super::PREFIX;

/// A problem in a template file.
pub fn in_file(error: &tera::Error, code: Code, file: FileId, sources: &Sources) -> Diagnostic {
    let fault = Fault::of(error);
    let file = fault.file.as_deref().and_then(|path| sources.find(path)).unwrap_or(file);
    let text = sources.text(file);
    let range = fault.range.or_else(|| fault.position.map(|at| offset(text, at)));
    let range = range.unwrap_or(0..0);
    fault.message.diagnostic(code, Span::new(file, clamp(text, range)))
}

/// A problem in an expression in a definition.
pub fn in_text(error: &tera::Error, code: Code, text: &str, span: Span, sources: &Sources) -> Diagnostic {
    let fault = Fault::of(error);
    let shift = super::inner_of(text).map_or(0, |_| PREFIX.len());
    let moved = shift == 0 && super::pass_through(text) != text;
    let range = fault.range.filter(|_| !moved).map(|range| {
        let lead = text.find("{{").map_or(0, |at| at + 2);
        let back = |at: usize| if shift == 0 { at } else { at.saturating_sub(shift) + lead };
        back(range.start)..back(range.end)
    });
    // A complaint without a place names what it is about.
    let named = || {
        let name = fault.message.text.split('`').nth(1).filter(|name| !name.is_empty())?;
        text.find(name).map(|start| start..start + name.len())
    };
    let range = range.or_else(named);
    fault.message.diagnostic(code, narrow(text, span, range, sources))
}

/// A variable that is not there.
pub fn undefined(path: &str, known: Vec<String>, text: &str, span: Span, sources: &Sources) -> Diagnostic {
    let at = text.find(path).map(|start| start..start + path.len());
    let last = path.rsplit('.').next().unwrap_or(path);
    Diagnostic::new(
        Code::UndefinedVariable,
        narrow(text, span, at, sources),
        format!("`{path}` is not defined"),
    )
    .nearest(last, known.iter().map(String::as_str))
}

/// The part of a string's span that a range of its value stands for, where the string is written without escapes.
fn narrow(text: &str, span: Span, range: Option<std::ops::Range<usize>>, sources: &Sources) -> Span {
    let Some(range) = range else { return span };
    let written = sources.text(span.file).get(span.range()).unwrap_or_default();
    match written.find(text) {
        Some(start) if range.end <= text.len() => span.part(start + range.start..start + range.end),
        _ => span,
    }
}

/// A complaint, taken apart.
struct Fault {
    message: Message,
    range: Option<std::ops::Range<usize>>,
    position: Option<(usize, usize)>,
    file: Option<String>,
}

struct Message {
    text: String,
    undefined: Option<(String, Vec<String>)>,
}

impl Message {
    fn diagnostic(self, code: Code, span: Span) -> Diagnostic {
        match self.undefined {
            Some((name, known)) => {
                Diagnostic::new(Code::UndefinedVariable, span, format!("`{name}` is not defined"))
                    .nearest(&name, known.iter().map(String::as_str))
            }
            None => Diagnostic::new(code, span, self.text),
        }
    }
}

impl Fault {
    fn of(error: &tera::Error) -> Self {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => Self {
                message: message(report.message()),
                range: Some(report.span().range.clone()),
                position: None,
                file: Some(report.filename().to_owned()),
            },
            _ => Self::of_text(&error.to_string()),
        }
    }

    /// Some complaints are text only: `error: message`, then ` --> file:line:column`.
    fn of_text(text: &str) -> Self {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let place = lines.next().and_then(|line| line.trim().strip_prefix("--> "));
        let mut parts = place.into_iter().flat_map(|place| place.rsplitn(3, ':'));
        let column = parts.next().and_then(|part| part.parse::<usize>().ok());
        let line = parts.next().and_then(|part| part.parse::<usize>().ok());
        Self {
            message: message(first.strip_prefix("error: ").unwrap_or(first)),
            range: None,
            position: line.zip(column),
            file: parts.next().map(str::to_owned),
        }
    }
}

fn message(text: &str) -> Message {
    let undefined = text.split_once("` is not defined").and_then(|(before, after)| {
        let (_, name) = before.split_once('`')?;
        let known = after.split_once(": ").map_or("", |(_, names)| names);
        Some((
            name.to_owned(),
            known.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect(),
        ))
    });
    let mut letters = text.chars();
    let text = match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => String::new(),
    };
    Message { text, undefined }
}

fn offset(text: &str, (line, column): (usize, usize)) -> std::ops::Range<usize> {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = text.get(start..).unwrap_or_default().char_indices().nth(column.saturating_sub(1));
    let at = start + at.map_or(0, |(index, _)| index);
    at..at
}

/// A range that lies within the text and on character boundaries.
fn clamp(text: &str, range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let fit = |at: usize| {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (start, end) = (fit(range.start), fit(range.end));
    start..end.max(start)
}
