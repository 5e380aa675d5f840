//! Metrics: what Prometheus scrapes.

use crate::language::value::{Duration, HttpPath, Port};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// A metrics endpoint; becomes a ServiceMonitor (kinds with a Service) or PodMonitor, and lets Prometheus in.
    pub struct Metrics {
        /// The path.
        path: HttpPath = HttpPath::constant("/metrics"),
        /// The port. Default: the component's main port.
        port: Option<Spanned<Port>>,
        /// Time between two scrapes. Default: Prometheus' own.
        interval: Option<Duration>,
        /// The protocol.
        scheme: Scheme = Scheme::Http,
    }
}

choice! {
    /// A protocol of the web.
    pub enum Scheme {
        /// Without TLS.
        Http = "http",
        /// With TLS. The certificate is not checked: pods are scraped by their address, which no certificate names.
        Https = "https",
    }
}
