//! `external`: something outside the cluster that others refer to. It has outputs, and perhaps alerts and dashboards.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::value::{Cidr, Name, Port};
use crate::plan::{Endpoint, Kind, Lowered, Output, OutputValue, Outputs, Place, Site};
use crate::report::Report;
use crate::source::Node;
use crate::table;

table! {
    /// Something outside the cluster that others refer to: a managed database, an API, a mail server. It becomes no object of its own; what refers to it may connect to its addresses and ports.
    pub struct External {
        /// What it is.
        description: Option<String>,
        /// What others may refer to, by name.
        outputs: BTreeMap<Name, Node>,
        /// The address range it has. Default: anywhere.
        cidr: Cidr = Cidr::constant("0.0.0.0/0"),
        /// The TCP ports it listens on.
        ports: Vec<Port>,
        ..common: Common,
    }
}

impl Kind for External {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, _: &Place) -> Outputs {
        let endpoint = (!self.ports.is_empty()).then(|| Endpoint::Outside {
            cidr: self.cidr.to_string(),
            ports: self.ports.iter().map(|port| port.number()).collect(),
        });
        self.outputs
            .iter()
            .map(|(name, node)| {
                let value = OutputValue::Plain(node.to_json());
                (name.to_string(), Output { value, endpoint: endpoint.clone() })
            })
            .collect()
    }

    fn lower(&self, _: &Site, _: &mut Report) -> Lowered {
        Lowered::default()
    }
}
