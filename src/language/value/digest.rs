//! The SHA-256 digest of some content.

use super::{Invalid, Scalar, quoted};

text! {
    /// A digest: `sha256:` and 64 lower-case hexadecimal digits.
    Digest
}

const ALGORITHM: &str = "sha256:";

impl Scalar for Digest {
    const NAME: &'static str = "a digest";
    const PATTERN: Option<&'static str> = Some("^sha256:[0-9a-f]{64}$");
    const EXAMPLES: &'static [&'static str] =
        &["sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let Some(hex) = text.strip_prefix(ALGORITHM) else {
            return Err(Invalid::new(format!("{} does not begin with `sha256:`", quoted(text)))
                .help("write `sha256:` and 64 hexadecimal digits"));
        };
        if let Some((at, c)) = hex.char_indices().find(|(_, c)| !matches!(c, '0'..='9' | 'a'..='f')) {
            let at = ALGORITHM.len() + at;
            return Err(Invalid::new(format!(
                "{} has {}, which is not a lower-case hexadecimal digit",
                quoted(text),
                quoted(c.encode_utf8(&mut [0; 4]))
            ))
            .at(at..at + c.len_utf8()));
        }
        if hex.len() != 64 {
            return Err(Invalid::new(format!(
                "{} has {} digits; a SHA-256 digest has 64",
                quoted(text),
                hex.len()
            ))
            .help("copy the whole digest"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Digest {
    /// The 64 digits.
    pub fn hex(&self) -> &str {
        self.0.strip_prefix(ALGORITHM).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_sha256_in_lower_case() {
        let hex = "0a".repeat(32);
        assert_eq!(Digest::parse(&format!("sha256:{hex}")).unwrap().hex(), hex);
        for bad in [
            String::new(),
            hex.clone(),
            format!("sha256:{hex}0"),
            format!("sha256:{}", hex.to_uppercase()),
            format!("sha1:{hex}"),
        ] {
            assert!(Digest::parse(&bad).is_err(), "{bad}");
        }
    }
}
