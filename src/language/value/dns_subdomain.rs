//! A DNS subdomain (RFC 1123): the name of most Kubernetes objects.

use super::{DnsLabel, Invalid, Scalar, dns_label, first_outside, quoted};

text! {
    /// A DNS subdomain: dot-separated runs of `a-z`, `0-9` and `-` that begin and end with a letter or digit, at
    /// most 253 in all. Names of ConfigMaps, Secrets, storage classes and most other objects.
    ///
    /// The rule is `IsDNS1123Subdomain` of `k8s.io/apimachinery/pkg/util/validation`, which does not bound the
    /// length of a single run.
    DnsSubdomain
}

/// The longest subdomain, in bytes.
pub(super) const LONGEST: usize = 253;

impl Scalar for DnsSubdomain {
    const NAME: &'static str = "a DNS subdomain";
    const PATTERN: Option<&'static str> =
        Some("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$");
    const EXAMPLES: &'static [&'static str] = &["web-config", "settings.example.org"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        check(text, Self::NAME)?;
        Ok(Self(text.to_owned()))
    }
}

impl From<DnsLabel> for DnsSubdomain {
    fn from(label: DnsLabel) -> Self {
        Self(label.into())
    }
}

/// Checks a subdomain that messages call `noun`.
pub(super) fn check(text: &str, noun: &str) -> Result<(), Invalid> {
    let suggestion = || nearest(text).map(|near| format!("write `{near}`"));
    if text.is_empty() {
        return Err(Invalid::new(format!("{noun} must not be empty"))
            .help("use lower-case letters, digits, `-` and `.`, such as `web-config`"));
    }
    if let Some((c, at)) = first_outside(text, |c| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.')) {
        let what = if c.is_ascii_uppercase() { "upper-case letter" } else { "character" };
        return Err(Invalid::new(format!(
            "{} has the {what} {}; {noun} consists of lower-case letters, digits, `-` and `.`",
            quoted(text),
            quoted(c.encode_utf8(&mut [0; 4]))
        ))
        .maybe_help(suggestion())
        .at(at));
    }
    let mut start = 0;
    for part in text.split('.') {
        let at = start..start + part.len();
        if part.is_empty() {
            let dot = start.min(text.len() - 1);
            return Err(Invalid::new(format!("{} has nothing between two dots or at an end", quoted(text)))
                .maybe_help(suggestion())
                .at(dot..dot + 1));
        }
        if part.starts_with('-') || part.ends_with('-') {
            return Err(Invalid::new(format!(
                "{} must begin and end with a letter or digit in {}",
                quoted(part),
                quoted(text)
            ))
            .maybe_help(suggestion())
            .at(at));
        }
        start += part.len() + 1;
    }
    if text.len() > LONGEST {
        return Err(Invalid::new(format!(
            "{} has {} characters; {noun} has at most {LONGEST}",
            quoted(text),
            text.len()
        ))
        .help("shorten it")
        .at(LONGEST..text.len()));
    }
    Ok(())
}

/// The subdomain nearest to `text`, if anything of it can stand in one.
pub(super) fn nearest(text: &str) -> Option<String> {
    let parts: Vec<String> = text
        .split('.')
        .filter_map(|part| if is_run(part) { Some(part.to_owned()) } else { dns_label::nearest(part) })
        .collect();
    let near = parts.join(".");
    (!near.is_empty() && near != text && near.len() <= LONGEST).then_some(near)
}

/// Whether `part` may stand between two dots.
fn is_run(part: &str) -> bool {
    let inner = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-';
    !part.is_empty() && part.bytes().all(|c| inner(&c)) && !part.starts_with('-') && !part.ends_with('-')
}
