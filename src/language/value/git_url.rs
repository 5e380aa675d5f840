//! The address of a git repository.

use super::{Invalid, Scalar, Url, quoted};

text! {
    /// A git repository, kept as written: `https://host/path`, `http://…`, `ssh://git@host/path` or the short
    /// `git@host:path`. It carries no password, query or fragment.
    GitUrl
}

impl Scalar for GitUrl {
    const NAME: &'static str = "the URL of a git repository";
    const PATTERN: Option<&'static str> =
        Some("^(([hH][tT][tT][pP][sS]?|[sS][sS][hH])://[^ ]+|[^\\s@:/]+@[^\\s@:/]+:[^ ]+)$");
    const EXAMPLES: &'static [&'static str] =
        &["https://git.example.org/platform/stacks.git", "git@git.example.org:platform/stacks.git"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if !text.contains("://") {
            return short(text, &shown).map(|()| Self(text.to_owned()));
        }
        let url = Url::parse(text)?;
        if !matches!(url.scheme(), "https" | "http" | "ssh") {
            return Err(Invalid::new(format!(
                "{shown} has the scheme `{}`, which is not for git here",
                url.scheme()
            ))
            .help("use `https://` or `ssh://`")
            .at(0..url.scheme().len()));
        }
        if url.has_password() {
            return Err(Invalid::new(format!(
                "a password stands in the URL of a git repository on `{}`",
                url.host()
            ))
            .help("leave it out; Argo CD takes credentials from a Secret of its own"));
        }
        if let Some(at) = text.find(['?', '#']) {
            return Err(Invalid::new(format!("{shown} has a query or fragment; a git repository has none"))
                .help("remove it, and name a revision in `revision`")
                .at(at..text.len()));
        }
        if url.path().trim_matches('/').is_empty() {
            return Err(Invalid::new(format!("{shown} names a host but no repository"))
                .help("add its path, such as `/platform/stacks.git`"));
        }
        Ok(Self(text.to_owned()))
    }
}

/// Checks the short form, `user@host:path`.
fn short(text: &str, shown: &str) -> Result<(), Invalid> {
    let wrong = || Invalid::new(format!("{shown} is not the URL of a git repository"));
    let Some((user, rest)) = text.split_once('@') else {
        let near = text.split_once('/').filter(|(host, path)| host.contains('.') && !path.is_empty());
        return Err(wrong().help(match near {
            Some(_) => format!("write {}", quoted(&format!("https://{text}"))),
            None => "such as `https://git.example.org/platform/stacks.git`".into(),
        }));
    };
    let example = "such as `git@git.example.org:platform/stacks.git`";
    let (host, path) = rest.split_once(':').ok_or_else(|| wrong().help(example))?;
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'.' | b'_'))
    };
    let path_ok = !path.trim_matches('/').is_empty()
        && !path.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '?' | '#'));
    if !word(user) || !word(host) || !path_ok {
        return Err(wrong().help(example));
    }
    Ok(())
}

impl GitUrl {
    /// The host in lower case.
    pub fn host(&self) -> String {
        let rest = self.0.split_once("://").map_or(self.0.as_str(), |(_, rest)| rest);
        let authority = rest.split('/').next().unwrap_or_default();
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let host = match host.split_once(']') {
            Some((address, _)) => format!("{address}]"),
            None => host.split(':').next().unwrap_or_default().to_owned(),
        };
        host.to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repositories_are_named_by_https_ssh_or_the_short_form() {
        for good in
            ["https://g.org/a/b.git", "ssh://git@g.org:2222/a", "git@g.org:a/b.git", "http://gitea.git.svc/a"]
        {
            let url = GitUrl::parse(good).unwrap();
            assert_eq!(url.as_str(), good);
            assert!(url.host().starts_with('g'), "{good}");
        }
        for bad in [
            "",
            "g.org/a",
            "git@g.org",
            "git@:a",
            "file:///a",
            "https://g.org/",
            "https://u:p@g.org/a",
            "https://g.org/a?ref=x",
            "a b@c:d",
        ] {
            assert!(GitUrl::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(GitUrl::parse("g.org/a").unwrap_err().help.unwrap(), "write `https://g.org/a`");
        let invalid = GitUrl::parse("https://u:hunter2@g.org/a").unwrap_err();
        assert!(!invalid.message.contains("hunter2"));
    }
}
