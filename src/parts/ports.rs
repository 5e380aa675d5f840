//! The ports of a pod: which container opens them, what they are called, which of them the Service has.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{ContainerPort, ServicePort};

use crate::language::component::metrics::Metrics;
use crate::language::component::workload::Workload;
use crate::language::value::{Port, PortName, Scalar};
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// The name of a component's main port.
pub const MAIN: &str = "http";

/// One port of a pod.
#[derive(Debug, Clone, PartialEq)]
pub struct PodPort {
    /// The number.
    pub number: u16,
    /// Its name in the pod.
    pub name: String,
    /// The sidecar that opens it; `None` for the main container.
    pub sidecar: Option<String>,
    /// Its name on the Service, when it is there.
    pub service: Option<String>,
    /// Whether it is there for more than metrics.
    serves: bool,
}

/// All ports of a pod.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ports<'a> {
    /// The main port.
    pub main: Option<u16>,
    list: Vec<PodPort>,
    /// What is scraped: the number of the port, and how.
    pub scraped: Vec<(u16, &'a Metrics)>,
}

impl<'a> Ports<'a> {
    /// The ports of a workload whose main port is `main`.
    pub fn of(workload: &'a Workload, main: Option<Port>, site: &Site, report: &mut Report) -> Self {
        let mut ports = Self { main: main.map(Port::number), ..Self::default() };
        for (sidecar, fields) in &workload.sidecars {
            for (name, port) in &fields.ports {
                ports.open(port.number(), name.as_str(), Some(sidecar.as_str()), fields.span, report);
            }
        }
        if let Some(main) = ports.main {
            ports.serve(main, MAIN, site.component.span, report);
        }
        for (name, port) in &workload.ports {
            ports.serve(port.number(), name.as_str(), workload.span, report);
        }
        if let Some(metrics) = &workload.metrics {
            let number = metrics.port.as_ref().map(|port| port.value.number()).or(ports.main);
            ports.scrape(number, metrics, None, report);
        }
        for (sidecar, fields) in &workload.sidecars {
            if let Some(metrics) = &fields.metrics {
                let number = metrics.port.as_ref().map(|port| port.value.number());
                let number = number.or_else(|| ports.only(Some(sidecar.as_str())));
                ports.scrape(number, metrics, Some(sidecar.as_str()), report);
            }
        }
        ports
    }

    /// The port with this number.
    pub fn find(&self, number: u16) -> Option<&PodPort> {
        self.list.iter().find(|port| port.number == number)
    }

    /// The port with this name on the Service.
    pub fn on_service(&self, name: &str) -> Option<&PodPort> {
        self.list.iter().find(|port| port.service.as_deref() == Some(name))
    }

    /// The names on the Service.
    pub fn service_names(&self) -> impl Iterator<Item = &str> {
        self.list.iter().filter_map(|port| port.service.as_deref())
    }

    /// The numbers of all ports.
    pub fn numbers(&self) -> Vec<u16> {
        self.list.iter().map(|port| port.number).collect()
    }

    /// The only port of a container, or the main port of the main container.
    pub fn only(&self, sidecar: Option<&str>) -> Option<u16> {
        if sidecar.is_none() && self.main.is_some() {
            return self.main;
        }
        let mut own = self.list.iter().filter(|port| port.sidecar.as_deref() == sidecar && port.serves);
        match (own.next(), own.next()) {
            (Some(port), None) => Some(port.number),
            _ => None,
        }
    }

    /// What a container opens.
    pub fn container(&self, sidecar: Option<&str>) -> Option<Vec<ContainerPort>> {
        let own: Vec<ContainerPort> = self
            .list
            .iter()
            .filter(|port| port.sidecar.as_deref() == sidecar)
            .map(|port| ContainerPort {
                container_port: i32::from(port.number),
                name: Some(port.name.clone()),
                ..ContainerPort::default()
            })
            .collect();
        (!own.is_empty()).then_some(own)
    }

