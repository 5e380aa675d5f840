//! The key of a Kubernetes label or annotation.

use super::{Invalid, Scalar, dns_subdomain, label_value, quoted};

text! {
    /// A label key: a name of at most 63 letters, digits, `-`, `_` and `.`, with an optional DNS subdomain and `/`
    /// before it (`app.kubernetes.io/name`).
    ///
    /// The rule is `IsQualifiedName` of `k8s.io/apimachinery/pkg/util/validation`.
    LabelKey
}

impl Scalar for LabelKey {
    const NAME: &'static str = "a label key";
    const PATTERN: Option<&'static str> =
        Some("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$");
    const EXAMPLES: &'static [&'static str] = &["environment", "app.kubernetes.io/name"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (prefix, name, start) = match text.split_once('/') {
            Some((prefix, name)) => (Some(prefix), name, prefix.len() + 1),
            None => (None, text, 0),
        };
        if let Some(prefix) = prefix {
            if let Some(slash) = name.find('/') {
                return Err(Invalid::new(format!(
                    "{} has more than one `/`; a label key has at most one",
                    quoted(text)
                ))
                .at(start + slash..start + slash + 1));
            }
            dns_subdomain::check(prefix, "the prefix of a label key")?;
        }
        if name.is_empty() {
            let problem = if prefix.is_some() {
                "has no name after its `/`"
            } else {
                "is not a label key: it is empty"
            };
            return Err(Invalid::new(format!("{} {problem}", quoted(text)))
                .help("write a name, such as `environment` or `example.org/tier`"));
        }
        label_value::check(name, Self::NAME).map_err(|invalid| invalid.shifted(start))?;
        Ok(Self(text.to_owned()))
    }
}

impl LabelKey {
    /// The DNS subdomain before the `/`, if there is one.
    pub fn prefix(&self) -> Option<&str> {
        self.0.split_once('/').map(|(prefix, _)| prefix)
    }

    /// What follows the `/`, or everything.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or(&self.0, |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_an_optional_prefix_and_a_name() {
        let key = LabelKey::parse("app.kubernetes.io/name").unwrap();
        assert_eq!((key.prefix(), key.name()), (Some("app.kubernetes.io"), "name"));
        assert_eq!(LabelKey::parse("Tier_1").unwrap().prefix(), None);
        for bad in ["", "/a", "a/", "a/b/c", "-a", "a b", "Upper.org/a", &"a".repeat(64)] {
            assert!(LabelKey::parse(bad).is_err(), "{bad}");
        }
    }
}
