//! The address of something on a network.

use std::fmt;

use super::{Invalid, Scalar, quoted};

/// An absolute URL with a host, of any scheme, kept as written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    text: String,
    parts: url::Url,
}

impl Scalar for Url {
    const NAME: &'static str = "a URL";
    const PATTERN: Option<&'static str> = Some("^[A-Za-z][A-Za-z0-9+.-]*://[^ ]+$");
    const EXAMPLES: &'static [&'static str] =
        &["https://www.example.org/docs", "oci://registry.example.org/charts"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if let Some((at, c)) =
            text.char_indices().find(|(_, c)| c.is_whitespace() || c.is_control() || *c == '\\')
        {
            let what = if c == '\\' { "a backslash" } else { "white space" };
            return Err(Invalid::new(format!("{shown} has {what}; a URL has none"))
                .help("remove it, or write it percent-encoded")
                .at(at..at + c.len_utf8()));
        }
        let (scheme, rest) = text.split_once("://").unwrap_or_default();
        let scheme_ok = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'+' | b'.' | b'-'));
        if !scheme_ok {
            let help = (text.contains('.') && !text.contains("://"))
                .then(|| format!("write {}", quoted(&format!("https://{text}"))));
            return Err(Invalid::new(format!("{shown} has no scheme; a URL begins with one"))
                .help(help.unwrap_or_else(|| "such as `https://www.example.org`".into())));
        }
        if rest.starts_with('/') {
            return Err(
                Invalid::new(format!("{shown} has no host")).help("such as `https://www.example.org`")
            );
        }
        let parts =
            url::Url::parse(text).map_err(|error| Invalid::new(format!("{shown} is not a URL: {error}")))?;
        if parts.host_str().is_none_or(str::is_empty) {
            return Err(
                Invalid::new(format!("{shown} has no host")).help("such as `https://www.example.org`")
            );
        }
        Ok(Self { text: text.to_owned(), parts })
    }
}

impl Url {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The scheme in lower case: `https`.
    pub fn scheme(&self) -> &str {
        self.parts.scheme()
    }

    /// The host, a name or an address.
    pub fn host(&self) -> &str {
        self.parts.host_str().unwrap_or_default()
    }

    /// The port, written or the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.parts.port_or_known_default()
    }

    /// The path, beginning with `/` or empty.
    pub fn path(&self) -> &str {
        self.parts.path()
    }

    /// The user, if one is written.
    pub fn username(&self) -> Option<&str> {
        Some(self.parts.username()).filter(|name| !name.is_empty())
    }

    /// Whether it carries a password, which no definition should.
    pub fn has_password(&self) -> bool {
        self.parts.password().is_some()
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

canonical!(Url);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_absolute_have_a_host_and_stay_as_written() {
        let url = Url::parse("https://user:pw@Example.org/a?b=c#d").unwrap();
        assert_eq!(url.to_string(), "https://user:pw@Example.org/a?b=c#d");
        assert_eq!(
            (url.scheme(), url.host(), url.port(), url.path()),
            ("https", "example.org", Some(443), "/a")
        );
        assert!(url.has_password());
        for good in [
            "oci://r.example.org/c",
            "s3://bucket/path",
            "ssh://git@h/x",
            "redis://r:6379",
            "http://[::1]:80/",
        ] {
            assert_eq!(Url::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "example.org",
            "/path",
            "https://",
            "https:// a",
            "file:///x",
            "https://a\\b",
            "://x",
            "http://a:99999",
            "a:b://c",
            "https:///a",
        ] {
            assert!(Url::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Url::parse("example.org").unwrap_err().help.unwrap(), "write `https://example.org`");
    }
}
