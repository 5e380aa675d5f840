//! Outputs of components that kiln does not look into: charts, other repositories, manifests.

use std::collections::BTreeMap;

use crate::language::read::{Read, Reader};
use crate::language::shape::Shape;
use crate::language::value::{DnsSubdomain, LabelKey, LabelValue, Port};
use crate::source::{Node, Span, Spanned};
use crate::table;

/// What others may refer to.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// What it is.
    pub value: OfferValue,
    /// The labels of the pods that have to be reachable for it to be of use.
    pub pods: BTreeMap<String, String>,
    /// The ports of those pods.
    pub ports: Vec<u16>,
    /// Where it is written.
    pub span: Span,
}

/// What an output is.
#[derive(Debug, Clone, PartialEq)]
pub enum OfferValue {
    /// A value that is no secret.
    Plain(Node),
    /// A key of a Secret.
    Secret {
        /// The Secret.
        name: String,
        /// The key in it.
        key: String,
    },
    /// A PersistentVolumeClaim.
    Claim(String),
}

table! {
    /// An output with what has to be reachable: exactly one of `value`, `secret` and `claim`.
    pub struct OfferTable {
        /// The value, of any type.
        value: Option<Node>,
        /// The Secret that holds it, in the component's namespace.
        secret: Option<Spanned<DnsSubdomain>>,
        /// The key in that Secret.
        key: Option<String>,
        /// A PersistentVolumeClaim in the component's namespace, for others to mount.
        claim: Option<DnsSubdomain>,
        /// The ports of the pods behind it; who refers to it may connect to them.
        ports: Vec<Port>,
        /// The labels of the pods behind it. Default: every pod of the component's namespace.
        pods: BTreeMap<LabelKey, LabelValue>,
    }
}

impl Read for Offer {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        if node.as_table().is_none() {
            let value = OfferValue::Plain(node.clone());
            return Some(Self { value, pods: BTreeMap::new(), ports: Vec::new(), span: node.span });
        }
        let table = OfferTable::read(node, reader)?;
        let value = match (table.value, table.secret, table.key, table.claim) {
            (Some(value), None, None, None) => OfferValue::Plain(value),
            (None, Some(secret), Some(key), None) => {
                OfferValue::Secret { name: secret.value.to_string(), key }
            }
            (None, None, None, Some(claim)) => OfferValue::Claim(claim.to_string()),
            _ => {
                return reader.invalid(
                    node.span,
                    "an output that is a table has exactly one of `value`, `secret` with `key`, and `claim`",
                    Some("write a value that is itself a table as `{ value = { … } }`".to_owned()),
                );
            }
        };
        let pods = table.pods.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        let ports = table.ports.iter().map(|port| port.number()).collect();
        Some(Self { value, pods, ports, span: node.span })
    }

    fn shape() -> Shape {
        Shape::OneOf(vec![Shape::Text, Shape::Number, Shape::Boolean, OfferTable::shape()])
    }
}
