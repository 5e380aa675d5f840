//! The name of an environment variable.

use super::{Invalid, Scalar, first_outside, quoted};

text! {
    /// The name of an environment variable: letters, digits, `_`, `-` and `.`, not beginning with a digit.
    ///
    /// The rule is `IsEnvVarName` of `k8s.io/apimachinery/pkg/util/validation`; newer clusters take more, every
    /// cluster takes this.
    EnvName
}

impl Scalar for EnvName {
    const NAME: &'static str = "the name of an environment variable";
    const PATTERN: Option<&'static str> = Some("^[-._a-zA-Z][-._a-zA-Z0-9]*$");
    const EXAMPLES: &'static [&'static str] = &["DATABASE_URL", "http_proxy"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let noun = Self::NAME;
        if text.is_empty() {
            return Err(Invalid::new(format!("{noun} must not be empty")).help("such as `DATABASE_URL`"));
        }
        if let Some((c, at)) =
            first_outside(text, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
        {
            let near: String =
                text.trim().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
            let help = (!near.starts_with(|c: char| c.is_ascii_digit()) && !near.is_empty())
                .then(|| format!("write `{near}`"));
            return Err(Invalid::new(format!(
                "{} has the character {}; {noun} consists of letters, digits, `_`, `-` and `.`",
                quoted(text),
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .maybe_help(help)
            .at(at));
        }
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(Invalid::new(format!("{} begins with a digit; {noun} does not", quoted(text)))
                .help(format!("write `_{text}`"))
                .at(0..1));
        }
        if text == "." || text.starts_with("..") {
            return Err(Invalid::new(format!(
                "{} reads as a path; {noun} is not `.` and does not begin with `..`",
                quoted(text)
            ))
            .help("such as `DATABASE_URL`"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_every_cluster_takes() {
        for good in ["A", "_", "a.b-c", "X1", ".a"] {
            assert_eq!(EnvName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "1A", "A=B", "A B", ".", "..", "..A", "Ä"] {
            assert!(EnvName::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(EnvName::parse("A B").unwrap_err().help.unwrap(), "write `A_B`");
    }
}
