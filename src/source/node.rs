//! A value as it was written: the tree of one TOML file, each part with its place.
//!
//! Cheap to clone: tables and arrays are shared, so that layers are merged without copying what
//! they do not touch.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Span;

/// A written value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands: the value itself, or the header of a table.
    pub span: Span,
}

/// What a TOML value can be; dates are refused when a file is read.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, perhaps with an expression in it.
    String(Arc<str>),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A list.
    Array(Arc<[Node]>),
    /// A table.
    Table(Arc<Table>),
}

/// A key and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The name.
    pub name: Arc<str>,
    /// Where it is written.
    pub span: Span,
}

/// The entries of a table, in the order they were written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Keys are unique.
    pub entries: Vec<(Key, Node)>,
}

impl Table {
    /// The value under `name`.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entry(name).map(|(_, node)| node)
    }

    /// The key and value under `name`.
    pub fn entry(&self, name: &str) -> Option<&(Key, Node)> {
        self.entries.iter().find(|(key, _)| &*key.name == name)
    }

    /// The names in the order written.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| &*key.name)
    }

    /// Sets `name`, keeping its position when it is there already.
    pub fn set(&mut self, key: Key, node: Node) {
        match self.entries.iter_mut().find(|(present, _)| present.name == key.name) {
            Some(entry) => *entry = (key, node),
            None => self.entries.push((key, node)),
        }
    }

    /// Removes `name`.
    pub fn remove(&mut self, name: &str) -> Option<Node> {
        let position = self.entries.iter().position(|(key, _)| &*key.name == name)?;
        Some(self.entries.remove(position).1)
    }
}

impl Node {
    /// A table node.
    pub fn table(table: Table, span: Span) -> Self {
        Self { value: Value::Table(Arc::new(table)), span }
    }

    /// The table, when it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The text, when it is one.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The place of a part of the text; of the whole value where it is written with escapes or on several lines.
    pub fn part(&self, range: Range<usize>) -> Span {
        match self.as_str() {
            Some(text) if self.span.len() == text.len() + 2 && range.end <= text.len() => {
                self.span.part(range.start + 1..range.end + 1)
            }
            _ => self.span,
        }
    }

    /// Whether it is text with an expression in it, whose value is known only per deployment.
    pub fn is_expression(&self) -> bool {
        self.as_str().is_some_and(is_expression)
    }

    /// What the value is, as messages say it.
    pub fn type_name(&self) -> &'static str {
        match &self.value {
            Value::String(_) => "a string",
            Value::Integer(_) => "an integer",
            Value::Float(_) => "a float",
            Value::Boolean(_) => "a boolean",
            Value::Array(_) => "a list",
            Value::Table(_) => "a table",
        }
    }

    /// The value as JSON, for templates and free-form parts. Tables are sorted: TOML gives their order no meaning, so
    /// what loops over one must not show it.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::String(text) => serde_json::Value::String(text.to_string()),
            Value::Integer(number) => serde_json::Value::from(*number),
            Value::Float(number) => serde_json::Value::from(*number),
            Value::Boolean(flag) => serde_json::Value::Bool(*flag),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Table(table) => {
                let fields = table.entries.iter().map(|(key, node)| (key.name.to_string(), node.to_json()));
                let sorted: BTreeMap<String, serde_json::Value> = fields.collect();
                serde_json::Value::Object(sorted.into_iter().collect())
            }
        }
    }
}

/// Whether a text holds an expression, a statement or a comment of the template language.
pub fn is_expression(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}
