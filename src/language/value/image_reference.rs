//! A reference to a container image, with the grammar of `github.com/distribution/reference`.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use super::{Invalid, Scalar, quoted};

/// A container image: `[registry[:port]/]path[:tag][@digest]`, kept as written.
///
/// The first component is a registry if it has a `.` or `:`, is `localhost`, or has upper-case letters; without
/// one the container runtime asks its default registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageReference {
    text: String,
    repository: Range<usize>,
    tag: Option<Range<usize>>,
    digest: Option<Range<usize>>,
}

/// Digest algorithms and the hexadecimal digits they have.
const ALGORITHMS: &[(&str, usize)] = &[("sha256", 64), ("sha384", 96), ("sha512", 128)];
const LONGEST_NAME: usize = 255;
const LONGEST_TAG: usize = 128;

impl Scalar for ImageReference {
    const NAME: &'static str = "an image reference";
    const PATTERN: Option<&'static str> = Some(
        "^(([A-Za-z0-9.-]+|\\[[0-9a-fA-F:]+\\])(:[0-9]+)?/)?[a-z0-9]([a-z0-9._/-]*[a-z0-9])?(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha[0-9]+:[0-9a-f]+)?$",
    );
    const EXAMPLES: &'static [&'static str] = &["registry.example.org/team/web:1.4.2", "postgres:17.2"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if text.is_empty() {
            return Err(Invalid::new("an image reference must not be empty")
                .help("write a repository and a tag, such as `registry.example.org/team/web:1.4.2`"));
        }
        if let Some(at) = text.find("://") {
            let rest = text.get(at + 3..).unwrap_or_default();
            return Err(Invalid::new(format!("{shown} has a scheme; an image reference has none"))
                .maybe_help((!rest.is_empty()).then(|| format!("write {}", quoted(rest))))
                .at(0..at + 3));
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| c.is_whitespace() || c.is_control()) {
            return Err(Invalid::new(format!("{shown} has white space; an image reference has none"))
                .help("remove it")
                .at(at..at + c.len_utf8()));
        }
        let (name_and_tag, digest) = match text.split_once('@') {
            Some((before, digest)) => {
                check_digest(digest, &shown).map_err(|invalid| invalid.shifted(before.len() + 1))?;
                (before, Some(before.len() + 1..text.len()))
            }
            None => (text, None),
        };
        let slash = name_and_tag.rfind('/').map_or(0, |at| at + 1);
        let last = name_and_tag.get(slash..).unwrap_or_default();
        let (name, tag) = match last.split_once(':') {
            Some((component, tag)) => {
                let start = slash + component.len() + 1;
                check_tag(tag, &shown).map_err(|invalid| invalid.shifted(start))?;
                (name_and_tag.get(..start - 1).unwrap_or_default(), Some(start..name_and_tag.len()))
            }
            None => (name_and_tag, None),
        };
        if name.len() > LONGEST_NAME {
            return Err(Invalid::new(format!(
                "{shown} has a name of {} characters; an image has at most {LONGEST_NAME}",
                name.len()
            )));
        }
        let path_start = match name.split_once('/') {
            Some((first, _)) if is_registry(first) => {
                check_registry(first, &shown)?;
                first.len() + 1
            }
            _ => 0,
        };
        let path = name.get(path_start..).unwrap_or_default();
        check_path(path, &shown).map_err(|invalid| invalid.shifted(path_start))?;
        Ok(Self { repository: path_start..name.len(), text: text.to_owned(), tag, digest })
    }
}

fn is_registry(component: &str) -> bool {
    component.contains(['.', ':'])
        || component == "localhost"
        || component.bytes().any(|c| c.is_ascii_uppercase())
}

fn check_registry(registry: &str, shown: &str) -> Result<(), Invalid> {
    let wrong = |what: &str| Invalid::new(format!("{shown} {what}")).at(0..registry.len());
    let (host, port) = match registry.rfind(':') {
        Some(at) if !registry.ends_with(']') => {
            (registry.get(..at).unwrap_or_default(), registry.get(at + 1..))
        }
        _ => (registry, None),
    };
    if port.is_some_and(|port| !is_port(port)) {
        return Err(wrong("has a registry port that is not a number from 1 to 65535"));
    }
    if let Some(address) = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        return match address.parse::<std::net::Ipv6Addr>() {
            Ok(_) => Ok(()),
            Err(_) => Err(wrong("has a registry address that is not an IPv6 address")),
        };
    }
    let label = |part: &str| {
        let inner = part.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-');
        !part.is_empty() && inner && !part.starts_with('-') && !part.ends_with('-')
    };
    if !host.split('.').all(label) {
        return Err(wrong("has a registry that is not a host name").help("such as `registry.example.org`"));
    }
    Ok(())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|c| c.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

