//! A path in a container.

use super::{Invalid, Scalar, quoted};

text! {
    /// An absolute path in a container, normalized: single `/`, no `.`, no `/` at the end. It has no `..` and no `:`,
    /// which Kubernetes refuses in mounts.
    Path
}

impl Scalar for Path {
    const NAME: &'static str = "an absolute path";
    const PATTERN: Option<&'static str> = Some("^/[^:]*$");
    const EXAMPLES: &'static [&'static str] = &["/var/lib/data", "/etc/app"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if !text.starts_with('/') {
            let help = (!text.is_empty() && !text.starts_with(['.', '~']))
                .then(|| format!("write {}", quoted(&format!("/{text}"))));
            return Err(
                Invalid::new(format!("{shown} is not absolute: it does not begin with `/`")).maybe_help(help)
            );
        }
        if let Some((at, c)) = text.char_indices().find(|(_, c)| *c == ':' || c.is_control()) {
            return Err(Invalid::new(format!(
                "{shown} has {}, which Kubernetes refuses in a path",
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .at(at..at + c.len_utf8()));
        }
        if text.split('/').any(|part| part == "..") {
            return Err(Invalid::new(format!("{shown} has a `..`")).help("write the path it leads to"));
        }
        let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        Ok(Self(format!("/{}", parts.join("/"))))
    }
}

impl Path {
    /// Whether `other` is this path or lies beneath it.
    pub fn contains(&self, other: &Path) -> bool {
        self.0 == "/"
            || other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_absolute_and_normalized() {
        for (text, canonical) in [("/a//b/./c/", "/a/b/c"), ("/", "/"), ("/a b", "/a b"), ("/..a", "/..a")] {
            assert_eq!(Path::parse(text).unwrap().as_str(), canonical);
        }
        for bad in ["", "a", "./a", "/a/../b", "/a:b", "/a\n"] {
            assert!(Path::parse(bad).is_err(), "{bad}");
        }
        let read = |text| Path::parse(text).unwrap();
        assert!(
            read("/a").contains(&read("/a/b"))
                && !read("/a").contains(&read("/ab"))
                && read("/").contains(&read("/a"))
        );
    }
}
