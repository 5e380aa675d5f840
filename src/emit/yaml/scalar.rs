//! Strings: which of the four styles holds a string exactly under every reader, and its text in that style.
//!
//! Readers meant: YAML 1.1 as go-yaml and PyYAML apply it, and YAML 1.2. Knows nothing of where the string stands.

use std::fmt::Write;

/// How a string is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// `'…'`: for text with backslashes or double quotes, which stays readable without escapes.
    Single,
    /// `"…"` with JSON's escapes: holds everything.
    Double,
    /// `|`: several lines, one below the other.
    Literal,
}

/// A `:` or `#`, which end a plain scalar beside a space.
const HINGE: u8 = 1;
/// A double quote or backslash.
const ESCAPED: u8 = 2;
const APOSTROPHE: u8 = 4;
const NEWLINE: u8 = 8;
const TAB: u8 = 16;
/// A control character that only an escape can hold.
const CONTROL: u8 = 32;
/// Part of a character beyond ASCII.
const WIDE: u8 = 64;

#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b':' | b'#' => HINGE,
            b'"' | b'\\' => ESCAPED,
            b'\'' => APOSTROPHE,
            b'\n' => NEWLINE,
            b'\t' => TAB,
            0..=31 | 127 => CONTROL,
            128.. => WIDE,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

/// The style for `text` as a value; a key takes [`single_line`] instead.
pub fn style(text: &str) -> Style {
    let seen = classes(text);
    if seen & NEWLINE != 0 && seen & CONTROL == 0 && literal_holds(text) && !needs_escape(text, seen) {
        return Style::Literal;
    }
    one_line(text, seen)
}

/// The style for `text` where it must stay on one line.
pub fn single_line(text: &str) -> Style {
    one_line(text, classes(text))
}

fn one_line(text: &str, seen: u8) -> Style {
    if seen & (NEWLINE | TAB | CONTROL) != 0 || needs_escape(text, seen) {
        Style::Double
    } else if plain_holds(text, seen) {
        Style::Plain
    } else if seen & ESCAPED != 0 && seen & APOSTROPHE == 0 {
        Style::Single
    } else {
        Style::Double
    }
}

#[allow(clippy::indexing_slicing, reason = "every byte has a class")]
fn classes(text: &str) -> u8 {
    text.bytes().fold(0, |seen, byte| seen | CLASSES[usize::from(byte)])
}

fn needs_escape(text: &str, seen: u8) -> bool {
    seen & WIDE != 0 && text.chars().any(hidden)
}

/// Characters beyond ASCII that YAML forbids or takes for line breaks, and those that make a reviewer see something else
/// than the machine does (bidirectional controls, zero width spaces). Joiners stay: emoji and scripts need them.
fn hidden(character: char) -> bool {
    matches!(character,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}' | '\u{ffff}' | '\u{e0000}'..='\u{e007f}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Whether a literal block gives the text back: it needs a last line that shows where the text ends.
fn literal_holds(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    let last = body.rsplit('\n').next().unwrap_or(body);
    !last.trim_matches([' ', '\t']).is_empty()
}

/// Whether a literal block of this text must say its indentation, because the text does not begin with a visible character.
pub fn needs_indicator(text: &str) -> bool {
    text.starts_with([' ', '\t', '\n'])
}

fn plain_holds(text: &str, seen: u8) -> bool {
    let bytes = text.as_bytes();
    let (Some(&first), Some(&last)) = (bytes.first(), bytes.last()) else { return false };
    if last == b' ' || last == b':' || (seen & HINGE != 0 && has_separator(bytes)) {
        return false;
    }
    match first {
        b'a'..=b'z' | b'A'..=b'Z' => bytes.len() > 5 || !is_word(text),
        b'0'..=b'9' | b'+' | b'-' | b'.' => !numeric(bytes),
        b'_' | b'/' | b'$' | b'(' | b')' | b'\\' | b'^' | b';' | 128.. => true,
        b'<' => text != "<<",
        b'=' | b'~' => bytes.len() > 1,
        _ => false,
    }
}

/// `: ` begins a value and ` #` a comment.
fn has_separator(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| matches!(pair, b": " | b" #"))
}

