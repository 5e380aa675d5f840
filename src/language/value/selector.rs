//! A choice among things by their labels.

mod grammar;
mod requirement;

use std::collections::BTreeMap;
use std::fmt;

use super::{Invalid, LabelKey, LabelValue, Scalar};
pub use requirement::{Operator, Requirement};

/// A Kubernetes label selector: all its requirements hold. One without requirements selects everything.
///
/// The grammar is that of `k8s.io/apimachinery/pkg/labels`: `a=b, c==d, e!=f, g in (h, i), j notin (k), l, !m, n>1,
/// o<2`. The canonical form sorts by key and writes an `in` of one value as `=`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Selector {
    requirements: Vec<Requirement>,
}

impl Scalar for Selector {
    const NAME: &'static str = "a label selector";
    const PATTERN: Option<&'static str> = None;
    const EXAMPLES: &'static [&'static str] = &["environment=production", "tier in (web, api), !legacy"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        grammar::read(text).map(Self::new)
    }
}

impl Selector {
    fn new(mut requirements: Vec<Requirement>) -> Self {
        requirements.sort();
        requirements.dedup();
        Self { requirements }
    }

    /// The selector that selects everything.
    pub fn everything() -> Self {
        Self::default()
    }

    /// The selector that asks for each of these labels.
    ///
    /// # Errors
    /// The first key or value that no label can have; the message names it.
    pub fn from_map(labels: &BTreeMap<String, String>) -> Result<Self, Invalid> {
        let mut requirements = Vec::with_capacity(labels.len());
        for (key, value) in labels {
            requirements.push(Requirement::equals(LabelKey::parse(key)?, LabelValue::parse(value)?));
        }
        Ok(Self::new(requirements))
    }

    /// What it asks for, sorted by key.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Whether it has no requirement.
    pub fn is_everything(&self) -> bool {
        self.requirements.is_empty()
    }

    /// Whether it selects something with these labels.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.first_failing(labels).is_none()
    }

    /// The first requirement these labels do not meet: why it does not select.
    pub fn first_failing(&self, labels: &BTreeMap<String, String>) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| !requirement.matches(labels))
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            requirement.fmt(f)?;
        }
        Ok(())
    }
}

canonical!(Selector);

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_whole_grammar_is_read_into_its_canonical_form() {
        for (text, canonical) in [
            ("", ""),
            (" ", ""),
            ("b=2, a==1", "a=1,b=2"),
            ("tier in (web, api), !legacy", "!legacy,tier in (api,web)"),
            ("a in (b)", "a=b"),
            ("a notin (b)", "a!=b"),
            ("a notin (c,b),a", "a notin (b,c),a"),
            ("x=", "x="),
            ("x in ()", "x="),
            ("x in (,a)", "x in (,a)"),
            ("n>1,m < 2", "m<2,n>1"),
            ("in in (in,notin)", "in in (in,notin)"),
            ("example.org/a!=b,example.org/a!=b", "example.org/a!=b"),
        ] {
            assert_eq!(Selector::parse(text).unwrap().to_string(), canonical, "{text}");
        }
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (text, message, at) in [
            ("a=b,", "a requirement is missing after the last `,`", Some(3..4)),
            (",a", "expected a label key, found `,`", Some(0..1)),
            ("a in b", "expected `(` after `in`, found `b`", Some(5..6)),
            ("a in (b", "the `(` of the values of `a` is never closed", Some(5..6)),
            ("a=b c", "expected `,` between two requirements, found `c`", Some(4..5)),
            ("a>b", "`b` is not a whole number, which `>` and `<` compare with", Some(2..3)),
            ("!a=b", "expected `,` between two requirements, found `=`", Some(2..3)),
            ("!", "expected a label key, found the end", None),
        ] {
            let invalid = Selector::parse(text).unwrap_err();
            assert_eq!((invalid.message.as_str(), invalid.at), (message, at), "{text}");
        }
        assert!(Selector::parse("a=-b").is_err() && Selector::parse("-a").is_err());
    }

    #[test]
    fn selection_is_that_of_kubernetes() {
        let web = labels(&[("tier", "web"), ("size", "3")]);
        for text in [
            "",
            "tier=web",
            "tier in (web,api)",
            "tier",
            "!legacy",
            "legacy!=yes",
            "legacy notin (a,b)",
            "size>2",
            "size<4",
        ] {
            assert!(Selector::parse(text).unwrap().matches(&web), "{text}");
        }
        for text in ["tier=api", "legacy", "!tier", "tier!=web", "legacy=", "size>3", "tier>1", "other<1"] {
            assert!(!Selector::parse(text).unwrap().matches(&web), "{text}");
        }
        let selector = Selector::parse("tier=web,size=4").unwrap();
        assert_eq!(selector.first_failing(&web).unwrap().to_string(), "size=4");
    }

    #[test]
    fn a_map_asks_for_every_label() {
        let map = labels(&[("b", "2"), ("a", "")]);
        assert_eq!(Selector::from_map(&map).unwrap().to_string(), "a=,b=2");
        assert!(Selector::from_map(&labels(&[("a b", "c")])).is_err());
        assert!(Selector::everything().is_everything());
    }
}
