//! Settings of a server: text, a number or a switch.

use crate::language::read::{Read, Reader};
use crate::language::shape::Shape;
use crate::source::{Node, Value};

/// The value of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setting {
    /// Text, or a number in its canonical text.
    Text(String),
    /// A switch, which every server spells in its own way.
    Switch(bool),
}

impl Setting {
    /// The text, with the words this server has for on and off.
    pub fn text(&self, on: &str, off: &str) -> String {
        match self {
            Setting::Text(text) => text.clone(),
            Setting::Switch(true) => on.to_owned(),
            Setting::Switch(false) => off.to_owned(),
        }
    }
}

impl Read for Setting {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        match &node.value {
            _ if reader.defers(node) => None,
            Value::String(text) if text.contains(['\n', '\r', '\0']) => {
                reader.invalid(node.span, "a setting has one line", None)
            }
            Value::String(text) => Some(Setting::Text(text.to_string())),
            Value::Integer(number) => Some(Setting::Text(number.to_string())),
            Value::Float(number) => Some(Setting::Text(number.to_string())),
            Value::Boolean(switch) => Some(Setting::Switch(*switch)),
            Value::Array(_) | Value::Table(_) => reader.expected(node, "text, a number or a boolean"),
        }
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Text, Shape::Number, Shape::Boolean])
    }
}
