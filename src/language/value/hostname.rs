//! The name of a host, with and without a wildcard.

use super::{Invalid, Scalar, dns_label, dns_subdomain, first_outside, quoted};

text! {
    /// A lower-case host name (RFC 1123) whose labels have at most 63 characters, 253 in all; no wildcard, no
    /// address, no port.
    Hostname
}

text! {
    /// A host name, or one whose first label is `*`: what an Ingress, Gateway or certificate may be for.
    HostPattern
}

impl Scalar for Hostname {
    const NAME: &'static str = "a host name";
    const PATTERN: Option<&'static str> =
        Some("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$");
    const EXAMPLES: &'static [&'static str] = &["www.example.org", "localhost"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.starts_with("*.") {
            return Err(Invalid::new(format!("{} is a wildcard, not one host name", quoted(text)))
                .help("name the host, such as `www.example.org`")
                .at(0..1));
        }
        check(text, text)?;
        Ok(Self(text.to_owned()))
    }
}

impl Scalar for HostPattern {
    const NAME: &'static str = "a host name, with or without a wildcard";
    const PATTERN: Option<&'static str> =
        Some("^(\\*\\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$");
    const EXAMPLES: &'static [&'static str] = &["www.example.org", "*.example.org"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text.strip_prefix("*.") {
            Some(rest) => check(rest, text).map_err(|invalid| invalid.shifted(2))?,
            None if text.contains('*') => {
                let at = text.find('*').unwrap_or_default();
                return Err(Invalid::new(format!(
                    "{} has a `*` that is not its whole first label",
                    quoted(text)
                ))
                .help("a wildcard stands for one first label, such as `*.example.org`")
                .at(at..at + 1));
            }
            None => check(text, text)?,
        }
        Ok(Self(text.to_owned()))
    }
}

impl HostPattern {
    /// Whether it begins with `*.`.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// Whether `host` is one of the hosts it stands for; a wildcard stands for exactly one label.
    pub fn covers(&self, host: &Hostname) -> bool {
        match self.0.strip_prefix("*.") {
            Some(parent) => host.0.split_once('.').is_some_and(|(_, rest)| rest == parent),
            None => self.0 == host.0,
        }
    }
}

impl From<Hostname> for HostPattern {
    fn from(host: Hostname) -> Self {
        Self(host.0)
    }
}

/// Checks the host in `text`, which is all or the end of what was `written`.
fn check(text: &str, written: &str) -> Result<(), Invalid> {
    let noun = Hostname::NAME;
    let allowed = |c: char| matches!(c, 'a'..='z' | '0'..='9' | '-' | '.');
    if let Some((c, at)) = first_outside(text, allowed) {
        let problem = match c {
            ':' if text.contains("://") => Some("is a URL, not a host name"),
            ':' => Some("has a port; a host name has none"),
            '/' => Some("has a path; a host name has none"),
            _ => None,
        };
        if let Some(problem) = problem {
            let host = text.split_once("://").map_or(text, |(_, rest)| rest);
            let host = host.split([':', '/', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
            let help = (dns_subdomain::check(&host, noun).is_ok()).then(|| format!("write `{host}`"));
            return Err(Invalid::new(format!("{} {problem}", quoted(written))).maybe_help(help).at(at));
        }
    }
    dns_subdomain::check(text, noun)?;
    let mut start = 0;
    for label in text.split('.') {
        if label.len() > dns_label::LONGEST {
            return Err(Invalid::new(format!(
                "{} has {} characters; a label of a host name has at most {}",
                quoted(label),
                label.len(),
                dns_label::LONGEST
            ))
            .help("shorten it")
            .at(start..start + label.len()));
        }
        start += label.len() + 1;
    }
    let last = text.rsplit('.').next().unwrap_or_default();
    if text.contains('.') && last.bytes().all(|c| c.is_ascii_digit()) {
        return Err(Invalid::new(format!("{} is an address, not a host name", quoted(written)))
            .help("name the host, such as `www.example.org`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_name_is_a_name_only() {
        for good in ["www.example.org", "localhost", "a-b.c1", "1.example"] {
            assert_eq!(Hostname::parse(good).unwrap().as_str(), good);
        }
        for (text, message, help) in [
            ("https://a.org/x", "`https://a.org/x` is a URL, not a host name", "write `a.org`"),
            ("a.org:80", "`a.org:80` has a port; a host name has none", "write `a.org`"),
            ("a.org/x", "`a.org/x` has a path; a host name has none", "write `a.org`"),
            (
                "*.a.org",
                "`*.a.org` is a wildcard, not one host name",
                "name the host, such as `www.example.org`",
            ),
            (
                "10.0.0.1",
                "`10.0.0.1` is an address, not a host name",
                "name the host, such as `www.example.org`",
            ),
            ("a..org", "`a..org` has nothing between two dots or at an end", "write `a.org`"),
        ] {
            let invalid = Hostname::parse(text).unwrap_err();
            assert_eq!((invalid.message.as_str(), invalid.help.unwrap().as_str()), (message, help));
        }
        assert_eq!(Hostname::parse("A.org").unwrap_err().help.unwrap(), "write `a.org`");
        assert!(Hostname::parse(&"a".repeat(64)).is_err() && Hostname::parse("").is_err());
    }

    #[test]
    fn a_wildcard_stands_for_one_first_label() {
        let pattern = HostPattern::parse("*.example.org").unwrap();
        let covers = |host: &str| pattern.covers(&Hostname::parse(host).unwrap());
        assert!(pattern.is_wildcard() && covers("a.example.org"));
        assert!(!covers("example.org") && !covers("a.b.example.org"));
        for bad in ["*", "*.", "a.*.org", "*a.org", "*.*.org"] {
            assert!(HostPattern::parse(bad).is_err(), "{bad}");
        }
    }
}
