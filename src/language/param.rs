//! Parameters of a stack: what an instance fills in.

use super::value::Name;
use crate::source::{Node, Spanned};
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

/// A parameter's name: it is a variable in expressions, so it may use `_` where other names have `-`.
pub type ParamName = Name;
