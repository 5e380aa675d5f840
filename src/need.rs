//! What an object needs of its cluster.

use crate::kube::{self, Body, Object};
use crate::objects::Placed;
use crate::plan::{Component, Deployment, Plan};
use crate::source::Span;

/// Something that has to be there on the cluster.
#[derive(Debug)]
pub struct Need {
    /// As capabilities are written: `cert-manager.io`, `storageclass/fast`.
    pub capability: String,
    /// Where it is asked for.
    pub span: Span,
    /// Who needs it, as messages say it.
    pub user: String,
}

impl Need {
    /// It, as messages say it.
    pub fn noun(&self) -> String {
        match self.capability.split_once('/') {
            Some((word, name)) => format!(
                "the {} `{name}`",
                KINDS.iter().find(|(known, _)| *known == word).map_or(word, |(_, kind)| kind)
            ),
            None => format!("the API group `{}`", self.capability),
        }
    }

    /// Its kind as capabilities begin: `storageclass/`.
    pub fn word(&self) -> &str {
        self.capability.split_inclusive('/').next().unwrap_or_default()
    }

    /// Whether it only counts as missing where others of its kind are provided.
    pub fn is_lenient(&self) -> bool {
        ["clusterissuer/", "clustersecretstore/", "priorityclass/"].contains(&self.word())
    }
}

const KINDS: &[(&str, &str)] = &[
    ("storageclass", "StorageClass"),
    ("ingressclass", "IngressClass"),
    ("priorityclass", "PriorityClass"),
    ("clusterissuer", "ClusterIssuer"),
    ("clustersecretstore", "ClusterSecretStore"),
];

/// The API groups of the API server itself, other than those without a dot.
const BUILT_IN: &[&str] = &[
    "admissionregistration.k8s.io",
    "apiextensions.k8s.io",
    "apiregistration.k8s.io",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "flowcontrol.apiserver.k8s.io",
    "internal.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "rbac.authorization.k8s.io",
    "resource.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
    "storagemigration.k8s.io",
];

/// Priorities that every cluster has.
const PRIORITIES: &[&str] = &["system-cluster-critical", "system-node-critical"];

/// Everything an object needs.
pub fn needs(placed: &Placed, deployment: &Deployment, plan: &Plan) -> Vec<Need> {
    let object = &placed.object;
    let span = placed.span(plan);
    let user = format!("{} `{}`", object.kind(), object.name());
    let component = placed.component(plan);
    let cluster = deployment.cluster;
    let mut needs = Vec::new();
    let mut need = |capability: String, span: Span, user: &str| {
        needs.push(Need { capability, span, user: user.to_owned() });
    };
    let group = object.group();
    if group.contains('.') && !BUILT_IN.contains(&group) {
        // Objects of one kind in a component need the same once.
        need(group.to_owned(), span, &format!("the kind `{}`", object.kind()));
    }
    for class in storage_classes(object) {
        let of_volume = volume_span(component, &class);
        let of_cluster = [&cluster.storage.block, &cluster.storage.shared]
            .into_iter()
            .flatten()
            .find(|of_cluster| of_cluster.value.as_str() == class);
        let span = of_volume.or(of_cluster.map(|class| class.span)).unwrap_or(span);
        need(format!("storageclass/{class}"), span, &user);
    }
    if let Some(spec) = kube::ingress::spec(object) {
        if let Some(class) = &spec.ingress_class_name {
            let of_cluster = cluster.ingress.as_ref().filter(|ingress| ingress.class.as_str() == class);
            let span = of_cluster.map_or(span, |ingress| ingress.span);
            need(format!("ingressclass/{class}"), span, &user);
        }
        let annotations = object.metadata().annotations.as_ref();
        if let Some(issuer) = annotations.and_then(|all| all.get("cert-manager.io/cluster-issuer")) {
            let of_cluster = cluster
                .ingress
                .as_ref()
                .filter(|ingress| ingress.issuer.as_ref().is_some_and(|own| own.as_str() == issuer));
            let span = of_cluster.map_or(span, |ingress| ingress.span);
            need(format!("clusterissuer/{issuer}"), span, &user);
        }
    }
    if let Body::ExternalSecret(secret) = &object.body
        && let Some(store) =
            secret.spec.secret_store_ref.as_ref().filter(|store| store.kind == "ClusterSecretStore")
    {
        let span = cluster.secrets.as_ref().map_or(span, |secrets| secrets.span);
        need(format!("clustersecretstore/{}", store.name), span, &user);
    }
    if let Some(class) = kube::pod::pod(object).and_then(|pod| pod.priority_class_name.clone())
        && !PRIORITIES.contains(&&*class)
    {
        let scheduling = component.and_then(|component| component.kind.workload()?.scheduling.as_ref());
        let written = scheduling.and_then(|scheduling| scheduling.priority_class.as_ref());
        need(format!("priorityclass/{class}"), written.map_or(span, |written| written.span), &user);
    }
    needs
}

/// The storage classes of an object's claims. An empty name means a volume that is there already.
fn storage_classes(object: &Object) -> Vec<String> {
    let mut classes: Vec<String> = match &object.body {
        Body::PersistentVolumeClaim(claim) => {
            claim.spec.iter().filter_map(|spec| spec.storage_class_name.clone()).collect()
        }
        Body::StatefulSet(set) => {
            let templates = set.spec.volume_claim_templates.iter().flatten();
            templates.filter_map(|claim| claim.spec.as_ref()?.storage_class_name.clone()).collect()
        }
        Body::PostgresCluster(cluster) => {
            let storages = [&cluster.spec.storage, &cluster.spec.wal_storage];
            storages.into_iter().flatten().filter_map(|storage| storage.storage_class.clone()).collect()
        }
        Body::Raw(raw) if raw.kind == "PersistentVolumeClaim" => {
            let class = raw.at(&["spec", "storageClassName"]).and_then(serde_json::Value::as_str);
            class.map(str::to_owned).into_iter().collect()
        }
        Body::Raw(raw) if raw.kind == "StatefulSet" => {
            let templates = raw.at(&["spec", "volumeClaimTemplates"]).and_then(serde_json::Value::as_array);
            let class = |claim: &serde_json::Value| {
                claim.pointer("/spec/storageClassName")?.as_str().map(str::to_owned)
            };
            templates.into_iter().flatten().filter_map(class).collect()
        }
        _ => Vec::new(),
    };
    classes.retain(|class| !class.is_empty());
    classes.dedup();
    classes
}

/// Where a volume of the component asks for a class.
fn volume_span(component: Option<&Component>, class: &str) -> Option<Span> {
    let volumes = component?.kind.workload()?.volumes.values();
    let mut classes = volumes.filter_map(|volume| volume.class.as_ref());
    classes.find(|written| written.value.as_str() == class).map(|written| written.span)
}
