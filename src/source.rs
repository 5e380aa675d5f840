//! What was written: the files under `stacks/`, places in them, and values that remember their place.
//!
//! Knows no TOML and no file system: `disk` hands the bytes in, `load` gives them meaning.

mod node;

use std::ops::Range;
use std::sync::OnceLock;

pub use node::{Key, Node, Table, Value, is_expression};

/// A file of one [`Sources`]. Ordered as the paths are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes in one source file, ordered by file, then start, then end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file the range lies in.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// The place of what nobody wrote: defaults of kinds.
    pub const NOWHERE: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

    /// The span of a byte range; offsets beyond 4 GiB (which `disk` never reads) are cut off.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        let start = offset(range.start);
        Span { file, start, end: offset(range.end).max(start) }
    }

    /// The empty span before the byte at `start`.
    pub fn at(file: FileId, start: usize) -> Self {
        Span::new(file, start..start)
    }

    /// The bytes of the span, to slice a text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that covers both; this one when they lie in different files.
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// A part of this span, given relative to its start and kept inside it.
    pub fn part(self, range: Range<usize>) -> Span {
        let start = self.start.saturating_add(offset(range.start)).min(self.end);
        let end = self.start.saturating_add(offset(range.end)).clamp(start, self.end);
        Span { file: self.file, start, end }
    }

    /// A value that was written here.
    pub fn of<T>(self, value: T) -> Spanned<T> {
        Spanned { value, span: self }
    }
}

fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

/// A value and the place where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spanned<T> {
    /// What was written.
    pub value: T,
    /// Where.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A value written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Spanned { value, span }
    }

    /// The same place with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Spanned<U> {
        Spanned { value: change(self.value), span: self.span }
    }

    /// The same place with the value borrowed.
    pub fn as_ref(&self) -> Spanned<&T> {
        Spanned { value: &self.value, span: self.span }
    }
}

/// What a source file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Valid UTF-8, kept byte for byte: a byte order mark and `\r\n` stay.
    Text(String),
    /// Anything else.
    Binary(Vec<u8>),
}

impl Content {
    /// UTF-8 becomes text, the rest stays bytes.
    pub fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Content::Text(text),
            Err(error) => Content::Binary(error.into_bytes()),
        }
    }

    /// The content as bytes, whichever it is.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Content::Text(text) => text.as_bytes(),
            Content::Binary(bytes) => bytes,
        }
    }
}

/// One file under `stacks/`.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative to `stacks/`, with `/` between the segments on every system.
    pub path: String,
    /// What the file holds.
    pub content: Content,
    /// Offset of each line's first byte; filled when first asked for.
    lines: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// The text, empty for a binary file.
    pub fn text(&self) -> &str {
        match &self.content {
            Content::Text(text) => text,
            Content::Binary(_) => "",
        }
    }

    fn position(&self, at: u32) -> Position {
        let text = self.text();
        let at = (0..=text.len().min(at as usize)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let lines = self.lines.get_or_init(|| {
            std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| offset(end + 1))).collect()
        });
        let line = lines.partition_point(|start| *start as usize <= at).max(1);
        let start = lines.get(line - 1).map_or(0, |start| *start as usize);
        let before = text.get(start..at).unwrap_or("");
        Position { line: line as u32, column: 1 + before.chars().count() as u32 }
    }
}

struct Position {
    line: u32,
    column: u32,
}

/// A span as people read it. Lines and columns count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location<'a> {
    /// Relative to `stacks/`.
    pub path: &'a str,
    /// Line of the first character.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Line of the place after the last character.
    pub end_line: u32,
    /// Column after the last character.
    pub end_column: u32,
}

