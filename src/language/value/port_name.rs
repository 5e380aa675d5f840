//! The name of a port.

use super::{Invalid, Scalar, dns_label, first_outside, quoted};

text! {
    /// The name of a port of a container or Service: at most 15 of `a-z`, `0-9` and single `-`, with a letter among
    /// them.
    ///
    /// The rule is `IsValidPortName` of `k8s.io/apimachinery/pkg/util/validation` (IANA service names).
    PortName
}

const LONGEST: usize = 15;

impl Scalar for PortName {
    const NAME: &'static str = "the name of a port";
    const PATTERN: Option<&'static str> = Some("^[-a-z0-9]{1,15}$");
    const EXAMPLES: &'static [&'static str] = &["http", "metrics"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let noun = Self::NAME;
        let near = || {
            let near = dns_label::nearest(text)?;
            let near = near.get(..LONGEST).unwrap_or(&near).trim_end_matches('-');
            near.bytes().any(|c| c.is_ascii_lowercase()).then(|| format!("write `{near}`"))
        };
        if text.is_empty() {
            return Err(Invalid::new(format!("{noun} must not be empty")).help("such as `http`"));
        }
        if let Some((c, at)) = first_outside(text, |c| matches!(c, 'a'..='z' | '0'..='9' | '-')) {
            return Err(Invalid::new(format!(
                "{} has the character {}; {noun} consists of lower-case letters, digits and `-`",
                quoted(text),
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .maybe_help(near())
            .at(at));
        }
        if text.len() > LONGEST {
            return Err(Invalid::new(format!(
                "{} has {} characters; {noun} has at most {LONGEST}",
                quoted(text),
                text.len()
            ))
            .maybe_help(near())
            .at(LONGEST..text.len()));
        }
        if !text.bytes().any(|c| c.is_ascii_lowercase()) {
            return Err(Invalid::new(format!("{} has no letter; {noun} has at least one", quoted(text)))
                .help("such as `http`"));
        }
        if text.starts_with('-') || text.ends_with('-') || text.contains("--") {
            return Err(Invalid::new(format!(
                "{} has a `-` at an end or two in a row; {noun} does not",
                quoted(text)
            ))
            .maybe_help(near()));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_iana_service_names() {
        for good in ["http", "a", "8080-tcp", "abcdefghijklmno"] {
            assert_eq!(PortName::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "80", "-a", "a-", "a--b", "HTTP", "abcdefghijklmnop", "a_b"] {
            assert!(PortName::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(PortName::parse("metrics_endpoint").unwrap_err().help.unwrap(), "write `metrics-endpoin`");
    }
}
