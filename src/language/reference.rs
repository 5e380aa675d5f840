//! A reference to an output of a component: `component.output`, `instance/component.output`,
//! `stack:component.output` or `stack/instance:component.output`.

use std::fmt;

use super::read::{Read, Reader, Stage};
use super::shape::Shape;
use super::value::{Invalid, Name, Scalar};
use crate::source::{Node, Span};

/// What a reference wants of the component it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// One of its outputs.
    Output,
    /// One of its volumes.
    Volume,
    /// That it is there first.
    Order,
}

/// A component, and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The stack, when it is another one.
    pub stack: Option<String>,
    /// The instance, when it is another one.
    pub instance: Option<String>,
    /// The component.
    pub component: String,
    /// The output or volume; empty for [`Want::Order`].
    pub output: String,
    /// What is wanted.
    pub want: Want,
}

/// A reference as written.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// What it names.
    pub target: Target,
    /// Where it is written.
    pub span: Span,
}

impl Target {
    /// Reads a reference.
    ///
    /// # Errors
    /// When a part is missing or is no name.
    pub fn parse(text: &str, want: Want) -> Result<Self, Invalid> {
        let (place, rest) = match text.split_once(':') {
            Some((place, rest)) => (Some(place), rest),
            None => (None, text),
        };
        let (stack, instance, rest) = match place {
            Some(place) => match place.split_once('/') {
                Some((stack, instance)) => (Some(stack), Some(instance), rest),
                None => (Some(place), None, rest),
            },
            None => match rest.split_once('/') {
                Some((instance, rest)) => (None, Some(instance), rest),
                None => (None, None, rest),
            },
        };
        let (component, output) = match (want, rest.split_once('.')) {
            (Want::Order, _) => (rest, ""),
            (_, Some((component, output))) => (component, output),
            (_, None) => {
                return Err(Invalid::new(format!("`{text}` names no output"))
                    .help("write `component.output`, such as `postgres.url`"));
            }
        };
        let name = |part: &str| Name::parse(part).map(|name| name.to_string());
        Ok(Self {
            stack: stack.map(name).transpose()?,
            instance: instance.map(name).transpose()?,
            component: name(component)?,
            output: if want == Want::Order { String::new() } else { name(output)? },
            want,
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.stack, &self.instance) {
            (Some(stack), Some(instance)) => write!(formatter, "{stack}/{instance}:")?,
            (Some(stack), None) => write!(formatter, "{stack}:")?,
            (None, Some(instance)) => write!(formatter, "{instance}/")?,
            (None, None) => {}
        }
        formatter.write_str(&self.component)?;
        if self.want != Want::Order {
            write!(formatter, ".{}", self.output)?;
        }
        Ok(())
    }
}

fn read(node: &Node, reader: &mut Reader, want: Want, expected: &str) -> Option<Reference> {
    if reader.defers(node) {
        return None;
    }
    let Some(text) = node.as_str() else {
        return reader.expected(node, expected);
    };
    match Target::parse(text, want) {
        Ok(target) => {
            let reference = Reference { target, span: node.span };
            if reader.stage == Stage::Final {
                reader.references.push(reference.clone());
            }
            Some(reference)
        }
        Err(invalid) => reader.invalid(node.span, invalid.message, invalid.help),
    }
}

const PATTERN: &str = r"^([a-z0-9-]+(/[a-z0-9-]+)?:|[a-z0-9-]+/)?[a-z0-9-]+(\.[a-z0-9-]+)?$";

impl Read for Reference {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read(node, reader, Want::Output, "a reference such as `postgres.url`")
    }

    fn shape() -> Shape {
        Shape::Scalar {
            name: "a reference to an output",
            pattern: Some(PATTERN),
            examples: &["postgres.url", "data:postgres.host"],
            numeric: false,
        }
    }
}

/// A reference to a volume of another component.
#[derive(Debug, Clone, PartialEq)]
pub struct VolumeReference(pub Reference);

impl Read for VolumeReference {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read(node, reader, Want::Volume, "a volume such as `api.static`").map(Self)
    }

    fn shape() -> Shape {
        Shape::Scalar {
            name: "a reference to a volume",
            pattern: Some(PATTERN),
            examples: &["api.static"],
            numeric: false,
        }
    }
}

/// A component that has to be there first.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependency(pub Reference);

impl Read for Dependency {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        read(node, reader, Want::Order, "the name of a component").map(Self)
    }

    fn shape() -> Shape {
        Shape::Scalar {
            name: "a component",
            pattern: Some(PATTERN),
            examples: &["redis", "data:postgres"],
            numeric: false,
        }
    }
}
