//! What can be written: the description behind the JSON Schema and the reference page.

/// The shape of a value.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Any text.
    Text,
    /// Text with a grammar of its own.
    Scalar {
        /// What messages call it.
        name: &'static str,
        /// What it looks like, as an ECMA-262 regular expression.
        pattern: Option<&'static str>,
        /// A few valid values.
        examples: &'static [&'static str],
        /// Whether a bare number may be written as well.
        numeric: bool,
    },
    /// A whole number.
    Integer {
        /// The smallest.
        min: Option<i64>,
        /// The largest.
        max: Option<i64>,
    },
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of these words, each with its documentation.
    Choice(Vec<(&'static str, &'static str)>),
    /// A list.
    List(Box<Shape>),
    /// A table with keys of the user's choice.
    Map {
        /// What a key looks like.
        key: Option<&'static str>,
        /// What stands under each.
        value: Box<Shape>,
    },
    /// A table with fixed keys.
    Table(TableShape),
    /// One of several shapes.
    OneOf(Vec<Shape>),
    /// The levels of rules, and waivers under `waivers`.
    Policy {
        /// Each rule with its title.
        levels: Vec<(&'static str, &'static str)>,
        /// What a waiver looks like.
        waiver: Box<Shape>,
    },
    /// Anything.
    Any,
}

/// A table with fixed keys.
#[derive(Debug, Clone, Copy)]
pub struct TableShape {
    /// The name of its Rust type, or of its kind.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// Its fields, in the order of the reference page.
    pub fields: fn() -> Vec<Field>,
}

/// A key of a table.
#[derive(Debug, Clone)]
pub struct Field {
    /// As written.
    pub key: String,
    /// Its documentation.
    pub doc: &'static str,
    /// What stands under it.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What stands for it when it is not there, as written.
    pub default: Option<String>,
}

/// A default as users would write it, from the Rust expression that makes it.
///
/// `Name::parse_or("x")`-like wrappers are peeled off down to the literal or the variant's word.
pub fn default_text(expression: &'static str) -> String {
    if let (Some(from), Some(to)) = (expression.find('"'), expression.rfind('"'))
        && from < to
    {
        return expression.get(from..=to).unwrap_or(expression).to_owned();
    }
    match expression.rsplit_once("::") {
        Some((_, variant)) => format!("\"{}\"", kebab(variant)),
        None => expression.to_owned(),
    }
}

fn kebab(variant: &str) -> String {
    let mut text = String::new();
    for (index, letter) in variant.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push('-');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
