//! A number of Pods, or a share of them.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Invalid, Scalar, quoted};

/// A count or a whole percentage, as `maxUnavailable` and `maxSurge` take it. A count serializes as a number, a
/// percentage as a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntOrPercent {
    /// So many; within the 32 bits with sign of the API.
    Int(u32),
    /// So many of a hundred: 0 to 100.
    Percent(u32),
}

impl Scalar for IntOrPercent {
    const NAME: &'static str = "a count or a percentage";
    const PATTERN: Option<&'static str> = Some("^[0-9]+%?$");
    const EXAMPLES: &'static [&'static str] = &["1", "25%"];
    const NUMERIC: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let (digits, percent) = match text.strip_suffix('%') {
            Some(digits) => (digits, true),
            None => (text, false),
        };
        if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return Err(Invalid::new(format!("{} is neither a count nor a whole percentage", quoted(text)))
                .help("write a number such as `1`, or `25%`"));
        }
        match digits.parse::<u32>() {
            Ok(number) if percent && number <= 100 => Ok(Self::Percent(number)),
            Ok(number) if !percent && i32::try_from(number).is_ok() => Ok(Self::Int(number)),
            _ if percent => Err(Invalid::new(format!("{} is more than `100%`", quoted(text)))),
            _ => Err(Invalid::new(format!("{} is more than Kubernetes can count", quoted(text)))),
        }
    }
}

impl IntOrPercent {
    /// Whether it is `0` or `0%`.
    pub fn is_zero(self) -> bool {
        matches!(self, Self::Int(0) | Self::Percent(0))
    }
}

impl fmt::Display for IntOrPercent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(f, "{number}"),
            Self::Percent(number) => write!(f, "{number}%"),
        }
    }
}

impl Serialize for IntOrPercent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Int(number) => serializer.serialize_u32(*number),
            Self::Percent(_) => serializer.collect_str(self),
        }
    }
}

from_str!(IntOrPercent);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_a_number_and_a_percentage_a_string() {
        let json = |text| serde_json::to_string(&IntOrPercent::parse(text).unwrap()).unwrap();
        assert_eq!((json("1"), json("025%")), ("1".into(), "\"25%\"".into()));
        for bad in ["", "%", "-1", "101%", "1.5", "2147483648", "50 %"] {
            assert!(IntOrPercent::parse(bad).is_err(), "{bad}");
        }
    }
}