fn check_path(path: &str, shown: &str) -> Result<(), Invalid> {
    if path.is_empty() {
        return Err(Invalid::new(format!("{shown} has no repository"))
            .help("write a repository and a tag, such as `team/web:1.4.2`"));
    }
    if let Some(at) = path.find(|c: char| c.is_ascii_uppercase()) {
        return Err(Invalid::new(format!("{shown} has upper-case letters in its repository"))
            .help(format!("a repository is lower-case: {}", quoted(&path.to_ascii_lowercase())))
            .at(at..at + 1));
    }
    if let Some((at, c)) =
        path.char_indices().find(|(_, c)| !matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-' | '/'))
    {
        let c_shown = quoted(c.encode_utf8(&mut [0; 4]));
        return Err(Invalid::new(format!("{shown} has the character {c_shown} in its repository"))
            .help("a repository consists of lower-case letters, digits, `.`, `_`, `-` and `/`")
            .at(at..at + c.len_utf8()));
    }
    let mut start = 0;
    for component in path.split('/') {
        let at = start..start + component.len();
        if component.is_empty() {
            return Err(Invalid::new(format!("{shown} has an empty component in its repository"))
                .help("put something on both sides of every `/`"));
        }
        if !is_component(component) {
            return Err(Invalid::new(format!(
                "{} in {shown} is not a component of a repository",
                quoted(component)
            ))
            .help("separate letters and digits by one `.`, one or two `_`, or any number of `-`")
            .at(at));
        }
        start += component.len() + 1;
    }
    if path.len() == 64 && path.bytes().all(|c| c.is_ascii_hexdigit()) {
        return Err(Invalid::new(format!("{shown} is a bare digest, not an image"))
            .help("write the repository before it, as in `team/web@sha256:…`"));
    }
    Ok(())
}

/// Runs of letters and digits, separated by `.`, `_`, `__` or any number of `-`.
fn is_component(component: &str) -> bool {
    let alphanumeric = |c: char| c.is_ascii_alphanumeric();
    component.starts_with(alphanumeric)
        && component.ends_with(alphanumeric)
        && component.split(alphanumeric).all(|separator| {
            matches!(separator, "" | "." | "_" | "__") || separator.bytes().all(|c| c == b'-')
        })
}

fn check_tag(tag: &str, shown: &str) -> Result<(), Invalid> {
    if tag.is_empty() {
        return Err(Invalid::new(format!("{shown} has an empty tag"))
            .help("write a tag after the `:`, or leave both out"));
    }
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if let Some((at, c)) = tag.char_indices().find(|(at, c)| !inner(*c) || *at == 0 && matches!(c, '.' | '-'))
    {
        return Err(Invalid::new(format!("{shown} has a tag that is not one: {}", quoted(tag)))
            .help(
                "a tag consists of letters, digits, `_`, `.` and `-`, and begins with a letter, digit or `_`",
            )
            .at(at..at + c.len_utf8()));
    }
    if tag.len() > LONGEST_TAG {
        return Err(Invalid::new(format!(
            "{shown} has a tag of {} characters; a tag has at most {LONGEST_TAG}",
            tag.len()
        ))
        .at(LONGEST_TAG..tag.len()));
    }
    Ok(())
}

fn check_digest(digest: &str, shown: &str) -> Result<(), Invalid> {
    let whole = 0..digest.len();
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return Err(Invalid::new(format!("{shown} has a digest without its algorithm"))
            .help("write it as `@sha256:` and 64 hexadecimal digits")
            .at(whole));
    };
    let Some((_, digits)) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm) else {
        return Err(Invalid::new(format!("{shown} has an unknown digest algorithm {}", quoted(algorithm)))
            .help("use `sha256`")
            .at(0..algorithm.len()));
    };
    if let Some((at, c)) = hex.char_indices().find(|(_, c)| !matches!(c, '0'..='9' | 'a'..='f')) {
        let at = algorithm.len() + 1 + at;
        return Err(Invalid::new(format!(
            "{shown} has a digest with {}",
            quoted(c.encode_utf8(&mut [0; 4]))
        ))
        .help("a digest consists of the digits `0` to `9` and `a` to `f`")
        .at(at..at + c.len_utf8()));
    }
    if hex.len() != *digits {
        return Err(Invalid::new(format!(
            "{shown} has a digest of {} digits; {algorithm} has {digits}",
            hex.len()
        ))
        .help("copy the whole digest")
        .at(algorithm.len() + 1..digest.len()));
    }
    Ok(())
}

