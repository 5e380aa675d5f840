//! The NetworkPolicy of a workload: exactly the traffic that references, routes, scrapes and `network` ask for.
//!
//! A NetworkPolicy sees the ports of pods, not those of Services.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{named, selector};
use crate::kube::{Object, Stage};
use crate::language::component::network::{Network, Peer};
use crate::language::stack::NetworkDefault;
use crate::plan::{Endpoint, Site};
use crate::report::{Code, Diagnostic, Report};

/// What opens a workload, beside references.
#[derive(Debug, Clone, Default)]
pub struct Opening<'a> {
    /// Ports that the ingress controller reaches.
    pub routed: Vec<u16>,
    /// Ports that Prometheus reaches.
    pub scraped: Vec<u16>,
    /// What the definition adds.
    pub network: Option<&'a Network>,
    /// Whether the pods speak to the Kubernetes API.
    pub api: bool,
}

/// The other side of some traffic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Pods { namespace: Option<String>, labels: BTreeMap<String, String> },
    Addresses { cidr: String, except: Vec<String> },
}

/// Ports by protocol, UDP before TCP as they are for DNS; none at all means all.
type Allowed = BTreeMap<Side, BTreeSet<(Protocol, u16)>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Protocol {
    Tcp,
    Udp,
}

/// The policy, unless the stack lets everything pass.
pub fn object(opening: &Opening, site: &Site, report: &mut Report) -> Option<Object> {
    if site.deployment.stack.header.network == NetworkDefault::Open {
        return None;
    }
    let ingress = ingress(opening, site, report);
    let egress = egress(opening, site, report);
    let ingress: Vec<NetworkPolicyIngressRule> = ingress
        .into_iter()
        .map(|(side, allowed)| NetworkPolicyIngressRule {
            from: Some(vec![peer(side)]),
            ports: ports(allowed),
        })
        .collect();
    let egress: Vec<NetworkPolicyEgressRule> = egress
        .into_iter()
        .map(|(side, allowed)| NetworkPolicyEgressRule { to: Some(vec![peer(side)]), ports: ports(allowed) })
        .collect();
    let policy = NetworkPolicy {
        metadata: named(site.place().component),
        spec: Some(NetworkPolicySpec {
            pod_selector: Some(selector(site)),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: (!ingress.is_empty()).then_some(ingress),
            egress: (!egress.is_empty()).then_some(egress),
        }),
    };
    // Before the pods that it lets speak.
    Some(Object::from(policy).at(Stage::Foundation))
}

fn ingress(opening: &Opening, site: &Site, report: &mut Report) -> Allowed {
    let mut allowed = Allowed::new();
    let place = site.place();
    for consumer in &site.component.consumers {
        let Some(other) = site.at(consumer.id) else { continue };
        // What Argo CD renders has pods with labels of its own: all of its namespace it is, then.
        let labels = match other.component.kind.workload() {
            Some(_) => other.place().selector(),
            None => BTreeMap::new(),
        };
        let side = pods(other.place().namespace, labels, place.namespace);
        tcp(&mut allowed, side, &consumer.ports);
    }
    let cluster = site.deployment.cluster;
    if let Some(ingress) = &cluster.ingress {
        let namespace =
            ingress.namespace.as_ref().map_or(ingress.controller.namespace(), |name| name.as_str());
        tcp(&mut allowed, pods(namespace, BTreeMap::new(), ""), &opening.routed);
    }
    tcp(&mut allowed, pods(cluster.monitoring.namespace.as_str(), BTreeMap::new(), ""), &opening.scraped);
    if let Some(network) = opening.network {
        network.ingress.values().for_each(|peer| declared(&mut allowed, peer, report));
    }
    allowed
}

fn egress(opening: &Opening, site: &Site, report: &mut Report) -> Allowed {
    let mut allowed = Allowed::new();
    let dns = BTreeMap::from([("k8s-app".to_owned(), "kube-dns".to_owned())]);
    let resolver = pods("kube-system", dns, "");
    allowed.insert(resolver, BTreeSet::from([(Protocol::Udp, 53), (Protocol::Tcp, 53)]));
    let here = site.place().namespace;
    for link in site.component.links.values() {
        let endpoint = link.output.as_ref().and_then(|output| output.endpoint.as_ref());
        match endpoint {
            Some(Endpoint::Pods { namespace, labels, ports }) => {
                tcp(&mut allowed, pods(namespace, labels.clone(), here), ports);
            }
            Some(Endpoint::Outside { cidr, ports }) => {
                tcp(&mut allowed, Side::Addresses { cidr: cidr.clone(), except: Vec::new() }, ports);
            }
            None => {}
        }
    }
    if let Some(network) = opening.network {
        network.egress.values().for_each(|peer| declared(&mut allowed, peer, report));
    }
    if opening.api {
        // The API server is no pod, and whether its Service's address or its own is seen differs between networks:
        // only the ports can be told, 443 of the Service and 6443 of most servers.
        let everywhere = Side::Addresses { cidr: "0.0.0.0/0".to_owned(), except: Vec::new() };
        tcp(&mut allowed, everywhere, &[443, 6443]);
    }
    allowed
}

