//! The version of a Helm chart.

use std::cmp::Ordering;
use std::fmt;

use super::{Invalid, Scalar, quoted, version};

/// One exact version of a chart, kept as written: a semantic version, with or without a `v` before it. Ranges are
/// refused: a chart is pinned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ChartVersion {
    text: String,
    version: semver::Version,
}

impl Scalar for ChartVersion {
    const NAME: &'static str = "the version of a chart";
    const PATTERN: Option<&'static str> =
        Some("^v?[0-9]+\\.[0-9]+\\.[0-9]+(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$");
    const EXAMPLES: &'static [&'static str] = &["4.12.1", "v1.18.2"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        match semver::Version::parse(text.strip_prefix('v').unwrap_or(text)) {
            Ok(version) => Ok(Self { text: text.to_owned(), version }),
            Err(_) if text.contains(['*', '^', '~', '<', '>', ',', '|']) || text == "latest" => {
                Err(Invalid::new(format!("{shown} does not pin a chart to one version"))
                    .help("write one whole version, such as `4.12.1`"))
            }
            Err(error) => Err(Invalid::new(format!("{shown} is not the version of a chart: {error}"))
                .help(version::nearest(text))),
        }
    }
}

impl ChartVersion {
    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The version, without a `v`.
    pub fn semver(&self) -> &semver::Version {
        &self.version
    }
}

impl fmt::Display for ChartVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl Ord for ChartVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        self.version.cmp(&other.version).then_with(|| self.text.cmp(&other.text))
    }
}

impl PartialOrd for ChartVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

canonical!(ChartVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_pinned_to_one_version() {
        for good in ["4.12.1", "v1.18.2", "1.0.0-rc.1+build.5"] {
            assert_eq!(ChartVersion::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(
            ChartVersion::parse("^4").unwrap_err().message,
            "`^4` does not pin a chart to one version"
        );
        assert_eq!(ChartVersion::parse("4.12").unwrap_err().help.unwrap(), "write `4.12.0`");
        assert!(ChartVersion::parse("").is_err());
    }
}