    /// What the Service offers: the same numbers as in the pod, the main port first.
    pub fn service(&self) -> Vec<ServicePort> {
        let (main, others): (Vec<_>, Vec<_>) =
            self.list.iter().partition(|port| Some(port.number) == self.main);
        main.into_iter()
            .chain(others)
            .filter_map(|port| {
                Some(ServicePort {
                    name: Some(port.service.clone()?),
                    port: i32::from(port.number),
                    ..ServicePort::default()
                })
            })
            .collect()
    }

    fn open(&mut self, number: u16, name: &str, sidecar: Option<&str>, span: Span, report: &mut Report) {
        if let Some(other) = self.find(number) {
            let by = other.sidecar.as_deref().map_or_else(
                || "the main container".to_owned(),
                |sidecar| format!("the sidecar `{sidecar}`"),
            );
            report.add(
                Diagnostic::new(
                    Code::ConflictingFields,
                    span,
                    format!("port {number} is opened twice: {by} has it as `{}`", other.name),
                )
                .help("the containers of a pod share one address: give each its own ports"),
            );
            return;
        }
        let name = match self.list.iter().any(|port| port.name == name) {
            true => self.fresh(name, sidecar),
            false => name.to_owned(),
        };
        self.list.push(PodPort {
            number,
            name,
            sidecar: sidecar.map(str::to_owned),
            service: None,
            serves: true,
        });
    }

    /// Puts a port on the Service, and opens it in the main container unless a sidecar does.
    fn serve(&mut self, number: u16, name: &str, span: Span, report: &mut Report) {
        if let Some(other) = self.on_service(name) {
            let message = format!("two ports are named `{name}`: {} and {number}", other.number);
            report
                .add(Diagnostic::new(Code::ConflictingFields, span, message).help("`http` is the main port"));
            return;
        }
        match self.list.iter_mut().find(|port| port.number == number) {
            Some(port) if port.sidecar.is_some() && port.service.is_none() => {
                port.service = Some(name.to_owned());
            }
            _ => {
                self.open(number, name, None, span, report);
                if let Some(port) = self.list.iter_mut().find(|port| port.number == number) {
                    port.service.get_or_insert_with(|| name.to_owned());
                }
            }
        }
    }

    fn scrape(
        &mut self,
        number: Option<u16>,
        metrics: &'a Metrics,
        sidecar: Option<&str>,
        report: &mut Report,
    ) {
        let Some(number) = number else {
            report.add(
                Diagnostic::new(
                    Code::MissingField,
                    metrics.span,
                    "it is not known which port has the metrics",
                )
                .help("set `port`"),
            );
            return;
        };
        if self.find(number).is_none() {
            let name = self.fresh("metrics", sidecar);
            self.open(number, &name, sidecar, metrics.span, report);
            self.list.iter_mut().filter(|port| port.number == number).for_each(|port| port.serves = false);
        }
        let taken: BTreeSet<String> = self.service_names().map(str::to_owned).collect();
        let free = self.fresh("metrics", sidecar);
        if let Some(port) = self.list.iter_mut().find(|port| port.number == number) {
            let name = if taken.contains(&port.name) { free } else { port.name.clone() };
            port.service.get_or_insert(name);
        }
        self.scraped.push((number, metrics));
    }

    /// A name that no port has: the wanted one, or one made of the sidecar's.
    fn fresh(&self, wanted: &str, sidecar: Option<&str>) -> String {
        let taken = |name: &str| {
            self.list.iter().any(|port| port.name == name || port.service.as_deref() == Some(name))
        };
        let mut candidates = vec![wanted.to_owned()];
        if let Some(sidecar) = sidecar {
            let short: String = sidecar.chars().take(15).collect();
            candidates.push(short.trim_end_matches('-').to_owned());
        }
        let numbered = (2..=u16::MAX).map(|number| format!("port-{number}"));
        candidates
            .into_iter()
            .chain(numbered)
            .find(|name| PortName::parse(name).is_ok() && !taken(name))
            .unwrap_or_else(|| wanted.to_owned())
    }
}
