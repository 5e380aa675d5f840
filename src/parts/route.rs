//! Routes: how requests from outside reach a component, as its cluster's ingress controller wants it.

mod ingress_nginx;
mod traefik;

use std::collections::BTreeMap;

use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend,
    IngressSpec, IngressTLS, ServiceBackendPort,
};

use super::ports::{MAIN, Ports};
use super::{check_length, named};
use crate::kube::Object;
use crate::language::cluster::{Controller, Ingress as ClusterIngress};
use crate::language::component::route::{PathType, Route};
use crate::language::value::Name;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

/// Whether a route is served with TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tls {
    /// With a certificate of the cluster's issuer.
    On,
    /// Plain HTTP.
    Off,
}

/// What the routes of a component become.
#[derive(Debug, Default)]
pub struct Routes {
    /// One Ingress, and one more for each set of routes with annotations or TLS of its own.
    pub objects: Vec<Object>,
    /// The ports they lead to.
    pub ports: Vec<u16>,
}

/// Routes that can share an Ingress: annotations are a matter of the whole object.
type Group<'a> = (BTreeMap<String, String>, Tls, Vec<(&'a Name, &'a Route, String)>);

/// The routes of a component.
pub fn routes(routes: &BTreeMap<Name, Route>, ports: &Ports, site: &Site, report: &mut Report) -> Routes {
    let mut made = Routes::default();
    let mut groups: Vec<Group> = Vec::new();
    let deployment = site.deployment;
    for (name, route) in routes {
        let port = match &route.port {
            Some(port) => (port.value.as_str(), port.span),
            None => (MAIN, route.span),
        };
        let Some(target) = ports.on_service(port.0) else {
            let message = format!("the component has no port `{}`", port.0);
            report.add(
                Diagnostic::new(Code::UnknownPort, port.1, message).nearest(port.0, ports.service_names()),
            );
            continue;
        };
        made.ports.push(target.number);
        let Some(ingress) = &deployment.cluster.ingress else {
            report.add(
                Diagnostic::new(
                    Code::MissingFact,
                    route.span,
                    format!("the cluster `{}` has no way in for the route `{name}`", deployment.cluster_name),
                )
                .because(deployment.cluster.span, "this cluster has no `ingress`")
                .help("set `ingress = { controller = \"…\", class = \"…\" }` on the cluster"),
            );
            continue;
        };
        let tls = match route.tls.unwrap_or(ingress.issuer.is_some()) {
            true => Tls::On,
            false => Tls::Off,
        };
        if tls == Tls::On && ingress.issuer.is_none() {
            report.add(
                Diagnostic::new(
                    Code::MissingFact,
                    route.span,
                    format!("the cluster `{}` has no issuer of certificates", deployment.cluster_name),
                )
                .because(ingress.span, "this ingress has no `issuer`")
                .help("set `ingress.issuer` on the cluster, or `tls = false`"),
            );
        }
        let usual = annotations(ingress, tls);
        let own = route.annotations.iter().map(|(key, value)| (key.to_string(), value.clone()));
        let annotations: BTreeMap<String, String> =
            own.filter(|(key, value)| usual.get(key) != Some(value)).collect();
        let entry = (name, route, port.0.to_owned());
        match groups.iter_mut().find(|group| group.0 == annotations && group.1 == tls) {
            Some(group) => group.2.push(entry),
            None => groups.push((annotations, tls, vec![entry])),
        }
    }
    if let Some(ingress) = &deployment.cluster.ingress {
        made.objects = groups.into_iter().map(|group| object(group, ingress, site, report)).collect();
    }
    made.ports.sort_unstable();
    made.ports.dedup();
    made
}

/// The annotations of an Ingress that says nothing special.
fn annotations(ingress: &ClusterIngress, tls: Tls) -> BTreeMap<String, String> {
    let mut annotations = match ingress.controller {
        Controller::Traefik => traefik::annotations(tls),
        Controller::IngressNginx => ingress_nginx::annotations(tls),
    };
    if let (Tls::On, Some(issuer)) = (tls, &ingress.issuer) {
        annotations.insert("cert-manager.io/cluster-issuer".to_owned(), issuer.to_string());
    }
    annotations
}

fn object(group: Group, ingress: &ClusterIngress, site: &Site, report: &mut Report) -> Object {
    let (own, tls, mut routes) = group;
    let component = site.place().component;
    let plain = own.is_empty() && tls == if ingress.issuer.is_some() { Tls::On } else { Tls::Off };
    let name = match routes.first() {
        Some((route, ..)) if !plain => format!("{component}-{route}"),
        _ => component.to_owned(),
    };
    check_length(site, &name, 253, "the Ingress", report);
    let mut annotations = annotations(ingress, tls);
    annotations.extend(own);

    routes.sort_by(|(_, a, _), (_, b, _)| {
        (a.host.value.to_string(), a.path.value.as_str())
            .cmp(&(b.host.value.to_string(), b.path.value.as_str()))
    });
    let mut rules: Vec<IngressRule> = Vec::new();
    for (_, route, port) in routes {
        let host = route.host.value.to_string();
        let path = path(route, component, port);
        match rules.last_mut() {
            Some(IngressRule { host: Some(last), http: Some(http) }) if *last == host => {
                http.paths.push(path)
            }
            _ => rules.push(IngressRule {
                host: Some(host),
                http: Some(HTTPIngressRuleValue { paths: vec![path] }),
            }),
        }
    }
    let certificate = (tls == Tls::On).then(|| {
        vec![IngressTLS {
            hosts: Some(rules.iter().filter_map(|rule| rule.host.clone()).collect()),
            secret_name: Some(format!("{name}-tls")),
        }]
    });
    let mut metadata = named(name);
    metadata.annotations = (!annotations.is_empty()).then_some(annotations);
    Object::from(Ingress {
        metadata,
        spec: Some(IngressSpec {
            ingress_class_name: Some(ingress.class.to_string()),
            rules: Some(rules),
            tls: certificate,
            default_backend: None,
        }),
        status: None,
    })
}

fn path(route: &Route, service: &str, port: String) -> HTTPIngressPath {
    HTTPIngressPath {
        path: Some(route.path.value.to_string()),
        path_type: match route.path_type {
            PathType::Prefix => "Prefix",
            PathType::Exact => "Exact",
        }
        .to_owned(),
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: service.to_owned(),
                port: Some(ServiceBackendPort { name: Some(port), number: None }),
            }),
            resource: None,
        },
    }
}
