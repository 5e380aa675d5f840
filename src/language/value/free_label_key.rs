//! The key of a label that users may set on objects.

use super::{Invalid, LabelKey, Scalar, quoted};

text! {
    /// A label key that is none of those by which kiln itself finds what it renders.
    FreeLabelKey
}

/// Selectors of Services, monitors and policies rely on these.
const OURS: [&str; 4] = [
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
];

impl Scalar for FreeLabelKey {
    const NAME: &'static str = LabelKey::NAME;
    const PATTERN: Option<&'static str> = LabelKey::PATTERN;
    const EXAMPLES: &'static [&'static str] = &["environment", "example.org/tier"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        LabelKey::parse(text)?;
        if OURS.contains(&text) {
            return Err(Invalid::new(format!("kiln sets the label {} itself", quoted(text)))
                .help("remove it, or use a key with a prefix of your own, such as `example.org/name`"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_labels_that_selectors_rely_on_are_not_free() {
        assert!(FreeLabelKey::parse("app.kubernetes.io/name").is_err());
        assert!(FreeLabelKey::parse("app.kubernetes.io/version").is_ok());
        assert!(FreeLabelKey::parse("name").is_ok());
    }
}
