//! Problems for people at a terminal: the excerpt of the source, every label, the way out.
//!
//! Never fails: places in binary files show their file without an excerpt, places beyond the end of a text its
//! end, and of long lines only the part around the place is shown.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};

use super::{Diagnostic, Label, Severity};
use crate::source::{FileId, Sources, Span};

/// Labels of one file that are further apart than this, in bytes, get excerpts of their own.
const APART: usize = 20_000;
/// The longest line, in bytes, of which an excerpt is shown: the part around the place that fits a terminal.
const LONG_LINE: usize = 100_000;
/// How many lines a label may cover before only its first is marked.
const MARKED_LINES: usize = 12;

/// Whether the text carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Plain,
    /// ANSI escapes.
    Ansi,
}

/// The problems as text, a blank line after each; empty when there is none.
///
/// `prefix` is how the reader calls the `stacks/` folder.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, prefix: &str, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    }
    .decor_style(DecorStyle::Ascii);
    let excerpts = Excerpts { sources, prefix };
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[excerpts.group(diagnostic)]));
        text.push_str("\n\n");
    }
    text
}

struct Excerpts<'a> {
    sources: &'a Sources,
    prefix: &'a str,
}

/// A label with the part of its file that can be marked.
struct Mark<'a> {
    label: &'a Label,
    kind: AnnotationKind,
    range: Range<usize>,
}

impl<'a> Excerpts<'a> {
    fn group(&self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let level = match diagnostic.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title =
            level.primary_title(normalize_untrusted_str(&diagnostic.message)).id(diagnostic.code.name());
        let mut elements: Vec<Element<'a>> = Vec::new();
        let mut marks: Vec<Mark<'a>> = Vec::new();
        let labels = diagnostic.place.iter().map(|label| (label, AnnotationKind::Primary));
        for (label, kind) in
            labels.chain(diagnostic.because.iter().map(|label| (label, AnnotationKind::Context)))
        {
            match self.markable(label.span) {
                Some(range) => marks.push(Mark { label, kind, range }),
                None => elements.extend(self.without_excerpt(label)),
            }
        }
        let excerpts = clusters(marks).into_iter().flat_map(|cluster| self.excerpt(cluster));
        let mut all: Vec<Element<'a>> = excerpts.collect();
        all.extend(elements);
        all.extend(
            diagnostic.help.iter().map(|help| Level::HELP.message(normalize_untrusted_str(help)).into()),
        );
        title.elements(all)
    }

    /// The bytes of the span that can be marked: whole characters of a text, nothing of a binary file.
    fn markable(&self, span: Span) -> Option<Range<usize>> {
        let text = self.sources.get(span.file)?.text();
        if text.trim().is_empty() {
            return None;
        }
        let start = boundary(text, span.start as usize);
        let end = boundary(text, span.end as usize).max(start);
        let marked = text.get(start..end)?;
        // A label over a page of text says no more than one at its beginning.
        let end = match marked.match_indices('\n').nth(MARKED_LINES) {
            Some(_) => marked.find('\n').map_or(end, |length| start + length),
            None => end,
        };
        Some(start..end)
    }

    /// A place that cannot be shown: its path, and what is to be said about it.
    fn without_excerpt(&self, label: &'a Label) -> Vec<Element<'a>> {
        let mut elements: Vec<Element<'a>> = Vec::new();
        if self.sources.get(label.span.file).is_some() {
            let location = self.sources.location(label.span);
            let (line, column) = (location.line as usize, location.column as usize);
            elements.push(Origin::path(self.path(label.span.file)).line(line).char_column(column).into());
        }
        if !label.text.is_empty() {
            elements.push(Level::NOTE.message(normalize_untrusted_str(&label.text)).into());
        }
        elements
    }

    fn path(&self, file: FileId) -> String {
        normalize_untrusted_str(&super::display_path(self.prefix, self.sources.path(file)))
    }

    /// The lines of one cluster of labels.
    fn excerpt(&self, cluster: Vec<Mark<'a>>) -> Vec<Element<'a>> {
        let Some(file) = cluster.first().map(|mark| mark.label.span.file) else {
            return Vec::new();
        };
        let text = self.sources.text(file);
        let start = cluster.iter().map(|mark| mark.range.start).min().unwrap_or(0);
        let end = cluster.iter().map(|mark| mark.range.end).max().unwrap_or(0);
        let lines = whole_lines(text, start..end);
        let excerpt = text.get(lines.clone()).unwrap_or("");
        if excerpt.split('\n').any(|line| line.len() > LONG_LINE) {
            return cluster.into_iter().flat_map(|mark| self.without_excerpt(mark.label)).collect();
        }
        let first_line = self.sources.location(Span::at(file, lines.start)).line as usize;
        let annotations = cluster.into_iter().map(|mark| {
            let range = mark.range.start - lines.start..mark.range.end - lines.start;
            annotation(&mark, range)
        });
        let snippet = Snippet::source(excerpt).line_start(first_line).path(self.path(file));
        vec![snippet.annotations(annotations).into()]
    }
}

fn annotation<'a>(mark: &Mark<'a>, range: Range<usize>) -> Annotation<'a> {
    let annotation = mark.kind.span(range);
    match mark.label.text.as_str() {
        "" => annotation,
        text => annotation.label(normalize_untrusted_str(text)),
    }
}

