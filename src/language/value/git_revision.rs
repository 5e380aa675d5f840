//! A revision of a git repository, written so that it can mean one thing only.

use super::{Invalid, Scalar, quoted};

text! {
    /// A git revision: `refs/heads/<branch>`, `refs/tags/<tag>`, or a whole commit of 40 or 64 hexadecimal digits.
    ///
    /// Short names are refused: git and Argo CD would have to guess between a branch, a tag and a commit. The form of
    /// a name is that of `git check-ref-format`.
    GitRevision
}

/// What a revision names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GitTarget<'a> {
    /// The branch, which moves.
    Branch(&'a str),
    /// The tag.
    Tag(&'a str),
    /// The commit.
    Commit(&'a str),
}

const BRANCH: &str = "refs/heads/";
const TAG: &str = "refs/tags/";

impl Scalar for GitRevision {
    const NAME: &'static str = "a git revision";
    const PATTERN: Option<&'static str> =
        Some("^(refs/(heads|tags)/[^ ~^:?*\\[\\\\]+|[0-9a-f]{40}|[0-9a-f]{64})$");
    const EXAMPLES: &'static [&'static str] =
        &["refs/heads/main", "refs/tags/v1.4.2", "9fceb02d0ae598e95dc970b74767f19372d61af8"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        for prefix in [BRANCH, TAG] {
            if let Some(name) = text.strip_prefix(prefix) {
                return match flaw(name) {
                    None => Ok(Self(text.to_owned())),
                    Some(flaw) => {
                        Err(Invalid::new(format!("{shown} is not a git revision: its name {flaw}"))
                            .at(prefix.len()..text.len()))
                    }
                };
            }
        }
        if text.is_empty() {
            return Err(Invalid::new("a git revision must not be empty").help("such as `refs/heads/main`"));
        }
        let hexadecimal = text.bytes().all(|c| c.is_ascii_hexdigit());
        if hexadecimal && matches!(text.len(), 40 | 64) {
            return if text.bytes().any(|c| c.is_ascii_uppercase()) {
                Err(Invalid::new(format!("{shown} is a commit in upper case"))
                    .help(format!("write `{}`", text.to_ascii_lowercase())))
            } else {
                Ok(Self(text.to_owned()))
            };
        }
        if text == "HEAD" {
            return Err(Invalid::new("`HEAD` follows whatever the repository's default branch is")
                .help("name the branch, such as `refs/heads/main`"));
        }
        if hexadecimal && text.len() >= 7 && text.bytes().any(|c| c.is_ascii_digit()) {
            return Err(Invalid::new(format!("{shown} is not a whole commit: it has {} digits", text.len()))
                .help("write all 40 digits of the commit"));
        }
        let name = text.strip_prefix("origin/").unwrap_or(text);
        if text.starts_with("refs/") || flaw(name).is_some() {
            return Err(Invalid::new(format!("{shown} is not a git revision"))
                .help("write `refs/heads/<branch>`, `refs/tags/<tag>` or a whole commit"));
        }
        let number = name.strip_prefix('v').unwrap_or(name);
        let help = if number.starts_with(|c: char| c.is_ascii_digit()) {
            format!("write `refs/tags/{name}` for the tag or `refs/heads/{name}` for the branch")
        } else {
            format!("write `refs/heads/{name}` for the branch or `refs/tags/{name}` for the tag")
        };
        Err(Invalid::new(format!("{shown} may be a branch, a tag or a commit")).help(help))
    }
}

/// What keeps `name` from being a branch or tag.
fn flaw(name: &str) -> Option<&'static str> {
    let outlaw = |c: char| {
        c.is_whitespace() || c.is_control() || matches!(c, '~' | '^' | ':' | '?' | '*' | '[' | '\\')
    };
    if name.is_empty() {
        return Some("is empty");
    }
    if name.contains(outlaw) {
        return Some("has white space or one of `~^:?*[\\`");
    }
    if name.contains("..") || name.contains("@{") || name == "@" {
        return Some("has `..` or `@{`, or is `@`");
    }
    if name.ends_with('.') {
        return Some("ends with a dot");
    }
    if name.split('/').any(|part| part.is_empty() || part.starts_with('.') || part.ends_with(".lock")) {
        return Some("has a part that is empty, begins with a dot or ends with `.lock`");
    }
    None
}

impl GitRevision {
    /// What it names.
    pub fn target(&self) -> GitTarget<'_> {
        match (self.0.strip_prefix(BRANCH), self.0.strip_prefix(TAG)) {
            (Some(branch), _) => GitTarget::Branch(branch),
            (_, Some(tag)) => GitTarget::Tag(tag),
            _ => GitTarget::Commit(&self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_says_what_it_is() {
        assert_eq!(GitRevision::parse("refs/heads/a/b").unwrap().target(), GitTarget::Branch("a/b"));
        assert_eq!(GitRevision::parse("refs/tags/v1").unwrap().target(), GitTarget::Tag("v1"));
        let commit = "a".repeat(40);
        assert_eq!(GitRevision::parse(&commit).unwrap().target(), GitTarget::Commit(&commit));
    }

    #[test]
    fn a_short_name_is_refused_with_its_long_form() {
        let help = |text| GitRevision::parse(text).unwrap_err().help.unwrap();
        assert_eq!(help("main"), "write `refs/heads/main` for the branch or `refs/tags/main` for the tag");
        assert_eq!(help("v1.2"), "write `refs/tags/v1.2` for the tag or `refs/heads/v1.2` for the branch");
        assert_eq!(help("9fceb02"), "write all 40 digits of the commit");
        assert_eq!(help("HEAD"), "name the branch, such as `refs/heads/main`");
        for bad in [
            "",
            "refs/heads/",
            "refs/pull/1/head",
            "refs/heads/a..b",
            "refs/heads/.a",
            "refs/tags/a b",
            "refs/heads/a.lock",
        ] {
            assert!(GitRevision::parse(bad).is_err(), "{bad}");
        }
    }
}
