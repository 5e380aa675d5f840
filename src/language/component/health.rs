//! Health: how Kubernetes learns that a container has started, serves and lives.

use crate::language::value::{Duration, HttpPath, Port};
use crate::source::Spanned;
use crate::table;

table! {
    /// How Kubernetes asks a container whether it is well. One check (`http`, `tcp`, `grpc` or `command`) serves as startup, readiness and liveness probe; `ready` and `live` set one of them apart.
    pub struct Probe {
        ..check: Check,
        ..timing: Timing,
    }
}

// The macro wants fields before groups; these come after because they repeat the groups.
table! {
    /// The health of a workload.
    pub struct Health {
        /// The readiness probe, where it differs: traffic comes only while it passes.
        ready: Option<Probe>,
        /// The liveness probe, where it differs: the container is restarted when it fails. It must not test what the container depends on.
        live: Option<Probe>,
        /// Whether there is a liveness probe at all.
        restart: bool = true,
        /// How long a start may take before the container is restarted.
        start_within: Duration = Duration::from_seconds(120),
        ..check: Check,
        ..timing: Timing,
    }
}

table! {
    /// What is asked: exactly one of `http`, `tcp`, `grpc` and `command`.
    pub struct Check {
        /// A path that answers 2xx or 3xx to GET.
        http: Option<Spanned<HttpPath>>,
        /// Whether the port accepts a connection.
        tcp: Option<Spanned<bool>>,
        /// The gRPC health service of this name; empty for the server as a whole.
        grpc: Option<Spanned<String>>,
        /// A command in the container that exits with 0.
        command: Option<Spanned<Vec<String>>>,
        /// The port asked. Default: the component's main port.
        port: Option<Spanned<Port>>,
        /// The `Host` header of the HTTP request. Default: the pod's address.
        host: Option<crate::language::value::Hostname>,
    }
}

table! {
    /// When and how often.
    pub struct Timing {
        /// Time between two checks. Default: 10 s.
        interval: Option<Duration>,
        /// How long an answer may take. Default: 1 s.
        timeout: Option<Duration>,
        /// How many failures in a row count. Default: 3.
        failures: Option<u32>,
    }
}
