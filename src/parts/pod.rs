//! The pod of a workload, and the objects that every workload has.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    Container, LocalObjectReference, PersistentVolumeClaim, PodSpec, PodTemplateSpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::config_map::Config;
use super::container::{Opens, Source, container};
use super::network_policy::Opening;
use super::ports::Ports;
use super::volumes::{Claims, Volumes};
use super::{account, external_secret, monitor, network_policy, scheduling, security, steps};
use crate::kube::Object;
use crate::language::component::workload::Workload;
use crate::language::value::Port;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;

/// How long a pod runs.
#[derive(Debug, Clone, Copy)]
pub enum Run<'a> {
    /// Until it is stopped.
    Forever,
    /// Until its work is done: these steps, or its command when there are none.
    ToItsEnd(&'a [Spanned<Vec<String>>]),
}

/// What differs between the pods of the kinds.
#[derive(Debug, Clone, Copy)]
pub struct Blueprint<'a> {
    /// The fields that all kinds share.
    pub workload: &'a Workload,
    /// The main port.
    pub port: Option<Port>,
    /// The fewest pods there are.
    pub replicas: u32,
    /// Where claims come from.
    pub claims: Claims,
    /// How long it runs.
    pub run: Run<'a>,
    /// How its metrics are found.
    pub found: monitor::Found,
}

/// The pod, and what comes with it.
#[derive(Debug)]
pub struct Pod<'a> {
    /// The template.
    pub template: PodTemplateSpec,
    /// The claims that a StatefulSet makes for each pod.
    pub claim_templates: Vec<PersistentVolumeClaim>,
    /// Everything that comes with it: ServiceAccount, ConfigMap, claims, monitors…
    pub objects: Vec<Object>,
    /// Its ports.
    pub ports: Ports<'a>,
    /// The version, from the image's tag.
    pub version: Option<String>,
}

impl<'a> Pod<'a> {
    /// The pod of a workload.
    pub fn of(blueprint: Blueprint<'a>, site: &Site, report: &mut Report) -> Self {
        let Blueprint { workload, port, replicas, claims, run, found } = blueprint;
        let ports = Ports::of(workload, port, site, report);
        let mut volumes = Volumes::of(workload, claims, site, report);
        let mut config = Config::new(workload.volumes.keys().map(ToString::to_string));
        check_names(workload, run, site, report);

        let mut main = main(workload, &ports, &mut volumes, &mut config, site, report);
        let mut init = init(workload, &ports, &mut volumes, &mut config, site, report);
        let mut sidecars = sidecars(workload, &ports, &mut volumes, &mut config, site, report);
        let mut restart = None;
        if let Run::ToItsEnd(commands) = run {
            // As init containers that never end, sidecars serve the steps and do not keep the pod from finishing.
            for sidecar in &mut sidecars {
                sidecar.restart_policy = Some("Always".to_owned());
            }
            init.append(&mut sidecars);
            init.extend(steps::split(&mut main, commands, workload, report));
            // Each attempt is a pod of its own, so that the logs of the failed ones stay.
            restart = Some("Never".to_owned());
        }
        let mut containers = vec![main];
        containers.append(&mut sidecars);

        let mut mounted = volumes.mounted();
        mounted.extend(config.volumes(site));
        let token = account::has_token(workload.identity.as_ref());
        let secure = workload.security.as_ref();
        let host_network = secure.is_some_and(|security| security.host_network.value).then_some(true);
        let mut spec = PodSpec {
            automount_service_account_token: (!token).then_some(false),
            containers,
            dns_policy: host_network.map(|_| "ClusterFirstWithHostNet".to_owned()),
            enable_service_links: Some(false),
            host_network,
            image_pull_secrets: pull_secrets(workload),
            init_containers: (!init.is_empty()).then_some(init),
            restart_policy: restart,
            security_context: Some(security::pod(secure)),
            service_account_name: Some(site.place().component.to_owned()),
            termination_grace_period_seconds: workload
                .stop_within
                .and_then(|time| time.seconds())
                .filter(|s| *s != 30),
            volumes: (!mounted.is_empty()).then_some(mounted),
            ..PodSpec::default()
        };
        scheduling::apply(&mut spec, workload.scheduling.as_ref(), replicas, site);

        let version = workload.container.image.value.version_label();
        let annotations = config.checksum().map(|sum| BTreeMap::from([("checksum/config".to_owned(), sum)]));
        let template = PodTemplateSpec {
            metadata: Some(ObjectMeta {
                labels: Some(labels(workload, version.as_deref(), site)),
                annotations,
                ..ObjectMeta::default()
            }),
            spec: Some(spec),
        };

        let mut objects = account::objects(workload.identity.as_ref(), site);
        objects.extend(external_secret::object(&workload.secrets, site, report));
        objects.extend(config.object(site, report));
        objects.append(&mut volumes.objects);
        objects.extend(monitor::object(&ports, found, site));
        Self { template, claim_templates: volumes.templates, objects, ports, version }
    }

