//! One TOML file → a tree with places. Every syntax error of the file is reported.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, FileId, Key, Node, SourceFile, Span, Table, Value};

/// Parses a file; `None` when nothing of it can be used.
pub fn parse(id: FileId, file: &SourceFile, report: &mut Report) -> Option<Table> {
    let text = match &file.content {
        Content::Text(text) => text,
        Content::Binary(bytes) => {
            report.add(
                Diagnostic::new(Code::NotUtf8, Span::at(id, 0), not_utf8(&file.path, bytes))
                    .help("save the file as UTF-8; TOML knows no other encoding"),
            );
            return None;
        }
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = Span::new(id, error.span().unwrap_or(0..0));
        report.add(Diagnostic::new(Code::InvalidToml, span, phrase(error.message())));
    }
    let mut reader = Converter { id, report };
    let table = reader.table(table.get_ref());
    errors.is_empty().then_some(table)
}

/// Names the first byte that no text has.
fn not_utf8(path: &str, bytes: &[u8]) -> String {
    let end = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let line = 1 + bytes.iter().take(end).filter(|byte| **byte == b'\n').count();
    match bytes.get(end) {
        Some(byte) => format!("`{path}` is not UTF-8: line {line} holds the byte 0x{byte:02X}"),
        None => format!("`{path}` is not UTF-8"),
    }
}

/// The message as one lower-case line.
fn phrase(message: &str) -> String {
    let line = message.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ");
    let mut letters = line.chars();
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => line,
    }
}

struct Converter<'a> {
    id: FileId,
    report: &'a mut Report,
}

impl Converter<'_> {
    fn table(&mut self, table: &DeTable) -> Table {
        let entries = table.iter().filter_map(|(key, value)| {
            let key = Key { name: Arc::from(key.get_ref().as_ref()), span: Span::new(self.id, key.span()) };
            Some((key, self.node(value)?))
        });
        Table { entries: entries.collect() }
    }

    fn array(&mut self, array: &DeArray) -> Arc<[Node]> {
        array.iter().filter_map(|item| self.node(item)).collect()
    }

    fn node(&mut self, value: &Spanned<DeValue>) -> Option<Node> {
        let span = Span::new(self.id, value.span());
        let value = match value.get_ref() {
            DeValue::String(text) => Value::String(Arc::from(text.as_ref())),
            DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
                Ok(number) => Value::Integer(number),
                Err(_) => return self.refuse(span, "an integer fits into 64 bits", "write it as a string"),
            },
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Float(number),
                _ => {
                    return self.refuse(
                        span,
                        "a float is a finite number",
                        "`inf` and `nan` have no meaning here",
                    );
                }
            },
            DeValue::Boolean(flag) => Value::Boolean(*flag),
            DeValue::Datetime(_) => {
                return self.refuse(span, "dates have no meaning here", "write it as a string");
            }
            DeValue::Array(array) => Value::Array(self.array(array)),
            DeValue::Table(table) => Value::Table(Arc::new(self.table(table))),
        };
        Some(Node { value, span })
    }

    fn refuse<T>(&mut self, span: Span, message: &str, help: &str) -> Option<T> {
        self.report.add(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        None
    }
}
