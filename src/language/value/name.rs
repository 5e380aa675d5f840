//! The name of something a user defines: a stack, component, instance, cluster, team, overlay.

use super::{DnsLabel, DnsSubdomain, Invalid, Scalar, dns_label};

text! {
    /// A name in the language. It is a DNS label, since names become parts of the names of Kubernetes objects.
    Name
}

impl Scalar for Name {
    const NAME: &'static str = "a name";
    const PATTERN: Option<&'static str> = DnsLabel::PATTERN;
    const EXAMPLES: &'static [&'static str] = &["backend", "berkeleytime", "east-1"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        dns_label::check(text, Self::NAME)?;
        Ok(Self(text.to_owned()))
    }
}

impl From<DnsLabel> for Name {
    fn from(label: DnsLabel) -> Self {
        Self(label.into())
    }
}

impl From<Name> for DnsSubdomain {
    fn from(name: Name) -> Self {
        DnsLabel::from(name).into()
    }
}