/// The labels by the excerpt they share, the one with the primary label first.
fn clusters(marks: Vec<Mark<'_>>) -> Vec<Vec<Mark<'_>>> {
    let mut clusters: Vec<Vec<Mark<'_>>> = Vec::new();
    for mark in marks {
        let near = |other: &Mark<'_>| {
            other.label.span.file == mark.label.span.file
                && other.range.start.abs_diff(mark.range.start) < APART
        };
        match clusters.iter_mut().find(|cluster| cluster.iter().any(near)) {
            Some(cluster) => cluster.push(mark),
            None => clusters.push(vec![mark]),
        }
    }
    clusters
}

/// The lines a range touches, without the last line's end.
fn whole_lines(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1);
    let end =
        text.get(range.end..).and_then(|after| after.find('\n')).map_or(text.len(), |end| range.end + end);
    start..end
}

/// The nearest character boundary at or before an offset.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::report::Code;

    fn sources(files: &[(&str, &[u8])]) -> Sources {
        Sources::new(files.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect())
    }

    fn span(sources: &Sources, path: &str, part: &str) -> Span {
        let file = sources.find(path).unwrap();
        let start = sources.text(file).find(part).unwrap();
        Span::new(file, start..start + part.len())
    }

    fn plain(diagnostic: Diagnostic, sources: &Sources) -> String {
        render(&[diagnostic], sources, "stacks", Colour::Plain)
    }

    #[test]
    fn labels_in_two_files_show_both_excerpts_and_the_help() {
        let sources = sources(&[("a.toml", b"x = 1\ny = 2\n"), ("b/c.toml", b"\n\nx = 3\n")]);
        let diagnostic =
            Diagnostic::new(Code::DefinedTwice, span(&sources, "b/c.toml", "x"), "`x` is defined twice")
                .label("defined again here")
                .because(span(&sources, "a.toml", "x"), "first defined here")
                .help("keep one of them");
        insta::assert_snapshot!(plain(diagnostic, &sources).trim_end(), @r#"
        error[defined-twice]: `x` is defined twice
         --> stacks/b/c.toml:3:1
          |
        3 | x = 3
          | ^ defined again here
          |
         ::: stacks/a.toml:1:1
          |
        1 | x = 1
          | - first defined here
          |
          = help: keep one of them
        "#);
    }

    #[test]
    fn labels_far_apart_in_one_file_share_one_excerpt() {
        let text = format!("first = 1\n{}last = 2\n", "# filler\n".repeat(50));
        let sources = sources(&[("a.toml", text.as_bytes())]);
        let diagnostic =
            Diagnostic::new(Code::ConflictingFields, span(&sources, "a.toml", "last"), "they differ")
                .because(span(&sources, "a.toml", "first"), "conflicts with this");
        insta::assert_snapshot!(plain(diagnostic, &sources).trim_end(), @r#"
        error[conflicting-fields]: they differ
          --> stacks/a.toml:52:1
           |
         1 | first = 1
           | ----- conflicts with this
        ...
        52 | last = 2
           | ^^^^
        "#);
    }

    #[test]
    fn a_problem_without_a_place_is_its_title_and_help() {
        let diagnostic =
            Diagnostic::nowhere(Code::NoWorkspace, "nothing is defined").help("add `[workspace]`");
        insta::assert_snapshot!(plain(diagnostic, &Sources::default()).trim_end(), @r#"
        error[no-workspace]: nothing is defined
         |
         = help: add `[workspace]`
        "#);
    }

    #[test]
    fn a_label_that_nobody_wrote_becomes_a_note() {
        let diagnostic =
            Diagnostic::new(Code::MissingFact, Span::NOWHERE, "no store").label("a default of the kind");
        insta::assert_snapshot!(plain(diagnostic, &Sources::default()).trim_end(), @r#"
        error[missing-fact]: no store
         |
         = note: a default of the kind
        "#);
    }

    #[test]
    fn a_binary_file_shows_its_path() {
        let sources = sources(&[("x.toml", &[0xff, 0xfe, 0])]);
        let diagnostic = Diagnostic::new(Code::NotUtf8, Span::at(FileId(0), 1), "not UTF-8").label("byte 1");
        insta::assert_snapshot!(plain(diagnostic, &sources).trim_end(), @r#"
        error[not-utf8]: not UTF-8
        --> stacks/x.toml:1:1
         = note: byte 1
        "#);
    }

    #[test]
    fn a_minified_line_is_cut_around_the_place_and_keeps_its_column() {
        let text = format!("{{{}\"needle\":1{}}}", "\"hay\":0,".repeat(5000), ",\"hay\":0".repeat(5000));
        let sources = sources(&[("a.json", text.as_bytes())]);
        let diagnostic =
            Diagnostic::new(Code::InvalidYaml, span(&sources, "a.json", "\"needle\""), "bad key")
                .label("here");
        insta::assert_snapshot!(plain(diagnostic, &sources).trim_end(), @r#"
        error[invalid-yaml]: bad key
         --> stacks/a.json:1:40002
          |
        1 | ...0,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"needle":1,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"hay":0,"hay"...
          |                                                              ^^^^^^^^ here
        "#);
    }

    #[test]
    fn a_line_beyond_all_measure_is_not_shown() {
        let text = format!("{{{}\"needle\":1}}", "\"hay\":0,".repeat(20_000));
        let sources = sources(&[("a.json", text.as_bytes())]);
        let diagnostic =
            Diagnostic::new(Code::InvalidYaml, span(&sources, "a.json", "\"needle\""), "bad key")
                .label("here");
        insta::assert_snapshot!(plain(diagnostic, &sources).trim_end(), @r#"
        error[invalid-yaml]: bad key
        --> stacks/a.json:1:160002
         = note: here
        "#);
    }

    #[test]
    fn escapes_in_definitions_do_not_reach_the_terminal() {
        let sources = sources(&[("a.toml", b"x = '\x1b[31mred'\n")]);
        let diagnostic = Diagnostic::new(
            Code::InvalidValue,
            span(&sources, "a.toml", "\x1b[31mred"),
            "`\x1b[31mred` is wrong",
        )
        .label("\x1b[31m")
        .help("not \x1b[31m");
        assert!(!plain(diagnostic, &sources).contains('\x1b'));
    }

    #[test]
    fn colours_are_there_only_when_asked_for() {
        let diagnostic = Diagnostic::nowhere(Code::NoWorkspace, "nothing is defined");
        let shown = |colour| render(std::slice::from_ref(&diagnostic), &Sources::default(), "stacks", colour);
        assert!(shown(Colour::Ansi).contains("\x1b[") && !shown(Colour::Plain).contains('\x1b'));
    }

    proptest! {
        #[test]
        fn no_place_in_no_text_panics(
            text in "(\\PC|[\\r\\n\\t\\x00äあ👩‍👩‍👧]){0,60}",
            spans in prop::collection::vec((0usize..80, 0usize..80), 1..5),
        ) {
            let sources = sources(&[("a.toml", text.as_bytes())]);
            let mut spans = spans.into_iter().map(|(start, length)| Span::new(FileId(0), start..start + length));
            let mut diagnostic = Diagnostic::new(Code::InvalidToml, spans.next().unwrap(), "x").label("y");
            for span in spans {
                diagnostic = diagnostic.because(span, "z");
            }
            prop_assert!(plain(diagnostic, &sources).starts_with("error[invalid-toml]: x"));
        }
    }
}
