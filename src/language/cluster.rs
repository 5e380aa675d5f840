//! Clusters and what they provide.

use std::collections::BTreeMap;

use super::value::{
    Capability, DnsSubdomain, Hostname, KubernetesVersion, LabelKey, LabelValue, Name, Quantity, Url,
};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// A Kubernetes cluster: labels that placements select it by, and facts that the output depends on.
    pub struct Cluster {
        /// Its Kubernetes version, `major.minor`.
        kubernetes: Spanned<KubernetesVersion>,
        /// Labels, for placements and overlays.
        labels: BTreeMap<LabelKey, LabelValue>,
        /// The domain its host names lie under; `{{ cluster.domain }}` in expressions.
        domain: Option<Hostname>,
        /// How requests from outside come in.
        ingress: Option<Ingress>,
        /// Its storage classes by use.
        storage: Storage = Storage::default(),
        /// The store that secrets are fetched from.
        secrets: Option<SecretStore>,
        /// Where Prometheus runs, so that it may scrape.
        monitoring: Monitoring = Monitoring::default(),
        /// What it can carry; what is placed on it is checked to fit.
        capacity: Option<Capacity>,
        /// What is there before kiln: `storageclass/…`, `ingressclass/…`, API groups.
        provides: Vec<Spanned<Capability>>,
        /// The cluster whose Argo CD drives this one; its own when not set.
        argocd: Option<Spanned<Name>>,
        /// The API server's address as the Argo CD that drives it reaches it. Default: the cluster Argo CD runs in.
        server: Option<Url>,
        /// The name under which Argo CD knows the cluster. Default: `in-cluster`, or the cluster's name when another cluster's Argo CD drives it.
        name: Option<String>,
    }
}

table! {
    /// The ingress controller of a cluster.
    pub struct Ingress {
        /// Which controller it is: it decides what `routes` become.
        controller: Controller,
        /// The name of its IngressClass.
        class: DnsSubdomain,
        /// The namespace of its pods, which may then reach what routes point at. Default: as the controller's own documentation has it.
        namespace: Option<Name>,
        /// The cert-manager ClusterIssuer for certificates. Without one, routes are plain HTTP.
        issuer: Option<Name>,
    }
}

choice! {
    /// An ingress controller.
    pub enum Controller {
        /// Traefik.
        Traefik = "traefik",
        /// The Kubernetes community's ingress-nginx.
        IngressNginx = "ingress-nginx",
    }
}

impl Controller {
    /// The namespace its own documentation installs it into.
    pub fn namespace(self) -> &'static str {
        match self {
            Controller::Traefik => "traefik",
            Controller::IngressNginx => "ingress-nginx",
        }
    }
}

table! {
    /// Storage classes by use.
    pub struct Storage {
        /// The class of volumes that one node mounts. Default: the cluster's default class.
        block: Option<Spanned<DnsSubdomain>>,
        /// The class of volumes that many nodes mount (ReadWriteMany).
        shared: Option<Spanned<DnsSubdomain>>,
    }
}

impl Default for Storage {
    fn default() -> Self {
        Self { block: None, shared: None, span: crate::source::Span::NOWHERE }
    }
}

table! {
    /// The External Secrets store that `secrets` are fetched from.
    pub struct SecretStore {
        /// Its name.
        store: Name,
        /// Its kind.
        kind: StoreKind = StoreKind::ClusterSecretStore,
        /// How often secrets are fetched again.
        refresh: super::value::Duration = super::value::Duration::from_seconds(3600),
    }
}

choice! {
    /// The two kinds of secret stores.
    pub enum StoreKind {
        /// For every namespace.
        ClusterSecretStore = "ClusterSecretStore",
        /// In each namespace.
        SecretStore = "SecretStore",
    }
}

table! {
    /// The Prometheus that scrapes the cluster.
    pub struct Monitoring {
        /// The namespace of its pods.
        namespace: Name = Name::constant("monitoring"),
    }
}

impl Default for Monitoring {
    fn default() -> Self {
        Self { namespace: Name::constant("monitoring"), span: crate::source::Span::NOWHERE }
    }
}

table! {
    /// What a cluster can carry.
    pub struct Capacity {
        /// CPU for pods.
        cpu: Option<Quantity>,
        /// Memory for pods.
        memory: Option<Quantity>,
    }
}
