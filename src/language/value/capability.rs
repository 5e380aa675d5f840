//! What a cluster, chart or component provides for others to refer to.

use std::fmt;

use super::{DnsSubdomain, Invalid, Scalar, dns_subdomain, quoted};

/// Something that exists on a cluster because something else put it there: an API group (`cert-manager.io`), or a
/// cluster-wide object by kind and name (`storageclass/local-path`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capability {
    kind: CapabilityKind,
    name: DnsSubdomain,
}

/// The kinds of things that can be provided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CapabilityKind {
    /// The kinds of an API group; written without a kind.
    ApiGroup,
    /// A StorageClass.
    StorageClass,
    /// A VolumeSnapshotClass.
    VolumeSnapshotClass,
    /// An IngressClass.
    IngressClass,
    /// A GatewayClass.
    GatewayClass,
    /// A PriorityClass.
    PriorityClass,
    /// A RuntimeClass.
    RuntimeClass,
    /// A ClusterIssuer of cert-manager.
    ClusterIssuer,
    /// A ClusterSecretStore of External Secrets.
    ClusterSecretStore,
}

const KINDS: &[(&str, CapabilityKind)] = &[
    ("storageclass", CapabilityKind::StorageClass),
    ("volumesnapshotclass", CapabilityKind::VolumeSnapshotClass),
    ("ingressclass", CapabilityKind::IngressClass),
    ("gatewayclass", CapabilityKind::GatewayClass),
    ("priorityclass", CapabilityKind::PriorityClass),
    ("runtimeclass", CapabilityKind::RuntimeClass),
    ("clusterissuer", CapabilityKind::ClusterIssuer),
    ("clustersecretstore", CapabilityKind::ClusterSecretStore),
];

impl CapabilityKind {
    /// How it is written before the `/`; none for an API group.
    pub fn word(self) -> Option<&'static str> {
        KINDS.iter().find(|(_, kind)| *kind == self).map(|(word, _)| *word)
    }
}

impl Scalar for Capability {
    const NAME: &'static str = "a capability";
    const PATTERN: Option<&'static str> = Some(
        "^((storageclass|volumesnapshotclass|ingressclass|gatewayclass|priorityclass|runtimeclass|clusterissuer|clustersecretstore)/)?[a-z0-9]([-a-z0-9.]*[a-z0-9])?$",
    );
    const EXAMPLES: &'static [&'static str] =
        &["cert-manager.io", "storageclass/local-path", "clusterissuer/letsencrypt"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let Some((word, name)) = text.split_once('/') else {
            dns_subdomain::check(text, "an API group")?;
            return Ok(Self { kind: CapabilityKind::ApiGroup, name: DnsSubdomain::parse(text)? });
        };
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) else {
            let folded = word.to_ascii_lowercase();
            let help = match KINDS.iter().find(|(known, _)| *known == folded) {
                Some((known, _)) => format!("write {}", quoted(&format!("{known}/{name}"))),
                None if word.contains('.') => format!("name the API group alone: {}", quoted(word)),
                None => {
                    let words: Vec<String> = KINDS.iter().map(|(word, _)| format!("`{word}`")).collect();
                    format!("the kinds are {}", words.join(", "))
                }
            };
            return Err(Invalid::new(format!("{} has an unknown kind {}", quoted(text), quoted(word)))
                .help(help)
                .at(0..word.len()));
        };
        dns_subdomain::check(name, "the name in a capability")
            .map_err(|invalid| invalid.shifted(word.len() + 1))?;
        Ok(Self { kind: *kind, name: DnsSubdomain::parse(name)? })
    }
}

impl Capability {
    /// The capability of a kind and name.
    pub fn new(kind: CapabilityKind, name: DnsSubdomain) -> Self {
        Self { kind, name }
    }

    /// What it is.
    pub fn kind(&self) -> CapabilityKind {
        self.kind
    }

    /// Its name; for an API group, the group.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.word() {
            Some(word) => write!(f, "{word}/{}", self.name),
            None => self.name.fmt(f),
        }
    }
}

canonical!(Capability);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_a_group_or_a_kind_and_a_name() {
        let read = |text| Capability::parse(text).unwrap();
        assert_eq!(read("cert-manager.io").kind(), CapabilityKind::ApiGroup);
        assert_eq!(read("storageclass/local-path").kind(), CapabilityKind::StorageClass);
        assert_eq!(read("storageclass/local-path").name(), "local-path");
        let invalid = Capability::parse("StorageClass/a").unwrap_err();
        assert_eq!(invalid.message, "`StorageClass/a` has an unknown kind `StorageClass`");
        assert_eq!(invalid.help.unwrap(), "write `storageclass/a`");
        assert_eq!(
            Capability::parse("apps.k8s.io/v1").unwrap_err().help.unwrap(),
            "name the API group alone: `apps.k8s.io`"
        );
        for bad in ["", "/", "storageclass/", "storageclass/A", "a/b/c"] {
            assert!(Capability::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_kind_has_its_word() {
        for (word, kind) in KINDS {
            assert_eq!(kind.word(), Some(*word));
        }
    }
}
