//! Names of objects that the API server refuses: too long once something was appended to the component's name, or
//! written by hand in a manifest or a patch.

use std::collections::BTreeSet;

use crate::kube::Object;
use crate::language::value::{DnsLabel, DnsSubdomain, Scalar};
use crate::objects::Placed;
use crate::report::{Code, Diagnostic};

use super::Fleet;
use super::finding::Findings;

/// Finds names that the API server refuses; of one component the first that is too long stands for all.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    let mut long = BTreeSet::new();
    // The names of what belongs to no component are the instance's, which were looked at before.
    for placed in fleet.objects.placed.iter().filter(|placed| placed.component.is_some()) {
        let object = &placed.object;
        let (kind, name) = (object.kind(), object.name());
        let longest = longest(object);
        if name.len() > longest {
            if long.insert((placed.deployment, placed.component)) {
                let length = name.len();
                let message = format!(
                    "the {kind} would be named `{name}`: {length} characters, and {longest} are allowed"
                );
                add(fleet, findings, placed, Code::NameTooLong, message, "give the component a shorter name");
            }
        } else if !is_name(object) {
            let message = format!("`{name}` cannot be the name of a {kind}");
            add(fleet, findings, placed, Code::InvalidValue, message, rule(object));
        }
        let own = placed.deployment(fleet.plan).map(|deployment| &*deployment.namespace);
        let namespace = placed.namespace().unwrap_or("default");
        if own != Some(namespace) && DnsLabel::parse(namespace).is_err() {
            let message = format!("`{namespace}`, which {kind} `{name}` is to be in, cannot be a namespace");
            add(fleet, findings, placed, Code::InvalidValue, message, LABEL);
        }
        if !is_kind(kind) || !is_version(object.api_version()) {
            let message = format!("`{}` `{kind}` cannot be a kind of object", object.api_version());
            add(fleet, findings, placed, Code::InvalidValue, message, "correct `apiVersion` and `kind`");
        }
    }
}

fn add(fleet: &Fleet, findings: &mut Findings, placed: &Placed, code: Code, message: String, help: &str) {
    findings.add(placed, Diagnostic::new(code, placed.span(fleet.plan), message).help(help));
}

/// The longest name. A StatefulSet and a CronJob append to theirs what has to fit into a label, and the operator
/// bounds that of a database (`maxNameLength` of CloudNativePG's webhook).
fn longest(object: &Object) -> usize {
    match (object.group(), object.kind()) {
        ("apps", "StatefulSet") | ("batch", "CronJob") => 52,
        ("postgresql.cnpg.io", "Cluster") => 50,
        ("", "Service" | "Namespace") | ("batch", "Job") => 63,
        _ => 253,
    }
}

/// The rules of `k8s.io/kubernetes/pkg/apis/core/validation`, `ValidateServiceName` and its neighbours.
fn is_name(object: &Object) -> bool {
    let name = object.name();
    match (object.group(), object.kind()) {
        _ if name.is_empty() => object.metadata().generate_name.is_some(),
        ("rbac.authorization.k8s.io" | "certificates.k8s.io", _) | ("networking.k8s.io", "IPAddress") => {
            !name.contains(['/', '%']) && !matches!(name, "." | "..")
        }
        ("", "Service") => DnsLabel::parse(name).is_ok() && !name.starts_with(|c: char| c.is_ascii_digit()),
        ("", "Namespace") => DnsLabel::parse(name).is_ok(),
        _ => DnsSubdomain::parse(name).is_ok(),
    }
}

const LABEL: &str = "use lower-case letters, digits and `-`";

fn rule(object: &Object) -> &'static str {
    match (object.group(), object.kind()) {
        ("rbac.authorization.k8s.io" | "certificates.k8s.io", _) => "leave out `/` and `%`",
        ("", "Service") => "begin with a letter, and use lower-case letters, digits and `-`",
        ("", "Namespace") => LABEL,
        _ => "use lower-case letters, digits, `-` and `.`",
    }
}

fn is_kind(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_alphabetic()) && kind.bytes().all(|c| c.is_ascii_alphanumeric())
}

fn is_version(api_version: &str) -> bool {
    let (group, version) = api_version.split_once('/').unwrap_or(("core", api_version));
    DnsSubdomain::parse(group).is_ok() && DnsLabel::parse(version).is_ok()
}
