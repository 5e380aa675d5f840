//! Where text goes on the page: indentation, entries of a mapping, and their final order.
//!
//! A mapping's entries are written as they come and moved once it is complete: an entry is a span of the page.

use std::cmp::Ordering;
use std::ops::Range;

use super::error::Error;
use super::order::{self, Rank};
use super::scalar::{self, Style};

/// More than the deepest value needs: two spaces for each of the 128 levels, and some.
const BLANKS: &str = match str::from_utf8(&[b' '; 512]) {
    Ok(blanks) => blanks,
    Err(_) => "",
};

/// YAML readers give up on a simple key after 1,024 characters; the limit here counts bytes, quotes included.
const SIMPLE_KEY: usize = 1000;

/// Whether a value put text on the page, or was absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Text, up to and with the newline.
    Text,
    /// Nothing: the value is null.
    Nothing,
}

/// What a value comes after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The start of the document.
    Start,
    /// `key:` where the key begins at this column.
    Key(usize),
    /// `-` at this column.
    Dash(usize),
}

impl After {
    /// The column at which the keys of a mapping here begin.
    pub fn mapping(self) -> usize {
        match self {
            After::Start => 0,
            After::Key(column) | After::Dash(column) => column + 2,
        }
    }

    /// The column at which the dashes of a sequence here stand: under a key, the key's own.
    pub fn sequence(self) -> usize {
        match self {
            After::Start => 0,
            After::Key(column) => column,
            After::Dash(column) => column + 2,
        }
    }
}

/// An entry of a mapping that is still open.
pub struct Entry {
    rank: Rank,
    /// The key as it was meant, in [`Page::keys`].
    key: Range<usize>,
    /// The entry's text on the page, without the indentation before it.
    text: Range<usize>,
}

/// The output, and buffers that all mappings of a document share as stacks.
pub struct Page<'o> {
    pub out: &'o mut String,
    pub keys: String,
    pub display: String,
    entries: Vec<Entry>,
    moved: String,
}

impl<'o> Page<'o> {
    pub fn new(out: &'o mut String) -> Self {
        Page { out, keys: String::new(), display: String::new(), entries: Vec::new(), moved: String::new() }
    }

    fn indent(&mut self, column: usize) {
        self.out.push_str(BLANKS.get(..column).unwrap_or(BLANKS));
    }

    /// Goes to where the first key or dash of a collection stands.
    pub fn open(&mut self, after: After, column: usize) {
        match after {
            After::Start => {}
            After::Key(_) => {
                self.out.push('\n');
                self.indent(column);
            }
            After::Dash(_) => self.out.push(' '),
        }
    }

    /// Goes to where the next key or dash of an open collection stands.
    pub fn next(&mut self, column: usize) {
        self.indent(column);
    }

    /// Goes to where a scalar stands.
    pub fn lead(&mut self, after: After) {
        if after != After::Start {
            self.out.push(' ');
        }
    }

    /// Writes `[]`, `{}` or another scalar that needs no quotes.
    pub fn token(&mut self, after: After, token: &str) -> Written {
        self.lead(after);
        self.out.push_str(token);
        self.out.push('\n');
        Written::Text
    }

    /// Writes a string as a value.
    pub fn string(&mut self, after: After, text: &str) -> Written {
        self.lead(after);
        match scalar::style(text) {
            Style::Plain => self.out.push_str(text),
            Style::Single => scalar::single_quoted(text, self.out),
            Style::Double => scalar::double_quoted(text, self.out),
            // Readers differ on what an indentation indicator counts from at the top.
            Style::Literal if after == After::Start && scalar::needs_indicator(text) => {
                scalar::double_quoted(text, self.out);
            }
            Style::Literal => {
                let column = match after {
                    After::Start => 2,
                    After::Key(column) | After::Dash(column) => column + 2,
                };
                self.literal(column, text);
                return Written::Text;
            }
        }
        self.out.push('\n');
        Written::Text
    }

    fn literal(&mut self, column: usize, text: &str) {
        self.out.push('|');
        if scalar::needs_indicator(text) {
            self.out.push('2');
        }
        let body = text.strip_suffix('\n');
        match body {
            None => self.out.push('-'),
            Some(body) if body.ends_with('\n') => self.out.push('+'),
            Some(_) => {}
        }
        self.out.push('\n');
        for line in body.unwrap_or(text).split('\n') {
            if !line.is_empty() {
                self.indent(column);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// Writes the key at this span of [`Page::keys`] and its colon.
    pub fn key(&mut self, key: Range<usize>, column: usize) {
        let start = self.out.len();
        let text = self.keys.get(key).unwrap_or_default();
        match scalar::single_line(text) {
            Style::Plain => self.out.push_str(text),
            Style::Single => scalar::single_quoted(text, self.out),
            Style::Double | Style::Literal => scalar::double_quoted(text, self.out),
        }
        if self.out.len() - start > SIMPLE_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.indent(column);
        }
        self.out.push(':');
    }

    /// How many entries are open; a mapping's own begin where it opened.
    pub fn entries(&self) -> usize {
        self.entries.len()
    }

    /// Notes an entry that is on the page; says how it stands to the one before it among those from `first` on.
    pub fn entered(&mut self, first: usize, rank: Rank, key: Range<usize>, text: Range<usize>) -> Ordering {
        let entry = Entry { rank, key, text };
        let order = match self.entries.get(first..).unwrap_or_default().last() {
            Some(previous) => compare(&self.keys, previous, &entry),
            None => Ordering::Less,
        };
        self.entries.push(entry);
        order
    }

    /// Brings the entries from `first` on into their final order.
    pub fn arrange(&mut self, first: usize, column: usize) -> Result<(), Error> {
        let Page { out, keys, entries, moved, .. } = self;
        let entries = entries.get_mut(first..).unwrap_or_default();
        let start = entries.first().map_or(out.len(), |entry| entry.text.start);
        entries.sort_unstable_by(|a, b| compare(keys, a, b));
        for pair in entries.windows(2) {
            if let [a, b] = pair
                && compare(keys, a, b) == Ordering::Equal
            {
                return Err(Error::DuplicateKey(keys.get(a.key.clone()).unwrap_or_default().to_owned()));
            }
        }
        moved.clear();
        for (position, entry) in entries.iter().enumerate() {
            if position > 0 {
                moved.push_str(BLANKS.get(..column).unwrap_or(BLANKS));
            }
            moved.push_str(out.get(entry.text.clone()).unwrap_or_default());
        }
        out.truncate(start);
        out.push_str(moved);
        Ok(())
    }

    /// Forgets the entries from `first` on and their keys, which begin at `keys`.
    pub fn close(&mut self, first: usize, keys: usize) {
        self.entries.truncate(first);
        self.keys.truncate(keys);
    }
}

fn compare(keys: &str, a: &Entry, b: &Entry) -> Ordering {
    let text = |entry: &Entry| keys.get(entry.key.clone()).unwrap_or_default();
    a.rank
        .cmp(&b.rank)
        .then_with(|| if a.rank == order::LAST { text(a).cmp(text(b)) } else { Ordering::Equal })
}
