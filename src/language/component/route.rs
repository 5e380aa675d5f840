//! Routes: how requests from outside reach a component.

use std::collections::BTreeMap;

use crate::language::value::{HostPattern, HttpPath, LabelKey, PortName};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// A host and path that leads to the component.
    pub struct Route {
        /// The host name.
        host: Spanned<HostPattern>,
        /// The path.
        path: Spanned<HttpPath> = Spanned::new(HttpPath::constant("/"), crate::source::Span::NOWHERE),
        /// How the path is compared.
        path_type: PathType = PathType::Prefix,
        /// The component's port, by its name. Default: the main port.
        port: Option<Spanned<PortName>>,
        /// Whether it is served with TLS. Default: when the cluster's ingress has an issuer.
        tls: Option<bool>,
        /// Annotations for the ingress controller.
        annotations: BTreeMap<LabelKey, String>,
    }
}

choice! {
    /// How a path is compared.
    pub enum PathType {
        /// It and everything below it.
        Prefix = "prefix",
        /// It alone.
        Exact = "exact",
    }
}
