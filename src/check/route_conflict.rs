//! `route-conflict`: two routes that want the same requests.

use std::collections::{BTreeMap, BTreeSet};

use crate::kube::ingress::{Address, addresses, spec};
use crate::language::component::route::{PathType, Route};
use crate::plan::{Component, ComponentId, Deployment};
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;

/// What one ingress controller sees of an address.
type Seen<'p> = (&'p str, String, Address);

/// Who wants the requests of an address.
struct Claim<'p> {
    span: Span,
    deployment: &'p str,
    component: &'p str,
    /// The object, by its name and namespace; none for a route of the language.
    object: Option<(String, String)>,
}

/// Annotated with this, an Ingress shares the address of another on purpose
/// (<https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#canary>).
const CANARY: &str = "nginx.ingress.kubernetes.io/canary";

/// Finds routes with the same host, path and path type on one cluster.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    let mut claims: BTreeMap<Seen, Claim> = BTreeMap::new();
    let mut by_routes: BTreeSet<(ComponentId, Address)> = BTreeSet::new();
    for (deployment, placed) in fleet.plan.deployments.iter().enumerate() {
        let Some(ingress) = &placed.cluster.ingress else { continue };
        for (component, fields) in placed.components.iter().enumerate() {
            let id = ComponentId { deployment, component };
            for route in fields.kind.routes().into_iter().flat_map(BTreeMap::values) {
                let address = address(route);
                by_routes.insert((id, address.clone()));
                if route.annotations.keys().any(|key| key.as_str() == CANARY) {
                    continue;
                }
                let claim = claim(path_span(route), placed, Some(fields), None);
                let class = ingress.class.to_string();
                take(&mut claims, (placed.cluster_name, class, address), claim, |problem| {
                    findings.add_to(id, problem);
                });
            }
        }
    }
    for placed in &fleet.objects.placed {
        let (Some(spec), Some(deployment)) = (spec(&placed.object), placed.deployment(fleet.plan)) else {
            continue;
        };
        let metadata = placed.object.metadata();
        if metadata.annotations.iter().flatten().any(|(key, _)| key == CANARY) {
            continue;
        }
        let object = (placed.object.name().to_owned(), metadata.namespace.clone().unwrap_or_default());
        for address in addresses(&spec).map(Address::canonical) {
            let component = placed.component;
            let written = component.is_some_and(|component| {
                let id = ComponentId { deployment: placed.deployment, component };
                by_routes.contains(&(id, address.clone()))
            });
            if written {
                continue;
            }
            let fields = placed.component(fleet.plan);
            let claim = claim(placed.span(fleet.plan), deployment, fields, Some(object.clone()));
            let class = spec.ingress_class_name.clone().unwrap_or_default();
            take(&mut claims, (deployment.cluster_name, class, address), claim, |problem| {
                findings.add(placed, problem);
            });
        }
    }
}

fn take<'p>(
    claims: &mut BTreeMap<Seen<'p>, Claim<'p>>,
    seen: Seen<'p>,
    claim: Claim<'p>,
    mut report: impl FnMut(Diagnostic),
) {
    match claims.get(&seen) {
        // The same object twice has two owners, which is said elsewhere.
        Some(first) if first.object.is_some() && first.object == claim.object => {}
        Some(first) => report(conflict(&seen.2, &claim, first)),
        None => {
            claims.insert(seen, claim);
        }
    }
}

fn conflict(address: &Address, claim: &Claim, first: &Claim) -> Diagnostic {
    let host = address.host.as_deref().unwrap_or("*");
    Diagnostic::new(
        Code::RouteConflict,
        claim.span,
        format!("two routes of one cluster lead from `{host}{}`", address.path),
    )
    .label(format!("to component `{}` of `{}`", claim.component, claim.deployment))
    .because(first.span, format!("to component `{}` of `{}`", first.component, first.deployment))
    .help("give one of them another host or path")
}

fn claim<'p>(
    span: Span,
    deployment: &'p Deployment,
    component: Option<&'p Component>,
    object: Option<(String, String)>,
) -> Claim<'p> {
    let component = component.map_or("", |component| &component.name);
    Claim { span, deployment: &deployment.name, component, object }
}

fn address(route: &Route) -> Address {
    let path_type = match route.path_type {
        PathType::Prefix => "Prefix",
        PathType::Exact => "Exact",
    };
    let address = Address {
        host: Some(route.host.value.to_string()),
        path: route.path.value.to_string(),
        path_type: path_type.to_owned(),
    };
    address.canonical()
}

/// Where the path is written, or the host when there is none.
fn path_span(route: &Route) -> Span {
    if route.path.span == Span::NOWHERE { route.host.span } else { route.path.span }
}
