//! Semantic versions and requirements on them.

use std::cmp::Ordering;
use std::fmt;

use super::{Invalid, Scalar, quoted};

/// A semantic version (semver.org 2.0): `1.4.2`, `2.0.0-rc.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(semver::Version);

/// A requirement on a version, as Cargo writes it: `^1.4`, `>=1.2, <2`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct VersionRequirement(semver::VersionReq);

impl Scalar for Version {
    const NAME: &'static str = "a version";
    const PATTERN: Option<&'static str> =
        Some("^[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$");
    const EXAMPLES: &'static [&'static str] = &["1.4.2", "2.0.0-rc.1"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        semver::Version::parse(text).map(Self).map_err(|error| {
            Invalid::new(format!("{} is not a semantic version: {error}", quoted(text))).help(nearest(text))
        })
    }
}

/// How a text that is no semantic version might be mended.
pub(super) fn nearest(text: &str) -> String {
    let bare = text.trim().trim_start_matches(['v', 'V', '=']);
    [bare.to_owned(), format!("{bare}.0"), format!("{bare}.0.0")]
        .into_iter()
        .find(|near| semver::Version::parse(near).is_ok())
        .map_or_else(|| "write three numbers, such as `1.4.2`".into(), |near| format!("write `{near}`"))
}

impl Version {
    /// The version itself.
    pub fn semver(&self) -> &semver::Version {
        &self.0
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

canonical!(Version);

impl Scalar for VersionRequirement {
    const NAME: &'static str = "a version requirement";
    const PATTERN: Option<&'static str> = None;
    const EXAMPLES: &'static [&'static str] = &["^1.4", ">=1.2, <2", "*"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim().is_empty() {
            return Err(
                Invalid::new("a version requirement must not be empty").help("write `*` for any version")
            );
        }
        semver::VersionReq::parse(text).map(Self).map_err(|error| {
            Invalid::new(format!("{} is not a version requirement: {error}", quoted(text)))
                .help("separate comparisons with `,`, as in `>=1.2, <2`")
        })
    }
}

impl VersionRequirement {
    /// Whether `version` meets it; a pre-release only does if the requirement names one of the same version.
    pub fn matches(&self, version: &Version) -> bool {
        self.0.matches(&version.0)
    }
}

impl fmt::Display for VersionRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// The order of the canonical texts: it means nothing, it only is total.
impl Ord for VersionRequirement {
    fn cmp(&self, other: &Self) -> Ordering {
        self.to_string().cmp(&other.to_string())
    }
}

impl PartialOrd for VersionRequirement {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

canonical!(VersionRequirement);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order_and_meet_requirements() {
        let read = |text| Version::parse(text).unwrap();
        assert!(read("1.10.0") > read("1.9.0") && read("2.0.0-rc.1") < read("2.0.0"));
        assert!(VersionRequirement::parse(">=1.2,<2").unwrap().matches(&read("1.9.9")));
        assert_eq!(VersionRequirement::parse("1.2").unwrap().to_string(), "^1.2");
        assert_eq!(Version::parse("v1.4").unwrap_err().help.unwrap(), "write `1.4.0`");
        assert!(VersionRequirement::parse(">=1 <2").is_err() && VersionRequirement::parse("").is_err());
    }
}
