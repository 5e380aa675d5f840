//! A path in a repository.

use super::{Invalid, Scalar, quoted};

text! {
    /// A path relative to a root that it cannot leave, normalized: single `/`, no `.`, no `/` at the end. `.` is the
    /// root itself.
    RelativePath
}

impl Scalar for RelativePath {
    const NAME: &'static str = "a relative path";
    const PATTERN: Option<&'static str> = Some("^[^/\\\\][^\\\\]*$");
    const EXAMPLES: &'static [&'static str] = &["manifests/dashboards", "files/app.ini"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if text.is_empty() {
            return Err(
                Invalid::new("a relative path must not be empty").help("write `.` for the root itself")
            );
        }
        if text.starts_with('/') {
            let near = text.trim_start_matches('/');
            return Err(Invalid::new(format!("{shown} is absolute; it has to be relative"))
                .maybe_help((!near.is_empty()).then(|| format!("write {}", quoted(near))))
                .at(0..1));
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| *c == '\\' || c.is_control()) {
            let help = (c == '\\').then(|| format!("write {}", quoted(&text.replace('\\', "/"))));
            return Err(Invalid::new(format!(
                "{shown} has {}, which a path here does not",
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .maybe_help(help)
            .at(at..at + c.len_utf8()));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(Invalid::new(format!("{shown} has a `..`; a path stays beneath its root"))
                .help("write the path from the root"));
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        Ok(Self(if parts.is_empty() { ".".into() } else { parts.join("/") }))
    }
}

impl RelativePath {
    /// Whether it is `.`, the root itself.
    pub fn is_root(&self) -> bool {
        self.0 == "."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_beneath_their_root() {
        for (text, canonical) in [("a/./b//c/", "a/b/c"), ("./a", "a"), (".", "."), ("...", "...")] {
            assert_eq!(RelativePath::parse(text).unwrap().as_str(), canonical);
        }
        for bad in ["", "/a", "..", "a/../b", "a\\b", "a\0"] {
            assert!(RelativePath::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(RelativePath::parse("a\\b").unwrap_err().help.unwrap(), "write `a/b`");
    }
}