    /// Adds the NetworkPolicy, where the stack denies what nothing asks for; `routed` are the ports that routes
    /// lead to.
    pub fn close(&mut self, workload: &Workload, routed: &[u16], site: &Site, report: &mut Report) {
        let opening = Opening {
            routed: routed.to_vec(),
            scraped: self.ports.scraped.iter().map(|(number, _)| *number).collect(),
            network: workload.network.as_ref(),
            api: account::has_token(workload.identity.as_ref()),
        };
        self.objects.extend(network_policy::object(&opening, site, report));
    }
}

/// The labels of a pod: those that select it, what it is part of, and the component's own.
fn labels(workload: &Workload, version: Option<&str>, site: &Site) -> BTreeMap<String, String> {
    let own = workload.common.labels.iter();
    let mut labels: BTreeMap<String, String> =
        own.map(|(key, value)| (key.to_string(), value.to_string())).collect();
    labels.extend(site.place().selector());
    labels.insert("app.kubernetes.io/part-of".to_owned(), site.deployment.stack.name.clone());
    labels.insert("app.kubernetes.io/managed-by".to_owned(), "kiln".to_owned());
    if let Some(version) = version {
        labels.insert("app.kubernetes.io/version".to_owned(), version.to_owned());
    }
    labels
}

fn pull_secrets(workload: &Workload) -> Option<Vec<LocalObjectReference>> {
    let secrets: Vec<LocalObjectReference> =
        workload.pull_secrets.iter().map(|name| LocalObjectReference { name: name.to_string() }).collect();
    (!secrets.is_empty()).then_some(secrets)
}

fn main(
    workload: &Workload,
    ports: &Ports,
    volumes: &mut Volumes,
    config: &mut Config,
    site: &Site,
    report: &mut Report,
) -> Container {
    let name = site.place().component;
    let mut mounts = volumes.main(workload);
    mounts.extend(config.add(name, &workload.container.config, site, report));
    let source =
        Source { name, fields: &workload.container, health: workload.health.as_ref(), opens: Opens::Main };
    container(source, workload, ports, mounts, site, report)
}

fn init(
    workload: &Workload,
    ports: &Ports,
    volumes: &mut Volumes,
    config: &mut Config,
    site: &Site,
    report: &mut Report,
) -> Vec<Container> {
    let mut steps: Vec<_> = workload.init.iter().collect();
    steps.sort_by_key(|(name, step)| (step.order, *name));
    let mut containers = Vec::new();
    for (name, step) in steps {
        let name = name.as_str();
        let mut mounts = volumes.beside(&step.mounts, workload, report);
        mounts.extend(config.add(name, &step.container.config, site, report));
        let source = Source { name, fields: &step.container, health: None, opens: Opens::Nothing };
        containers.push(container(source, workload, ports, mounts, site, report));
    }
    containers
}

fn sidecars(
    workload: &Workload,
    ports: &Ports,
    volumes: &mut Volumes,
    config: &mut Config,
    site: &Site,
    report: &mut Report,
) -> Vec<Container> {
    let mut containers = Vec::new();
    for (name, sidecar) in &workload.sidecars {
        let name = name.as_str();
        let mut mounts = volumes.beside(&sidecar.mounts, workload, report);
        mounts.extend(config.add(name, &sidecar.container.config, site, report));
        let opens = Opens::Sidecar(name);
        let source = Source { name, fields: &sidecar.container, health: sidecar.health.as_ref(), opens };
        containers.push(container(source, workload, ports, mounts, site, report));
    }
    containers
}

/// The containers of a pod have different names.
fn check_names(workload: &Workload, run: Run, site: &Site, report: &mut Report) {
    let steps = match run {
        Run::Forever => 0,
        Run::ToItsEnd(steps) => steps.len().saturating_sub(1),
    };
    let mut taken: BTreeMap<String, &str> =
        (1..=steps).map(|number| (format!("step-{number}"), "one of the steps")).collect();
    taken.insert(site.component.name.clone(), "the main container");
    let sidecars = workload.sidecars.iter().map(|(name, sidecar)| (name, sidecar.span, "a sidecar"));
    let init = workload.init.iter().map(|(name, step)| (name, step.span, "an init step"));
    for (name, span, what) in sidecars.chain(init) {
        if let Some(other) = taken.insert(name.to_string(), what) {
            report.add(
                Diagnostic::new(
                    Code::NameTaken,
                    span,
                    format!("{what} is named `{name}`, and so is {other}"),
                )
                .help("the containers of a pod have different names"),
            );
        }
    }
}
