//! Environment variables and other values that may be references.

use crate::language::read::{Fields, Read, Reader, TableReader};
use crate::language::reference::Reference;
use crate::language::shape::Shape;
use crate::language::value::Name;
use crate::source::{Node, Span, Spanned, Value};
use crate::table;

/// The value of an environment variable.
#[derive(Debug, Clone, PartialEq)]
pub enum EnvValue {
    /// As written; numbers and booleans in their canonical text.
    Text(Spanned<String>),
    /// An output of a component.
    From(Reference),
    /// A secret of this component, by its name under `secrets`.
    Secret(Spanned<Name>),
    /// A field of the pod, such as `metadata.name`.
    Field(Spanned<String>),
}

impl EnvValue {
    /// Where it is written.
    pub fn span(&self) -> Span {
        match self {
            EnvValue::Text(text) | EnvValue::Field(text) => text.span,
            EnvValue::From(reference) => reference.span,
            EnvValue::Secret(name) => name.span,
        }
    }
}

table! {
    /// An environment variable's value that comes from elsewhere: exactly one of these.
    pub struct EnvSource {
        /// An output of a component, such as `postgres.url`.
        from: Option<Reference>,
        /// A secret of this component, by its name under `secrets`.
        secret: Option<Spanned<Name>>,
        /// A field of the pod for the downward API, such as `metadata.name` or `status.podIP`.
        field: Option<Spanned<String>>,
    }
}

/// The text of a scalar as an environment variable would have it.
fn scalar_text(node: &Node) -> Option<String> {
    match &node.value {
        Value::String(text) => Some(text.to_string()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Array(_) | Value::Table(_) => None,
    }
}

const FIELDS: &[&str] = &[
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

impl Read for EnvValue {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if reader.defers(node) {
            return None;
        }
        if let Some(text) = scalar_text(node) {
            return Some(EnvValue::Text(Spanned { value: text, span: node.span }));
        }
        let mut table =
            TableReader::open(node, reader, "a value, or a table such as { from = \"postgres.url\" }")?;
        let source = EnvSource::read_fields(&mut table, reader);
        table.close(EnvSource::fields, reader);
        let source = source?;
        match (source.from, source.secret, source.field) {
            (Some(reference), None, None) => Some(EnvValue::From(reference)),
            (None, Some(secret), None) => Some(EnvValue::Secret(secret)),
            (None, None, Some(field)) => {
                let known = FIELDS.contains(&field.value.as_str())
                    || field.value.starts_with("metadata.labels['")
                    || field.value.starts_with("metadata.annotations['");
                if !known {
                    let help = crate::report::nearest::advice(&field.value, FIELDS.iter().copied());
                    return reader.invalid(
                        field.span,
                        format!(
                            "`{}` is not a field the downward API gives to environment variables",
                            field.value
                        ),
                        help,
                    );
                }
                Some(EnvValue::Field(field))
            }
            _ => reader.invalid(
                node.span,
                "a variable that is a table has exactly one of `from`, `secret` and `field`",
                None,
            ),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Text, Shape::Number, Shape::Boolean, EnvSource::shape()])
    }
}

/// A value for a template or for Helm: written out, or an output of a component.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// As written, of any type.
    Literal(Node),
    /// An output of a component.
    From(Reference),
}

table! {
    /// A value that is an output of a component.
    pub struct InputSource {
        /// The output, such as `api.host`.
        from: Reference,
    }
}

impl Read for Input {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if reader.defers(node) {
            return None;
        }
        match node.as_table() {
            Some(table) if table.entries.len() == 1 && table.get("from").is_some() => {
                InputSource::read(node, reader).map(|source| Input::From(source.from))
            }
            _ => Some(Input::Literal(node.clone())),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![InputSource::shape(), Shape::Any])
    }
}
