//! `privileged`: who may write into Argo CD's own namespace is its administrator
//! (AC:docs/operator-manual/declarative-setup.md, on app of apps).

use std::collections::BTreeSet;

use super::Fleet;
use super::finding::Findings;
use crate::report::{Code, Diagnostic};

/// Finds components whose objects or releases go into the namespace of Argo CD.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    let argocd = &fleet.plan.definitions.argocd;
    let mut seen = BTreeSet::new();
    for placed in &fleet.objects.placed {
        let Some(component) = placed.component(fleet.plan) else { continue };
        if placed.namespace() != Some(argocd.namespace.as_str()) || !seen.insert(component.span) {
            continue;
        }
        let message = format!("`{}` puts objects into the namespace of Argo CD", component.name);
        findings.add(
            placed,
            Diagnostic::new(Code::Privileged, component.span, message)
                .label("its team becomes the administrator of every Application")
                .help("use another namespace, or waive the rule for a team that is trusted with it"),
        );
    }
}
