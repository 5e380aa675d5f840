//! NetworkPolicies of pods that keep data: who may connect to them, and where they connect to.

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer,
    NetworkPolicyPort, NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use crate::kube::{Object, Stage};
use crate::language::component::network::{Network, Peer};
use crate::language::stack::NetworkDefault;
use crate::parts::named;
use crate::plan::{Endpoint, OutputValue, Site};

use super::{Labels, selector};

/// The ports of the Kubernetes API server, as a Service and on the nodes.
pub const API_PORTS: [u16; 2] = [443, 6443];

/// What certain pods may receive and send.
#[derive(Debug)]
pub struct Traffic {
    name: String,
    pods: Labels,
    ingress: Vec<NetworkPolicyIngressRule>,
    egress: Vec<NetworkPolicyEgressRule>,
}

impl Traffic {
    /// Pods that may look names up and nothing else.
    pub fn of(name: impl Into<String>, pods: &Labels) -> Self {
        let dns = NetworkPolicyPeer {
            namespace_selector: Some(selector(&namespace_label("kube-system"))),
            pod_selector: Some(selector(&Labels::from([("k8s-app".to_owned(), "kube-dns".to_owned())]))),
            ip_block: None,
        };
        let ports = vec![port(53, Some("UDP")), port(53, None)];
        Self {
            name: name.into(),
            pods: pods.clone(),
            ingress: Vec::new(),
            egress: vec![NetworkPolicyEgressRule { to: Some(vec![dns]), ports: Some(ports) }],
        }
    }

    /// Pods of the same namespace may connect.
    #[must_use]
    pub fn open_to_pods(self, pods: &Labels, ports: &[u16]) -> Self {
        self.receive(vec![local(pods)], ports)
    }

    /// The pods of a namespace may connect.
    #[must_use]
    pub fn open_to_namespace(self, namespace: &str, ports: &[u16]) -> Self {
        self.receive(vec![whole(namespace)], ports)
    }

    /// Who refers to an output behind these pods may connect.
    #[must_use]
    pub fn open_to_consumers(self, site: &Site, behind: &Labels, ports: &[u16]) -> Self {
        let peers = consumers(site, behind);
        if peers.is_empty() { self } else { self.receive(peers, ports) }
    }

    /// They may connect to pods of the same namespace.
    #[must_use]
    pub fn reaching_pods(self, pods: &Labels, ports: &[u16]) -> Self {
        self.send(Some(vec![local(pods)]), ports)
    }

    /// They may connect to these ports anywhere.
    #[must_use]
    pub fn reaching_anywhere(self, ports: &[u16]) -> Self {
        self.send(None, ports)
    }

    /// What the definition adds.
    #[must_use]
    pub fn and(mut self, network: Option<&Network>) -> Self {
        let Some(network) = network else { return self };
        for from in network.ingress.values() {
            self.ingress.push(NetworkPolicyIngressRule { from: Some(vec![peer(from)]), ports: ports(from) });
        }
        for to in network.egress.values() {
            self.egress.push(NetworkPolicyEgressRule { to: Some(vec![peer(to)]), ports: ports(to) });
        }
        self
    }

    fn receive(mut self, from: Vec<NetworkPolicyPeer>, ports: &[u16]) -> Self {
        self.ingress.push(NetworkPolicyIngressRule { from: Some(from), ports: Some(tcp(ports)) });
        self
    }

    fn send(mut self, to: Option<Vec<NetworkPolicyPeer>>, ports: &[u16]) -> Self {
        self.egress.push(NetworkPolicyEgressRule { to, ports: Some(tcp(ports)) });
        self
    }

    /// The policy; none where the stack leaves traffic open.
    pub fn policy(self, site: &Site) -> Option<Object> {
        if site.deployment.stack.header.network == NetworkDefault::Open {
            return None;
        }
        let spec = NetworkPolicySpec {
            pod_selector: Some(selector(&self.pods)),
            policy_types: Some(vec!["Ingress".to_owned(), "Egress".to_owned()]),
            ingress: (!self.ingress.is_empty()).then_some(self.ingress),
            egress: Some(self.egress),
        };
        let policy = NetworkPolicy { metadata: named(self.name), spec: Some(spec) };
        Some(Object::from(policy).at(Stage::Foundation))
    }
}

/// The pods of the components that refer to an output of this one behind the pods with these labels. The pods of charts
/// and other repositories are not known: there it is the whole namespace.
fn consumers(site: &Site, behind: &Labels) -> Vec<NetworkPolicyPeer> {
    let mut peers = Vec::new();
    for consumer in &site.component.consumers {
        let Some(at) = site.at(consumer.id) else { continue };
        let wants = at.component.links.values().any(|link| {
            let own = site.at(link.provider).is_some_and(|to| std::ptr::eq(to.component, site.component));
            let output = link.output.as_ref();
            let claim = output.is_some_and(|output| matches!(output.value, OutputValue::Claim(_)));
            let endpoint = output.and_then(|output| output.endpoint.as_ref());
            own && !claim && matches!(endpoint, Some(Endpoint::Pods { labels, .. }) if labels == behind)
        });
        if !wants {
            continue;
        }
        let place = at.place();
        let pods = at.component.kind.workload().map(|_| selector(&place.selector()));
        let elsewhere = place.namespace != site.place().namespace;
        let namespace = (elsewhere || pods.is_none()).then(|| selector(&namespace_label(place.namespace)));
        let peer = NetworkPolicyPeer { ip_block: None, namespace_selector: namespace, pod_selector: pods };
        if !peers.contains(&peer) {
            peers.push(peer);
        }
    }
    peers
}

fn namespace_label(namespace: &str) -> Labels {
    Labels::from([("kubernetes.io/metadata.name".to_owned(), namespace.to_owned())])
}

fn local(pods: &Labels) -> NetworkPolicyPeer {
    NetworkPolicyPeer { pod_selector: Some(selector(pods)), ..NetworkPolicyPeer::default() }
}

fn whole(namespace: &str) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(selector(&namespace_label(namespace))),
        ..NetworkPolicyPeer::default()
    }
}

fn peer(peer: &Peer) -> NetworkPolicyPeer {
    let pods: Labels = peer.pods.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
    NetworkPolicyPeer {
        ip_block: peer.cidr.as_ref().map(|cidr| IPBlock {
            cidr: cidr.to_string(),
            except: (!peer.except.is_empty()).then(|| peer.except.iter().map(ToString::to_string).collect()),
        }),
        namespace_selector: peer.namespace.as_ref().map(|name| selector(&namespace_label(name.as_str()))),
        pod_selector: (!pods.is_empty()).then(|| selector(&pods)),
    }
}

fn ports(peer: &Peer) -> Option<Vec<NetworkPolicyPort>> {
    let tcp = peer.ports.iter().map(|number| port(number.number(), None));
    let ports: Vec<_> =
        tcp.chain(peer.udp_ports.iter().map(|number| port(number.number(), Some("UDP")))).collect();
    (!ports.is_empty()).then_some(ports)
}

fn tcp(ports: &[u16]) -> Vec<NetworkPolicyPort> {
    ports.iter().map(|number| port(*number, None)).collect()
}

/// TCP is what the API server takes an absent protocol for.
fn port(number: u16, protocol: Option<&str>) -> NetworkPolicyPort {
    NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::from(number))),
        protocol: protocol.map(str::to_owned),
        end_port: None,
    }
}
