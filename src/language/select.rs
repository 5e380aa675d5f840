//! Label selectors in their two forms: a table of equal labels, or a Kubernetes selector string.

use std::collections::BTreeMap;

use super::read::{Read, Reader};
use super::shape::Shape;
use super::value::{LabelKey, LabelValue, Scalar, Selector};
use crate::source::{Node, Span, Value};

/// A selector and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// What it selects.
    pub selector: Selector,
    /// Where it is written.
    pub span: Span,
}

impl Read for Select {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let selector = match &node.value {
            Value::Table(_) => {
                let labels = BTreeMap::<LabelKey, LabelValue>::read(node, reader)?;
                let labels =
                    labels.into_iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
                match Selector::from_map(&labels) {
                    Ok(selector) => selector,
                    Err(invalid) => return reader.invalid(node.span, invalid.message, invalid.help),
                }
            }
            Value::String(text) => match Selector::parse(text) {
                Ok(selector) => selector,
                Err(invalid) => {
                    let span = invalid.at.map_or(node.span, |at| node.part(at));
                    return reader.invalid(span, invalid.message, invalid.help);
                }
            },
            _ => {
                return reader.expected(
                    node,
                    "a selector: a table of labels, or a string such as \"tier in (web, api), !legacy\"",
                );
            }
        };
        Some(Self { selector, span: node.span })
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![
            Shape::Map { key: LabelKey::PATTERN, value: Box::new(LabelValue::shape()) },
            Selector::shape(),
        ])
    }
}
