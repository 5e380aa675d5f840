//! Reading typed values from written ones: every problem reported at its place, nothing given up
//! early.
//!
//! A type that implements [`Read`] says at once how it is read and what its [`Shape`] is, so that
//! the reader, the JSON Schema and the reference page cannot differ. Tables are declared with the
//! [`table!`](crate::table) macro, words with [`choice!`](crate::choice).

use std::collections::BTreeMap;

use super::reference::Reference;
use super::shape::{Field, Shape};
use super::value::Scalar;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Key, Node, Span, Spanned, Table, Value};

/// How much is known of the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// As written: expressions are passed over and required fields may still come from another
    /// layer, so only what is certainly wrong is reported.
    Written,
    /// Merged and evaluated: everything must be there.
    Final,
}

/// What a reading needs beside the value.
pub struct Reader<'a> {
    /// Where problems go.
    pub report: &'a mut Report,
    /// How much is known of the values.
    pub stage: Stage,
    /// Every reference read so far.
    pub references: Vec<Reference>,
}

impl<'a> Reader<'a> {
    /// A reader for values of this stage.
    pub fn new(report: &'a mut Report, stage: Stage) -> Self {
        Self { report, stage, references: Vec::new() }
    }

    /// Reports that `node` is not what was expected; always `None`.
    pub fn expected<T>(&mut self, node: &Node, expected: &str) -> Option<T> {
        if self.defers(node) {
            return None;
        }
        let found = node.type_name();
        self.report.add(
            Diagnostic::new(Code::WrongType, node.span, format!("expected {expected}, found {found}"))
                .label(format!("this is {found}")),
        );
        None
    }

    /// Reports a value that its type refuses; always `None`.
    pub fn invalid<T>(&mut self, span: Span, message: impl Into<String>, help: Option<String>) -> Option<T> {
        let mut diagnostic = Diagnostic::new(Code::InvalidValue, span, message);
        diagnostic.help.extend(help);
        self.report.add(diagnostic);
        None
    }

    /// Reports two fields that exclude each other.
    pub fn conflict(&mut self, span: Span, other: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report.add(
            Diagnostic::new(Code::ConflictingFields, span, message)
                .because(other, "conflicts with this")
                .help(help),
        );
    }

    /// Whether the value is an expression that is not evaluated yet.
    pub fn defers(&self, node: &Node) -> bool {
        self.stage == Stage::Written && node.is_expression()
    }
}

/// A type of the language.
pub trait Read: Sized {
    /// Reads a value, reporting every problem in it.
    fn read(node: &Node, reader: &mut Reader) -> Option<Self>;

    /// Reads the value of a map's entry: for types that keep the place of the key.
    fn read_entry(_key: &Key, node: &Node, reader: &mut Reader) -> Option<Self> {
        Self::read(node, reader)
    }

    /// What stands for a field that is not there: nothing, when it is required.
    fn absent() -> Option<Self> {
        None
    }

    /// What can be written.
    fn shape() -> Shape;
}

/// A group of fields that can stand in a table, declared by [`table!`](crate::table).
pub trait Fields: Sized {
    /// The fields, those of flattened groups included.
    fn fields() -> Vec<Field>;

    /// Reads the fields of this group out of a table that may have more.
    fn read_fields(table: &mut TableReader, reader: &mut Reader) -> Option<Self>;
}

/// A table being read: remembers how many of its keys were known.
pub struct TableReader<'n> {
    table: &'n Table,
    /// Where the table stands.
    pub span: Span,
    taken: usize,
}

impl<'n> TableReader<'n> {
    /// Begins to read a table; reports when the value is none.
    pub fn open(node: &'n Node, reader: &mut Reader, expected: &str) -> Option<Self> {
        match &node.value {
            Value::Table(table) => Some(Self { table, span: node.span, taken: 0 }),
            _ => reader.expected(node, expected),
        }
    }

    /// Reads the field `name` (written with `-` for `_`).
    pub fn field<T: Read>(&mut self, name: &str, reader: &mut Reader) -> Option<T> {
        match self.take(name) {
            Some(node) => T::read(node, reader),
            None => T::absent().or_else(|| {
                if reader.stage == Stage::Final {
                    let key = key_of(name);
                    reader.report.add(
                        Diagnostic::new(Code::MissingField, self.span, format!("missing field `{key}`"))
                            .label(format!("`{key}` is required here")),
                    );
                }
                None
            }),
        }
    }

    /// Reads the field `name`, or gives its default.
    pub fn field_or<T: Read>(
        &mut self,
        name: &str,
        default: impl FnOnce() -> T,
        reader: &mut Reader,
    ) -> Option<T> {
        match self.take(name) {
            Some(node) => T::read(node, reader),
            None => Some(default()),
        }
    }

