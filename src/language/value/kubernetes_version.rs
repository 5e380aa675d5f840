//! The version of a cluster's Kubernetes.

use std::fmt;

use super::{Invalid, Scalar, quoted};

/// The minor version of Kubernetes: `1.35`. Patch releases change no API, so they are not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KubernetesVersion {
    /// Always 1 so far.
    pub major: u16,
    /// What API changes are counted by.
    pub minor: u16,
}

impl Scalar for KubernetesVersion {
    const NAME: &'static str = "a version of Kubernetes";
    const PATTERN: Option<&'static str> = Some("^v?[0-9]+\\.[0-9]+$");
    const EXAMPLES: &'static [&'static str] = &["1.35", "1.34"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.');
        let mut number = || {
            let part = parts.next()?;
            part.bytes().all(|c| c.is_ascii_digit()).then(|| part.parse::<u16>().ok()).flatten()
        };
        let (Some(major), Some(minor)) = (number(), number()) else {
            return Err(Invalid::new(format!("{shown} is not a version of Kubernetes"))
                .help("write major and minor version, such as `1.35`"));
        };
        if parts.next().is_some() {
            return Err(Invalid::new(format!("{shown} has more than a major and a minor version"))
                .help(format!("write `{major}.{minor}`")));
        }
        Ok(Self { major, minor })
    }
}

impl fmt::Display for KubernetesVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

canonical!(KubernetesVersion);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_versions_order_by_number() {
        let read = |text| KubernetesVersion::parse(text).unwrap();
        assert!(read("1.9") < read("1.35"));
        assert_eq!(read("v1.35").to_string(), "1.35");
        assert_eq!(KubernetesVersion::parse("1.35.2").unwrap_err().help.unwrap(), "write `1.35`");
        for bad in ["", "1", "1.", "1.x", "+1.2", "latest", "1.99999"] {
            assert!(KubernetesVersion::parse(bad).is_err(), "{bad}");
        }
    }
}
