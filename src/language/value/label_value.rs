//! The value of a Kubernetes label.

use super::{Invalid, Scalar, first_outside, quoted};

text! {
    /// A label value: empty, or at most 63 letters, digits, `-`, `_` and `.` that begin and end with a letter or
    /// digit.
    ///
    /// The rule is `IsValidLabelValue` of `k8s.io/apimachinery/pkg/util/validation`.
    LabelValue
}

const LONGEST: usize = 63;

impl Scalar for LabelValue {
    const NAME: &'static str = "a label value";
    const PATTERN: Option<&'static str> = Some("^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$");
    const EXAMPLES: &'static [&'static str] = &["production", "v1.2"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        if !text.is_empty() {
            check(text, Self::NAME)?;
        }
        Ok(Self(text.to_owned()))
    }
}

/// Checks a name that is not empty and that messages call `noun`.
pub(super) fn check(text: &str, noun: &str) -> Result<(), Invalid> {
    if let Some((c, at)) = first_outside(text, |c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    {
        return Err(Invalid::new(format!(
            "{} has the character {}; {noun} consists of letters, digits, `-`, `_` and `.`",
            quoted(text),
            quoted(c.encode_utf8(&mut [0; 4]))
        ))
        .maybe_help(nearest(text))
        .at(at));
    }
    let edge = |c: char| !c.is_ascii_alphanumeric();
    if text.starts_with(edge) || text.ends_with(edge) {
        let at = if text.starts_with(edge) { 0..1 } else { text.len() - 1..text.len() };
        return Err(Invalid::new(format!(
            "{} must begin and end with a letter or digit to be {noun}",
            quoted(text)
        ))
        .maybe_help(nearest(text))
        .at(at));
    }
    if text.len() > LONGEST {
        return Err(Invalid::new(format!(
            "{} has {} characters; {noun} has at most {LONGEST}",
            quoted(text),
            text.len()
        ))
        .maybe_help(nearest(text))
        .at(LONGEST..text.len()));
    }
    Ok(())
}

fn nearest(text: &str) -> Option<String> {
    let mapped: String = text
        .trim()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') { c } else { '-' })
        .take(LONGEST)
        .collect();
    let near = mapped.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (!near.is_empty()).then(|| format!("write `{near}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_may_be_empty_and_is_bounded() {
        for good in ["", "a", "A_b.c-1", &"a".repeat(63)] {
            assert_eq!(LabelValue::parse(good).unwrap().as_str(), good);
        }
        let invalid = LabelValue::parse("team a").unwrap_err();
        assert_eq!(
            invalid.message,
            "`team a` has the character ` `; a label value consists of letters, digits, `-`, `_` and `.`"
        );
        assert_eq!((invalid.help.as_deref(), invalid.at), (Some("write `team-a`"), Some(4..5)));
        for bad in ["-a", "a-", "é", &"a".repeat(64)] {
            assert!(LabelValue::parse(bad).is_err(), "{bad}");
        }
    }
}
