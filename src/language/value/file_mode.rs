//! The permissions of a file.

use std::fmt;

use serde::{Serialize, Serializer};

use super::{Invalid, Scalar, quoted};

/// The permissions of a file in octal: `0644`. It serializes as the number Kubernetes wants (420).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileMode(u16);

impl Scalar for FileMode {
    const NAME: &'static str = "a file mode";
    const PATTERN: Option<&'static str> = Some("^(0o?)?[0-7]{3}$");
    const EXAMPLES: &'static [&'static str] = &["0644", "0400"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let digits =
            text.strip_prefix("0o").or_else(|| text.strip_prefix('0').filter(|rest| rest.len() == 3));
        let digits = digits.unwrap_or(text);
        if digits.len() != 3 || !digits.bytes().all(|c| matches!(c, b'0'..=b'7')) {
            return Err(Invalid::new(format!("{} is not a file mode", quoted(text)))
                .help("write three octal digits after a `0`, from `0000` to `0777`, such as `0644`"));
        }
        Ok(Self(digits.bytes().fold(0, |mode, digit| mode * 8 + u16::from(digit - b'0'))))
    }
}

impl FileMode {
    /// The permission bits.
    pub fn bits(self) -> u16 {
        self.0
    }
}

impl fmt::Display for FileMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04o}", self.0)
    }
}

impl Serialize for FileMode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(self.0)
    }
}

from_str!(FileMode);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_octal() {
        for (text, canonical, bits) in
            [("0644", "0644", 420), ("755", "0755", 493), ("0o400", "0400", 256), ("000", "0000", 0)]
        {
            let mode = FileMode::parse(text).unwrap();
            assert_eq!((mode.to_string().as_str(), mode.bits()), (canonical, bits));
        }
        for bad in ["", "0", "64", "888", "1777", "00644", "rw-", "0x1ff"] {
            assert!(FileMode::parse(bad).is_err(), "{bad}");
        }
    }
}