/// Pods; the namespace is left out where it is `here`.
fn pods(namespace: &str, labels: BTreeMap<String, String>, here: &str) -> Side {
    Side::Pods { namespace: (namespace != here).then(|| namespace.to_owned()), labels }
}

/// Lets TCP through on these ports; on none when there are none.
fn tcp(allowed: &mut Allowed, side: Side, ports: &[u16]) {
    if !ports.is_empty() {
        add(allowed, side, ports.iter().map(|port| (Protocol::Tcp, *port)).collect());
    }
}

/// Adds ports to a side; no ports at all, the widest rule, absorbs every other.
fn add(allowed: &mut Allowed, side: Side, ports: BTreeSet<(Protocol, u16)>) {
    match allowed.get_mut(&side) {
        Some(present) if present.is_empty() || ports.is_empty() => present.clear(),
        Some(present) => present.extend(ports),
        None => {
            allowed.insert(side, ports);
        }
    }
}

fn declared(allowed: &mut Allowed, peer: &Peer, report: &mut Report) {
    let labels: BTreeMap<String, String> =
        peer.pods.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    let side = match &peer.cidr {
        Some(cidr) => {
            if peer.namespace.is_some() || !labels.is_empty() {
                report.add(
                    Diagnostic::new(
                        Code::ConflictingFields,
                        peer.span,
                        "the other side is an address range and pods at once",
                    )
                    .help("give each an entry of its own"),
                );
            }
            Side::Addresses {
                cidr: cidr.to_string(),
                except: peer.except.iter().map(ToString::to_string).collect(),
            }
        }
        None if peer.namespace.is_none() && labels.is_empty() => {
            report.add(
                Diagnostic::new(Code::MissingField, peer.span, "it is not said who the other side is")
                    .help("set `cidr`, `namespace` or `pods`; `cidr = \"0.0.0.0/0\"` is everywhere"),
            );
            return;
        }
        None => Side::Pods { namespace: peer.namespace.as_ref().map(ToString::to_string), labels },
    };
    let tcp = peer.ports.iter().map(|port| (Protocol::Tcp, port.number()));
    let udp = peer.udp_ports.iter().map(|port| (Protocol::Udp, port.number()));
    add(allowed, side, tcp.chain(udp).collect());
}

fn peer(side: Side) -> NetworkPolicyPeer {
    let labels = |labels: BTreeMap<String, String>| LabelSelector {
        match_labels: (!labels.is_empty()).then_some(labels),
        match_expressions: None,
    };
    match side {
        Side::Pods { namespace, labels: pods } => {
            let name = |name| labels(BTreeMap::from([("kubernetes.io/metadata.name".to_owned(), name)]));
            // Beside a namespace, no selector of pods means all of them; alone it has to be there.
            let pod_selector = (!pods.is_empty() || namespace.is_none()).then(|| labels(pods));
            NetworkPolicyPeer { namespace_selector: namespace.map(name), pod_selector, ip_block: None }
        }
        Side::Addresses { cidr, except } => NetworkPolicyPeer {
            ip_block: Some(IPBlock { cidr, except: (!except.is_empty()).then_some(except) }),
            ..NetworkPolicyPeer::default()
        },
    }
}

fn ports(allowed: BTreeSet<(Protocol, u16)>) -> Option<Vec<NetworkPolicyPort>> {
    let ports: Vec<NetworkPolicyPort> = allowed
        .into_iter()
        .map(|(protocol, port)| NetworkPolicyPort {
            port: Some(IntOrString::Int(i32::from(port))),
            // TCP is what the API server takes an absent protocol for.
            protocol: match protocol {
                Protocol::Tcp => None,
                Protocol::Udp => Some("UDP".to_owned()),
            },
            end_port: None,
        })
        .collect();
    (!ports.is_empty()).then_some(ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traffic_with_one_side_is_one_rule_and_all_ports_absorb_some() {
        let mut allowed = Allowed::new();
        let side = || pods("data", BTreeMap::new(), "web");
        tcp(&mut allowed, side(), &[5432]);
        tcp(&mut allowed, side(), &[6379, 5432]);
        tcp(&mut allowed, side(), &[]);
        assert_eq!(allowed.get(&side()).map(BTreeSet::len), Some(2));
        add(&mut allowed, side(), BTreeSet::new());
        tcp(&mut allowed, side(), &[80]);
        assert_eq!(allowed.get(&side()).map(BTreeSet::len), Some(0));
        assert_eq!(allowed.len(), 1);
    }

    #[test]
    fn pods_of_the_same_namespace_need_no_namespace() {
        let labels = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        let near = peer(pods("web", labels.clone(), "web"));
        assert!(near.namespace_selector.is_none() && near.pod_selector.is_some());
        let far = peer(pods("data", labels, "web"));
        assert!(far.namespace_selector.is_some() && far.pod_selector.is_some());
        let all = peer(pods("web", BTreeMap::new(), "web"));
        assert_eq!(all.pod_selector, Some(LabelSelector::default()));
    }
}
