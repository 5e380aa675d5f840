//! What cannot be written as YAML.

use std::fmt;

/// Why a value has no YAML text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// The whole document is null.
    NullDocument,
    /// An item of a sequence is null.
    NullItem,
    /// A float is infinite or not a number; JSON, and so the API server, has neither.
    NotFinite,
    /// Raw bytes, which callers encode as base64 themselves.
    Bytes,
    /// A mapping key that is no string, number or boolean.
    Key,
    /// Two entries of one mapping have this key; kubectl would silently keep one of them.
    DuplicateKey(String),
    /// A value that another library smuggles through serde under this private name.
    Private(&'static str),
    /// Collections are nested deeper than [`super::DEPTH_LIMIT`].
    TooDeep,
    /// The value's own `Serialize` failed.
    Custom(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NullDocument => f.write_str("the document is null"),
            Error::NullItem => f.write_str("an item of a sequence is null"),
            Error::NotFinite => f.write_str("a float is not finite"),
            Error::Bytes => f.write_str("bytes have no YAML form"),
            Error::Key => f.write_str("a mapping key is neither string, number nor boolean"),
            Error::DuplicateKey(key) => write!(f, "the key `{key}` stands twice in one mapping"),
            Error::Private(name) => write!(f, "`{name}` is private to another library"),
            Error::TooDeep => write!(f, "nested deeper than {} collections", super::DEPTH_LIMIT),
            Error::Custom(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl serde::ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error::Custom(message.to_string())
    }
}