/// All files under `stacks/`, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Sources from paths (relative to `stacks/`, `/`-separated) and bytes, in any order. Of a path
    /// that is given twice the first stays.
    pub fn new(mut files: Vec<(String, Vec<u8>)>) -> Self {
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files.dedup_by(|a, b| a.0 == b.0);
        let file = |(path, bytes)| SourceFile { path, content: Content::of(bytes), lines: OnceLock::new() };
        Sources { files: files.into_iter().map(file).collect() }
    }

    /// The file of an id; nothing for an id of other sources.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The id of the file at `path`.
    pub fn find(&self, path: &str) -> Option<FileId> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| FileId(offset(at)))
    }

    /// The path of a file, empty for an id of other sources.
    pub fn path(&self, id: FileId) -> &str {
        self.get(id).map_or("", |file| &file.path)
    }

    /// The text of a file, empty for a binary one.
    pub fn text(&self, id: FileId) -> &str {
        self.get(id).map_or("", SourceFile::text)
    }

    /// The text a span covers, empty when it does not lie on characters of the text.
    pub fn slice(&self, span: Span) -> &str {
        self.text(span.file).get(span.range()).unwrap_or("")
    }

    /// Every file with its id, in order of the paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &SourceFile)> + DoubleEndedIterator {
        self.files.iter().enumerate().map(|(at, file)| (FileId(offset(at)), file))
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Where a span is, for people. Offsets inside a character or beyond the end move back to the
    /// nearest character.
    pub fn location(&self, span: Span) -> Location<'_> {
        let Some(file) = self.get(span.file) else {
            return Location { path: "", line: 1, column: 1, end_line: 1, end_column: 1 };
        };
        let start = file.position(span.start);
        let end = file.position(span.end);
        Location {
            path: &file.path,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(files: &[(&str, &[u8])]) -> Sources {
        Sources::new(files.iter().map(|(path, bytes)| (path.to_string(), bytes.to_vec())).collect())
    }

    #[test]
    fn files_are_sorted_by_path_whatever_order_they_come_in() {
        let sources = sources(&[("b.toml", b"b"), ("a/z.toml", b"z"), ("a.toml", b"a")]);
        let paths: Vec<_> = sources.iter().map(|(_, file)| file.path.as_str()).collect();
        assert_eq!(paths, ["a.toml", "a/z.toml", "b.toml"]);
        for (id, file) in sources.iter() {
            assert_eq!(sources.find(&file.path), Some(id));
        }
        assert_eq!(sources.find("c.toml"), None);
    }

    #[test]
    fn a_path_given_twice_keeps_the_first() {
        let sources = sources(&[("a", b"1"), ("a", b"2")]);
        assert_eq!((sources.len(), sources.text(FileId(0))), (1, "1"));
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_binary() {
        let sources = sources(&[("x.png", &[0xff, 0xd8])]);
        assert_eq!(sources.get(FileId(0)).unwrap().content, Content::Binary(vec![0xff, 0xd8]));
        assert_eq!(sources.text(FileId(0)), "");
        assert_eq!(sources.location(Span::new(FileId(0), 1..2)).line, 1);
    }

    #[test]
    fn byte_order_mark_and_carriage_returns_stay() {
        let text = "\u{feff}a = 1\r\nb = 2\r\n";
        let sources = sources(&[("a.toml", text.as_bytes())]);
        assert_eq!(sources.text(FileId(0)), text);
    }

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "ä = 1\nname = \"öö\" # x\n";
        let sources = sources(&[("a.toml", text.as_bytes())]);
        let start = text.find("\"öö\"").unwrap();
        let location = sources.location(Span::new(FileId(0), start..start + "\"öö\"".len()));
        assert_eq!((location.line, location.column, location.end_line, location.end_column), (2, 8, 2, 12));
        let end = sources.location(Span::at(FileId(0), text.len()));
        assert_eq!((end.line, end.column), (3, 1));
    }

    #[test]
    fn offsets_beyond_the_text_or_inside_a_character_move_back() {
        let sources = sources(&[("a.toml", "ä".as_bytes())]);
        let location = sources.location(Span::new(FileId(0), 1..900));
        assert_eq!((location.column, location.end_column), (1, 2));
        assert_eq!(sources.slice(Span::new(FileId(0), 1..900)), "");
        assert_eq!(sources.location(Span::at(FileId(7), 0)).path, "");
    }

    #[test]
    fn spans_join_and_split() {
        let file = FileId(0);
        let span = Span::new(file, 2..5).to(Span::new(file, 7..9));
        assert_eq!(span, Span::new(file, 2..9));
        assert_eq!(span.part(1..3), Span::new(file, 3..5));
        assert_eq!(span.part(5..50), Span::new(file, 7..9));
        assert!(span.contains(Span::new(file, 3..9)) && !span.contains(Span::new(FileId(1), 3..4)));
        assert_eq!(Span::new(file, 2..5).to(Span::new(FileId(1), 0..1)), Span::new(file, 2..5));
    }
}
