//! What workloads are made of: one kind of object, or one part of a pod, a file.
//!
//! Namespaces, labels that every object has, waves and patches are no part of this: `lower` adds them.

pub mod account;
pub mod autoscaler;
pub mod claim;
pub mod config_map;
pub mod container;
pub mod dashboard;
pub mod deployment;
pub mod disruption;
pub mod environment;
pub mod external_secret;
pub mod monitor;
pub mod network_policy;
pub mod pod;
pub mod ports;
pub mod probes;
pub mod prometheus_rule;
pub mod resources;
pub mod route;
pub mod scheduling;
pub mod security;
pub mod service;
pub mod steps;
pub mod volumes;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use sha2::{Digest, Sha256};

use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

/// Metadata with nothing but a name.
pub fn named(name: impl Into<String>) -> ObjectMeta {
    ObjectMeta { name: Some(name.into()), ..ObjectMeta::default() }
}

/// The pods of the component.
pub fn selector(site: &Site) -> LabelSelector {
    LabelSelector { match_labels: Some(site.place().selector()), match_expressions: None }
}

/// The number as Kubernetes counts; what is beyond is its largest.
pub fn count(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// The SHA-256 of the bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reports a name that is longer than Kubernetes lets `what` be.
pub fn check_length(site: &Site, name: &str, longest: usize, what: &str, report: &mut Report) {
    if name.len() > longest {
        report.add(
            Diagnostic::new(
                Code::NameTooLong,
                site.component.span,
                format!(
                    "{what} would be named `{name}`: {} characters, and {longest} are allowed",
                    name.len()
                ),
            )
            .help("give the component a shorter name"),
        );
    }
}
