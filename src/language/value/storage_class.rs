//! The name of a storage class.

use super::{DnsSubdomain, Invalid, Scalar, dns_subdomain};

text! {
    /// The name of a StorageClass: a DNS subdomain.
    StorageClass
}

impl Scalar for StorageClass {
    const NAME: &'static str = "the name of a storage class";
    const PATTERN: Option<&'static str> = DnsSubdomain::PATTERN;
    const EXAMPLES: &'static [&'static str] = &["local-path", "fast-ssd"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        dns_subdomain::check(text, Self::NAME)?;
        Ok(Self(text.to_owned()))
    }
}
