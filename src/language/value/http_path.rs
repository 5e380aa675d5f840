//! The path of a route.

use super::{Invalid, Scalar, quoted};

text! {
    /// The path of an HTTP route or probe: it begins with `/` and has no query, no `//`, no `.` or `..` part and no
    /// encoded `/`.
    ///
    /// The rule is that of `HTTPPathMatch` in the Gateway API, the strictest of the route controllers.
    HttpPath
}

impl Scalar for HttpPath {
    const NAME: &'static str = "an HTTP path";
    const PATTERN: Option<&'static str> = Some("^/([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$");
    const EXAMPLES: &'static [&'static str] = &["/", "/api", "/healthz"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if !text.starts_with('/') {
            let help = match text.contains("://") {
                true => "write only the path, such as `/api`".into(),
                false => format!("write {}", quoted(&format!("/{text}"))),
            };
            return Err(Invalid::new(format!("{shown} does not begin with `/`")).help(help));
        }
        if let Some(prefix) = text.strip_suffix("/*") {
            let prefix = if prefix.is_empty() { "/" } else { prefix };
            return Err(Invalid::new(format!(
                "{shown} ends with a wildcard; a path stands for all beneath it"
            ))
            .help(format!("write {}", quoted(prefix)))
            .at(text.len() - 1..text.len()));
        }
        let mut bytes = text.bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b'%' => {
                    let code = text.get(at + 1..at + 3).unwrap_or_default();
                    if code.len() != 2 || !code.bytes().all(|c| c.is_ascii_hexdigit()) {
                        return Err(Invalid::new(format!(
                            "{shown} has a `%` without two hexadecimal digits"
                        ))
                        .help("write `%25` for a percent sign")
                        .at(at..at + 1));
                    }
                    if code.eq_ignore_ascii_case("2f") {
                        return Err(Invalid::new(format!(
                            "{shown} has an encoded `/`, which route controllers refuse"
                        ))
                        .at(at..at + 3));
                    }
                    bytes.nth(1);
                }
                b'?' | b'#' => {
                    return Err(Invalid::new(format!("{shown} has a query or fragment; a path has none"))
                        .help(format!("write {}", quoted(text.get(..at).unwrap_or_default())))
                        .at(at..text.len()));
                }
                _ if byte.is_ascii_alphanumeric() || b"-/._~!$&'()*+,;=:@".contains(&byte) => {}
                _ => {
                    let c = text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                    return Err(Invalid::new(format!(
                        "{shown} has {}, which a path does not",
                        quoted(c.encode_utf8(&mut [0; 4]))
                    ))
                    .help("write it percent-encoded")
                    .at(at..at + c.len_utf8()));
                }
            }
        }
        if text.contains("//") || text.split('/').any(|part| matches!(part, "." | "..")) {
            return Err(Invalid::new(format!(
                "{shown} has an empty, `.` or `..` part, which route controllers refuse"
            ))
            .help("write the path it leads to"));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_what_every_route_controller_takes() {
        for good in ["/", "/api", "/api/", "/a%20b", "/a:b@c"] {
            assert_eq!(HttpPath::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "", "api", "//", "/a//b", "/a/../b", "/a/.", "/a?b", "/a#b", "/a b", "/%", "/%2F", "/%zz", "/é",
            "/%é",
        ] {
            assert!(HttpPath::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(HttpPath::parse("/api/*").unwrap_err().help.unwrap(), "write `/api`");
        assert_eq!(HttpPath::parse("/a?b").unwrap_err().help.unwrap(), "write `/a`");
    }
}