/// YAML 1.1's booleans and nulls, in any case.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// For a text that begins with a digit, sign or point: whether some reader takes it for a number, a time, a list item or
/// a document mark. Wider than any one reader's rule (`1.2.3` counts), so that it needs no change when a reader's does.
fn numeric(bytes: &[u8]) -> bool {
    if matches!(bytes, [b'-', b' ', ..] | [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..]) {
        return true;
    }
    let unsigned = match bytes {
        [b'+' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    let based = matches!(unsigned, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
    let dated = matches!(unsigned, [a, b, c, d, b'-', e, ..] if [a, b, c, d, e].iter().all(|digit| digit.is_ascii_digit()));
    let named = unsigned.eq_ignore_ascii_case(b".inf") || unsigned.eq_ignore_ascii_case(b".nan");
    based || dated || named || decimal(unsigned)
}

fn decimal(bytes: &[u8]) -> bool {
    let mut digit = false;
    let mut letter = false;
    for byte in bytes {
        match byte {
            b'0'..=b'9' => digit = true,
            b'e' | b'E' => letter = true,
            b'_' | b'.' | b',' | b':' | b'+' | b'-' => {}
            _ => return false,
        }
    }
    digit || !letter
}

/// Appends `text` between single quotes.
pub fn single_quoted(text: &str, out: &mut String) {
    out.push('\'');
    out.push_str(text);
    out.push('\'');
}

/// Appends `text` between double quotes.
pub fn double_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut start = 0;
    for (at, character) in text.char_indices() {
        let escape = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\t' => "\\t",
            '\r' => "\\r",
            ' '..='~' => continue,
            '\0'..='\u{1f}' | '\u{7f}' => "",
            other if !hidden(other) => continue,
            _ => "",
        };
        out.push_str(text.get(start..at).unwrap_or_default());
        start = at + character.len_utf8();
        out.push_str(escape);
        if escape.is_empty() {
            code_point(character, out);
        }
    }
    out.push_str(text.get(start..).unwrap_or_default());
    out.push('"');
}

fn code_point(character: char, out: &mut String) {
    let code = u32::from(character);
    // Writing to a String cannot fail.
    let _ = if code > 0xffff { write!(out, "\\U{code:08X}") } else { write!(out, "\\u{code:04X}") };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_any_reader_would_not_take_for_a_string_is_quoted() {
        for text in [
            "",
            "y",
            "N",
            "yes",
            "No",
            "ON",
            "off",
            "True",
            "FALSE",
            "null",
            "Null",
            "~",
            "<<",
            "=",
            "1",
            "012",
            "0o17",
            "0x1f",
            "-0X1F",
            "0b11",
            "1_000",
            "1e3",
            "12E03",
            ".5",
            "1.",
            "+1",
            ".inf",
            "-.Inf",
            ".NaN",
            "1.20",
            "1:30",
            "12:30:45",
            "190:20:30.15",
            "2024-01-01",
            "2001-1-1 1:00:00 +1",
            "1.2.3",
            "-",
            "--",
            "---",
            "--- a",
            "...",
            ".",
            "- a",
            "? x",
            ":",
            ":80",
            "a: b",
            "a:",
            "a #b",
            "#a",
            " a",
            "a ",
            "!t",
            "&a",
            "*a",
            "@",
            "`",
            "%",
            "|",
            ">",
            "[a]",
            "{a}",
            ",",
            "'a'",
        ] {
            assert_eq!(style(text), Style::Double, "{text:?}");
        }
    }

    #[test]
    fn ordinary_words_stay_plain() {
        for text in [
            "a",
            "yesterday",
            "nginx:1.27",
            "100m",
            "128Mi",
            "1h0m0s",
            "30d",
            "10.0.0.0/8",
            "--flag=x",
            "-e",
            "-c",
            "/bin/sh",
            "./run",
            ".env",
            "../x",
            "v1.2",
            "app.kubernetes.io/name",
            "http://a:80/#x",
            "$(VAR)",
            "~/x",
            "a,b",
            "a [b]",
            "say \"hi\"",
            "it's",
            "é",
            "日本",
            "=~",
            "<a>",
            "1st",
            "_",
            "TCP",
            "\\d+",
        ] {
            assert_eq!(style(text), Style::Plain, "{text:?}");
        }
    }

    #[test]
    fn quotes_and_backslashes_choose_single_quotes() {
        assert_eq!(style("{\"a\": 1}"), Style::Single);
        assert_eq!(style("[\\d]"), Style::Single);
        assert_eq!(style("{\"it's\"}"), Style::Double);
    }

    #[test]
    fn lines_are_a_literal_when_it_holds_them() {
        for text in ["a\nb", "a\n", "a\n\n", " a\nb", "\n a", "\ta\n", "a \nb", "a\n \nb", "# a\nb", "é\nb"]
        {
            assert_eq!(style(text), Style::Literal, "{text:?}");
            assert_eq!(single_line(text), Style::Double, "{text:?}");
        }
        for text in [
            "\n",
            "\n\n",
            " \n",
            "a\n ",
            "a\n\t\n",
            "a\r\nb",
            "a\n\u{0}",
            "a\n\u{85}",
            "a\n\u{2028}b",
            "\u{feff}a\n",
        ] {
            assert_eq!(style(text), Style::Double, "{text:?}");
        }
    }

    #[test]
    fn escapes_are_those_every_reader_knows() {
        let mut out = String::new();
        double_quoted("a\"\\\n\t\r\0\u{1b}\u{7f}\u{85}\u{feff}\u{1fffe}é", &mut out);
        assert_eq!(out, r#""a\"\\\n\t\r\u0000\u001B\u007F\u0085\uFEFF\U0001FFFEé""#);
    }
}
