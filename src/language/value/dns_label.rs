//! One label of a domain name (RFC 1123), as Kubernetes asks of namespaces, Services and containers.

use super::{Invalid, Scalar, first_outside, quoted};

text! {
    /// A DNS label: at most 63 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit.
    ///
    /// The rule is `IsDNS1123Label` of `k8s.io/apimachinery/pkg/util/validation`.
    DnsLabel
}

/// The longest label, in bytes.
pub(super) const LONGEST: usize = 63;

impl Scalar for DnsLabel {
    const NAME: &'static str = "a DNS label";
    const PATTERN: Option<&'static str> = Some("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
    const EXAMPLES: &'static [&'static str] = &["web", "data-0"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        check(text, Self::NAME)?;
        Ok(Self(text.to_owned()))
    }
}

/// Checks a label that messages call `noun`.
pub(super) fn check(text: &str, noun: &str) -> Result<(), Invalid> {
    let suggestion = || nearest(text).map(|near| format!("write `{near}`"));
    if text.is_empty() {
        return Err(Invalid::new(format!("{noun} must not be empty"))
            .help("use lower-case letters, digits and `-`, such as `web`"));
    }
    if let Some((c, at)) = first_outside(text, |c| matches!(c, 'a'..='z' | '0'..='9' | '-')) {
        let what = if c.is_ascii_uppercase() { "upper-case letter" } else { "character" };
        return Err(Invalid::new(format!(
            "{} has the {what} {}; {noun} consists of lower-case letters, digits and `-`",
            quoted(text),
            quoted(c.encode_utf8(&mut [0; 4]))
        ))
        .maybe_help(suggestion())
        .at(at));
    }
    if text.starts_with('-') || text.ends_with('-') {
        let at = if text.starts_with('-') { 0..1 } else { text.len() - 1..text.len() };
        return Err(Invalid::new(format!(
            "{} must begin and end with a letter or digit to be {noun}",
            quoted(text)
        ))
        .maybe_help(suggestion())
        .at(at));
    }
    if text.len() > LONGEST {
        return Err(Invalid::new(format!(
            "{} has {} characters; {noun} has at most {LONGEST}",
            quoted(text),
            text.len()
        ))
        .maybe_help(suggestion())
        .at(LONGEST..text.len()));
    }
    Ok(())
}

/// The label nearest to `text`, if anything of it can stand in a label.
pub(super) fn nearest(text: &str) -> Option<String> {
    let mut near = String::new();
    for c in text.trim().chars() {
        match c.to_ascii_lowercase() {
            c @ ('a'..='z' | '0'..='9') => near.push(c),
            _ if near.is_empty() || near.ends_with('-') => {}
            _ => near.push('-'),
        }
        if near.len() == LONGEST {
            break;
        }
    }
    let near = near.trim_end_matches('-');
    (!near.is_empty() && near != text).then(|| near.to_owned())
}

impl From<super::Name> for DnsLabel {
    fn from(name: super::Name) -> Self {
        Self(name.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_bounded_and_the_nearest_is_offered() {
        for good in ["a", "0", "a-b", &"a".repeat(63)] {
            assert_eq!(DnsLabel::parse(good).unwrap().as_str(), good);
        }
        for (text, help) in [("My_App", "write `my-app`"), ("-a-", "write `a`"), ("a b.c", "write `a-b-c`")] {
            assert_eq!(DnsLabel::parse(text).unwrap_err().help.unwrap(), help);
        }
        assert_eq!(DnsLabel::parse("é").unwrap_err().help, None);
        assert!(DnsLabel::parse("").is_err() && DnsLabel::parse(&"a".repeat(64)).is_err());
    }
}