    /// The written value of the field `name`, which counts as known.
    pub fn take(&mut self, name: &str) -> Option<&'n Node> {
        let entry = self.table.entries.iter().find(|(key, _)| is_key(&key.name, name))?;
        self.taken += 1;
        Some(&entry.1)
    }

    /// Reports the keys that no field has taken.
    pub fn close(self, fields: impl FnOnce() -> Vec<Field>, reader: &mut Reader) {
        if self.taken == self.table.entries.len() {
            return;
        }
        let fields = fields();
        for (key, _) in &self.table.entries {
            if !fields.iter().any(|field| field.key == *key.name) {
                unknown_field(key, fields.iter().map(|field| field.key.as_str()), reader.report);
            }
        }
    }
}

/// Reports a key that has no meaning where it stands.
pub fn unknown_field<'a>(key: &Key, valid: impl IntoIterator<Item = &'a str>, report: &mut Report) {
    report.add(
        Diagnostic::new(Code::UnknownField, key.span, format!("unknown field `{}`", key.name))
            .label("not known here")
            .nearest(&key.name, valid),
    );
}

/// The key under which a Rust field is written.
pub fn key_of(field: &str) -> String {
    field.strip_prefix("r#").unwrap_or(field).replace('_', "-")
}

fn is_key(written: &str, field: &str) -> bool {
    let field = field.strip_prefix("r#").unwrap_or(field);
    written.len() == field.len()
        && written.bytes().zip(field.bytes()).all(|(a, b)| a == b && b != b'_' || a == b'-' && b == b'_')
}

impl<T: Scalar> Read for T {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if reader.defers(node) {
            return None;
        }
        let number;
        let text: &str = match &node.value {
            Value::String(text) => text,
            Value::Integer(integer) if T::NUMERIC => {
                number = integer.to_string();
                &number
            }
            Value::Float(float) if T::NUMERIC => {
                number = float.to_string();
                &number
            }
            _ => return reader.expected(node, T::NAME),
        };
        match T::parse(text) {
            Ok(value) => Some(value),
            Err(invalid) => {
                let span = invalid.at.map_or(node.span, |at| node.part(at));
                reader.invalid(span, invalid.message, invalid.help)
            }
        }
    }

    fn shape() -> Shape {
        Shape::Scalar { name: T::NAME, pattern: T::PATTERN, examples: T::EXAMPLES, numeric: T::NUMERIC }
    }
}

impl<T: Read> Read for Option<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        T::read(node, reader).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Read> Read for Spanned<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        T::read(node, reader).map(|value| Spanned { value, span: node.span })
    }

    fn shape() -> Shape {
        T::shape()
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Value::Array(items) = &node.value else {
            return reader.expected(node, "a list");
        };
        let read: Vec<Option<T>> = items.iter().map(|item| T::read(item, reader)).collect();
        read.into_iter().collect()
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }
}

impl<K: Scalar + Ord, V: Read> Read for BTreeMap<K, V> {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            return reader.expected(node, "a table");
        };
        let mut complete = true;
        let mut map = BTreeMap::new();
        for (key, value) in &table.entries {
            let name = match K::parse(&key.name) {
                Ok(name) => Some(name),
                Err(invalid) => reader.invalid(key.span, invalid.message, invalid.help),
            };
            match (name, V::read_entry(key, value, reader)) {
                (Some(name), Some(value)) => {
                    map.insert(name, value);
                }
                _ => complete = false,
            }
        }
        complete.then_some(map)
    }

    fn absent() -> Option<Self> {
        Some(BTreeMap::new())
    }

    fn shape() -> Shape {
        Shape::Map { key: K::PATTERN, value: Box::new(V::shape()) }
    }
}

impl Read for String {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            _ if reader.defers(node) => None,
            Value::String(text) => Some(text.to_string()),
            _ => reader.expected(node, "a string"),
        }
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl Read for bool {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            Value::Boolean(flag) => Some(*flag),
            _ => reader.expected(node, "a boolean"),
        }
    }

    fn shape() -> Shape {
        Shape::Boolean
    }
}

macro_rules! integers {
    ($($type:ty)*) => { $(
        impl Read for $type {
            fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
                let Value::Integer(number) = &node.value else {
                    return reader.expected(node, "an integer");
                };
                match <$type>::try_from(*number) {
                    Ok(number) => Some(number),
                    Err(_) => reader.invalid(
                        node.span,
                        format!("`{number}` is out of range"),
                        Some(format!("between {} and {}", <$type>::MIN, <$type>::MAX)),
                    ),
                }
            }

            fn shape() -> Shape {
                Shape::Integer { min: i64::try_from(<$type>::MIN).ok(), max: i64::try_from(<$type>::MAX).ok() }
            }
        }
    )* };
}

integers! { u16 u32 i32 i64 }

impl Read for f64 {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            Value::Float(number) => Some(*number),
            Value::Integer(number) => Some(*number as f64),
            _ => reader.expected(node, "a number"),
        }
    }

    fn shape() -> Shape {
        Shape::Number
    }
}

impl Read for Node {
    fn read(node: &Node, _: &mut Reader) -> Option<Self> {
        Some(node.clone())
    }

    fn shape() -> Shape {
        Shape::Any
    }
}
