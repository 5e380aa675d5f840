//! A port by number.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Invalid, Scalar, quoted};

/// A TCP, UDP or SCTP port: 1 to 65535. It serializes as a number, as Kubernetes wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(std::num::NonZeroU16);

impl Scalar for Port {
    const NAME: &'static str = "a port";
    const PATTERN: Option<&'static str> = Some("^0*[1-9][0-9]{0,4}$");
    const EXAMPLES: &'static [&'static str] = &["8080", "443"];
    const NUMERIC: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.is_empty() || !text.bytes().all(|c| c.is_ascii_digit()) {
            return Err(Invalid::new(format!("{} is not a port number", quoted(text)))
                .help("write a whole number from 1 to 65535"));
        }
        text.parse()
            .map(Self)
            .map_err(|_| Invalid::new(format!("{} is not a port: ports go from 1 to 65535", quoted(text))))
    }
}

impl Port {
    /// The port of this number; none for 0.
    pub fn new(number: u16) -> Option<Self> {
        std::num::NonZeroU16::new(number).map(Self)
    }

    /// Its number.
    pub fn number(self) -> u16 {
        self.0.get()
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Port {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.number())
    }
}

from_str!(Port);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_go_from_1_to_65535() {
        assert_eq!(Port::parse("8080").unwrap().number(), 8080);
        assert_eq!(Port::parse("65535").unwrap().to_string(), "65535");
        for bad in ["", "0", "65536", "-1", "+1", "http", "1.5", " 80"] {
            assert!(Port::parse(bad).is_err(), "{bad}");
        }
    }
}
