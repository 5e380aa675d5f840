//! Free-form values with references in them: Helm values.

use crate::language::read::{Read, Reader};
use crate::language::reference::Reference;
use crate::language::shape::Shape;
use crate::source::{Node, Value};

/// A table of any content; `{ from = "component.output" }` anywhere in it stands for that output.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Values {
    /// The entries, in the order written.
    pub entries: Vec<(String, Content)>,
}

/// A part of free-form values.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// As written: text, a number or a boolean.
    Literal(serde_json::Value),
    /// An output of a component.
    From(Reference),
    /// A list.
    List(Vec<Content>),
    /// A table, in the order written.
    Table(Vec<(String, Content)>),
}

impl Content {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            Value::Array(items) => {
                let items: Vec<Option<Self>> = items.iter().map(|item| Self::read(item, reader)).collect();
                items.into_iter().collect::<Option<_>>().map(Content::List)
            }
            Value::Table(table) => match (table.entries.as_slice(), table.get("from")) {
                ([_], Some(from)) if from.as_str().is_some() => {
                    Reference::read(from, reader).map(Content::From)
                }
                _ => entries(node, reader).map(Content::Table),
            },
            _ => Some(Content::Literal(node.to_json())),
        }
    }
}

fn entries(node: &Node, reader: &mut Reader) -> Option<Vec<(String, Content)>> {
    let Some(table) = node.as_table() else {
        return reader.expected(node, "a table");
    };
    let entries: Vec<Option<_>> = table
        .entries
        .iter()
        .map(|(key, value)| Content::read(value, reader).map(|content| (key.name.to_string(), content)))
        .collect();
    entries.into_iter().collect()
}

impl Read for Values {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        entries(node, reader).map(|entries| Self { entries })
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Map { key: None, value: Box::new(Shape::Any) }
    }
}