impl ImageReference {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The registry with its port, if one is named.
    pub fn registry(&self) -> Option<&str> {
        self.text.get(..self.repository.start.checked_sub(1)?)
    }

    /// The path within the registry: `team/web`.
    pub fn repository(&self) -> &str {
        self.text.get(self.repository.clone()).unwrap_or_default()
    }

    /// Registry and path, without tag and digest.
    pub fn name(&self) -> &str {
        self.text.get(..self.repository.end).unwrap_or_default()
    }

    /// The tag, if one is written.
    pub fn tag(&self) -> Option<&str> {
        self.text.get(self.tag.clone()?)
    }

    /// The digest with its algorithm, if one is written.
    pub fn digest(&self) -> Option<&str> {
        self.text.get(self.digest.clone()?)
    }

    /// Whether it names one version: by a digest, or by a tag other than `latest`.
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some() || self.tag().is_some_and(|tag| tag != "latest")
    }

    /// The tag as a label value (`app.kubernetes.io/version`), if there is one that leaves anything.
    pub fn version_label(&self) -> Option<String> {
        let ends = |c: char| !c.is_ascii_alphanumeric();
        let tag = self.tag()?.trim_start_matches(ends);
        let label = tag.get(..63).unwrap_or(tag).trim_end_matches(ends);
        (!label.is_empty()).then(|| label.to_owned())
    }
}

impl PartialOrd for ImageReference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ImageReference {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(&other.text)
    }
}

impl fmt::Display for ImageReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

canonical!(ImageReference);

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn an_image_has_its_parts() {
        let digest = format!("sha256:{HEX}");
        let text = format!("registry.example.org:5000/team/web:v1.4@{digest}");
        let image = ImageReference::parse(&text).unwrap();
        assert_eq!(image.to_string(), text);
        assert_eq!(image.registry(), Some("registry.example.org:5000"));
        assert_eq!((image.repository(), image.name()), ("team/web", "registry.example.org:5000/team/web"));
        assert_eq!((image.tag(), image.digest()), (Some("v1.4"), Some(digest.as_str())));
        let short = ImageReference::parse("library/postgres").unwrap();
        assert_eq!((short.registry(), short.repository(), short.tag()), (None, "library/postgres", None));
        let local = ImageReference::parse("localhost/a").unwrap();
        assert_eq!((local.registry(), local.repository()), (Some("localhost"), "a"));
    }

    #[test]
    fn only_a_digest_or_a_tag_that_stays_pins() {
        let pinned = |text: &str| ImageReference::parse(text).unwrap().is_pinned();
        assert!(
            pinned("a:1") && pinned(&format!("a@sha256:{HEX}")) && pinned(&format!("a:latest@sha256:{HEX}"))
        );
        assert!(!pinned("a") && !pinned("a:latest"));
    }

    #[test]
    fn the_version_label_is_a_label_value() {
        let label = |text: &str| ImageReference::parse(text).unwrap().version_label();
        assert_eq!(label("a:v1.2_3-"), Some("v1.2_3".into()));
        assert_eq!(label(&format!("a:{}", "1".repeat(100))), Some("1".repeat(63)));
        assert_eq!((label("a"), label("a:__")), (None, None));
    }

    #[test]
    fn what_is_wrong_comes_with_the_way_out() {
        for (text, message, at) in [
            ("https://r.io/a", "`https://r.io/a` has a scheme; an image reference has none", Some(0..8)),
            ("r.io/Team/web:1", "`r.io/Team/web:1` has upper-case letters in its repository", Some(5..6)),
            ("a b", "`a b` has white space; an image reference has none", Some(1..2)),
            ("a:", "`a:` has an empty tag", None),
            ("a:-1", "`a:-1` has a tag that is not one: `-1`", Some(2..3)),
            ("a@sha256:00", "`a@sha256:00` has a digest of 2 digits; sha256 has 64", Some(9..11)),
            ("a@00", "`a@00` has a digest without its algorithm", Some(2..4)),
            ("r.io/a//b", "`r.io/a//b` has an empty component in its repository", None),
            ("r.io/a___b", "`a___b` in `r.io/a___b` is not a component of a repository", Some(5..10)),
            ("r.io:x/a", "`r.io:x/a` has a registry port that is not a number from 1 to 65535", Some(0..6)),
            ("r.io/", "`r.io/` has no repository", None),
        ] {
            let invalid = ImageReference::parse(text).unwrap_err();
            assert_eq!((invalid.message.as_str(), invalid.at), (message, at));
        }
        assert!(ImageReference::parse(HEX).is_err() && ImageReference::parse("").is_err());
    }
}
