//! A key of a ConfigMap or Secret.

use super::{Invalid, Scalar, first_outside, quoted};

text! {
    /// A key of a ConfigMap or Secret, which is also the name of the file it is mounted as: at most 253 letters,
    /// digits, `-`, `_` and `.`.
    ///
    /// The rule is `IsConfigMapKey` of `k8s.io/apimachinery/pkg/util/validation`.
    ConfigKey
}

const LONGEST: usize = 253;

impl Scalar for ConfigKey {
    const NAME: &'static str = "a key of a ConfigMap or Secret";
    const PATTERN: Option<&'static str> = Some("^[-._a-zA-Z0-9]{1,253}$");
    const EXAMPLES: &'static [&'static str] = &["settings.ini", "DATABASE_URL"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let noun = Self::NAME;
        if text.is_empty() {
            return Err(Invalid::new(format!("{noun} must not be empty")).help("such as `settings.ini`"));
        }
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if let Some((c, at)) = first_outside(text, valid) {
            let help = match c {
                '/' => "a key is one file; name the folder where it is mounted".to_owned(),
                _ => format!("write `{}`", text.trim().replace(|c: char| !valid(c), "-")),
            };
            return Err(Invalid::new(format!(
                "{} has the character {}; {noun} consists of letters, digits, `-`, `_` and `.`",
                quoted(text),
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .help(help)
            .at(at));
        }
        if text == "." || text.starts_with("..") {
            return Err(Invalid::new(format!(
                "{} reads as a folder; {noun} is not `.` and does not begin with `..`",
                quoted(text)
            ))
            .help("such as `settings.ini`"));
        }
        if text.len() > LONGEST {
            return Err(Invalid::new(format!(
                "{} has {} characters; {noun} has at most {LONGEST}",
                quoted(text),
                text.len()
            ))
            .at(LONGEST..text.len()));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_name_of_one_file() {
        for good in ["settings.ini", ".env", "A", "-", &"a".repeat(253)] {
            assert_eq!(ConfigKey::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", ".", "..", "..a", "a/b", "a b", "é", &"a".repeat(254)] {
            assert!(ConfigKey::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(ConfigKey::parse("a b").unwrap_err().help.unwrap(), "write `a-b`");
    }
}
