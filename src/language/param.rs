//! Parameters of a stack: what an instance fills in.

use std::borrow::Borrow;
use std::fmt;

use super::value::{Invalid, Scalar};
use crate::language::read::{Read, Reader};
use crate::language::shape::Shape;
use crate::source::{Key, Node, Span, Spanned};
use crate::{choice, table};

table! {
    /// A parameter of the stack.
    pub struct Param {
        /// Its type.
        r#type: ParamType,
        /// What it is for.
        description: Option<String>,
        /// Its value when an instance sets none. Without a default every instance has to set it.
        default: Option<Node>,
        /// The smallest value, for numbers, quantities, durations and ports; the shortest length for strings and lists.
        min: Option<Node>,
        /// The largest value; the longest length for strings and lists.
        max: Option<Node>,
        /// The values of an `enum`.
        values: Vec<Spanned<String>>,
        /// The type of the items of a `list`, or of the values of a `map`. Default: `string`.
        items: Option<ParamType>,
    }
}

/// The value that an instance gives a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct ParamValue {
    /// The value.
    pub node: Node,
    /// Where the parameter is named.
    pub key: Span,
}

impl Read for ParamValue {
    fn read(node: &Node, _: &mut Reader) -> Option<Self> {
        Some(Self { node: node.clone(), key: node.span })
    }

    fn read_entry(key: &Key, node: &Node, _: &mut Reader) -> Option<Self> {
        Some(Self { node: node.clone(), key: key.span })
    }

    fn shape() -> Shape {
        Node::shape()
    }
}

choice! {
    /// The type of a parameter.
    pub enum ParamType {
        /// Any text.
        String = "string",
        /// A whole number.
        Integer = "integer",
        /// Any number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A DNS host name.
        Hostname = "hostname",
        /// A URL.
        Url = "url",
        /// A container image.
        Image = "image",
        /// A Kubernetes quantity.
        Quantity = "quantity",
        /// A span of time.
        Duration = "duration",
        /// A TCP or UDP port.
        Port = "port",
        /// One of `values`.
        Enum = "enum",
        /// A list of `items`.
        List = "list",
        /// A table of `items`.
        Map = "map",
    }
}

/// The name of a variable in expressions and templates: it may use `_`, but not `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamName(String);

impl Scalar for ParamName {
    const NAME: &'static str = "the name of a variable";
    const PATTERN: Option<&'static str> = Some("^[a-z][a-z0-9_]*$");
    const EXAMPLES: &'static [&'static str] = &["host", "log_level"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if valid && text.len() <= 63 {
            return Ok(Self(text.to_owned()));
        }
        let near: String = text.to_lowercase().replace(['-', '.', ' '], "_");
        Err(Invalid::new(format!("`{text}` is not a name that expressions can use"))
            .help(format!("use lower-case letters, digits and `_`, beginning with a letter: `{near}`")))
    }
}

impl Borrow<str> for ParamName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ParamName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
