//! What can be written: the description behind the JSON Schema and the reference page.

use super::value::Duration;

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

/// A default as users would write it, from the Rust expression that makes it; nothing for a table whose fields have
/// their own.
///
/// `Spanned::new(Name::constant("x"), …)`-like wrappers are peeled off down to the literal or the variant's word.
pub fn default_text(expression: &'static str, shape: &Shape) -> Option<String> {
    if let Some(items) = expression.strip_prefix("vec![").and_then(|rest| rest.strip_suffix(']')) {
        let items = items.split(", ").map(|item| literal(item).unwrap_or_else(|| "\"\"".to_owned()));
        return Some(format!("[{}]", items.collect::<Vec<_>>().join(", ")));
    }
    if let Some(literal) = literal(expression) {
        return Some(literal);
    }
    if let Some(seconds) = argument(expression, "from_seconds") {
        let text = Duration::from_seconds(seconds.parse().ok()?).to_string();
        let text = text.strip_suffix("m0s").map_or(text.clone(), |short| format!("{short}m"));
        let text = text.strip_suffix("h0m").map_or(text.clone(), |short| format!("{short}h"));
        return Some(format!("\"{text}\""));
    }
    let value = argument(expression, "Spanned::new").unwrap_or(expression);
    let value = value.split(',').next().unwrap_or(value);
    match (shape, value.rsplit_once("::")) {
        (Shape::Choice(words), Some((_, variant))) => {
            let is_variant = |word: &str| word.replace('-', "").eq_ignore_ascii_case(variant);
            words.iter().find(|(word, _)| is_variant(word)).map(|(word, _)| format!("\"{word}\""))
        }
        (_, None) => Some(value.to_owned()),
        _ => None,
    }
}

/// The string literal in an expression, with its quotes.
fn literal(expression: &str) -> Option<String> {
    let (from, to) = (expression.find('"')?, expression.rfind('"')?);
    (from < to).then(|| expression.get(from..=to).map(str::to_owned)).flatten()
}

/// What stands in the parentheses after a function's name.
fn argument<'a>(expression: &'a str, function: &str) -> Option<&'a str> {
    let (_, rest) = expression.split_once(function)?;
    rest.strip_prefix('(')?.strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_read_as_users_would_write_them() {
        let words = Shape::Choice(vec![("read-only", ""), ("ClusterSecretStore", "")]);
        let text = |expression| default_text(expression, &words);
        assert_eq!(text("RootFileSystem::ReadOnly").as_deref(), Some("\"read-only\""));
        assert_eq!(text("StoreKind::ClusterSecretStore").as_deref(), Some("\"ClusterSecretStore\""));
        assert_eq!(
            text("Spanned::new(HttpPath::constant(\"/\"), crate::source::Span::NOWHERE)").as_deref(),
            Some("\"/\"")
        );
        assert_eq!(text("Spanned::new(false, crate::source::Span::NOWHERE)").as_deref(), Some("false"));
        assert_eq!(text("super::value::Duration::from_seconds(14400)").as_deref(), Some("\"4h\""));
        assert_eq!(text("vec![\"alertname\".to_owned()]").as_deref(), Some("[\"alertname\"]"));
        assert_eq!(text("vec![String::new()]").as_deref(), Some("[\"\"]"));
        assert_eq!(text("0").as_deref(), Some("0"));
        assert_eq!(text("Storage::default()"), None);
    }
}
