//! Startup, readiness and liveness probes, from one `health`.

use k8s_openapi::api::core::v1::{
    ExecAction, GRPCAction, HTTPGetAction, HTTPHeader, Probe as KubeProbe, TCPSocketAction,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::ports::Ports;
use crate::language::component::health::{Check, Health, Probe, Timing};
use crate::language::value::Duration;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// How often a starting container is asked, in seconds: often, so that it serves as soon as it can.
const STARTUP_PERIOD: i32 = 5;

/// The probes of a container.
#[derive(Debug, Default, PartialEq)]
pub struct Probes {
    /// Holds back the others until it passes.
    pub startup: Option<KubeProbe>,
    /// Traffic comes only while it passes.
    pub readiness: Option<KubeProbe>,
    /// The container is restarted when it fails.
    pub liveness: Option<KubeProbe>,
}

/// The probes of the container `sidecar` (`None`: the main one).
///
/// Without liveness there is no startup probe either: its failure would restart the container.
pub fn probes(health: &Health, ports: &Ports, sidecar: Option<&str>, report: &mut Report) -> Probes {
    let base = given(&health.check).then_some((&health.check, &health.timing, health.span));
    let base = base.map(|(check, timing, span)| (check.clone(), timing.clone(), span));
    let chosen = |own: &'_ Option<Probe>| match own {
        Some(own) => Some(differing(own, health)),
        None => base.clone(),
    };
    let ready = chosen(&health.ready);
    let live = chosen(&health.live).filter(|_| health.restart);
    if ready.is_none() && live.is_none() {
        report.add(
            Diagnostic::new(Code::MissingField, health.span, "it is not said what is asked")
                .help("set one of `http`, `tcp`, `grpc` and `command`"),
        );
    }
    let mut make = |chosen: &Option<(Check, Timing, Span)>| {
        chosen.as_ref().and_then(|(check, timing, span)| probe(check, timing, *span, ports, sidecar, report))
    };
    let (readiness, liveness) = (make(&ready), make(&live));
    let first = if base.is_some() && health.live.is_some() { make(&base) } else { liveness.clone() };
    let startup = first.filter(|_| liveness.is_some()).map(|first| startup(first, health));
    Probes { startup, readiness, liveness }
}

/// A probe set apart: what it does not say is as `health` says it.
fn differing(own: &Probe, health: &Health) -> (Check, Timing, Span) {
    let check = if given(&own.check) { own.check.clone() } else { health.check.clone() };
    let timing = Timing {
        interval: own.timing.interval.or(health.timing.interval),
        timeout: own.timing.timeout.or(health.timing.timeout),
        failures: own.timing.failures.or(health.timing.failures),
        ..own.timing.clone()
    };
    (check, timing, own.span)
}

/// The probe that holds back the others: asked often, unless the definition says how often, and for as
/// long as a start may take.
fn startup(first: KubeProbe, health: &Health) -> KubeProbe {
    let period = first.period_seconds.unwrap_or(STARTUP_PERIOD);
    let time = seconds(health.start_within);
    let attempts = time / period + i32::from(time % period != 0);
    KubeProbe { period_seconds: Some(period), failure_threshold: other_than(attempts, 3), ..first }
}

/// Whether anything is asked.
fn given(check: &Check) -> bool {
    check.http.is_some()
        || check.tcp.as_ref().is_some_and(|tcp| tcp.value)
        || check.grpc.is_some()
        || check.command.is_some()
}

fn probe(
    check: &Check,
    timing: &Timing,
    span: Span,
    ports: &Ports,
    sidecar: Option<&str>,
    report: &mut Report,
) -> Option<KubeProbe> {
    let tcp = check.tcp.as_ref().filter(|tcp| tcp.value);
    let mut probe = KubeProbe {
        period_seconds: timing.interval.and_then(|time| other_than(seconds(time), 10)),
        timeout_seconds: timing.timeout.and_then(|time| other_than(seconds(time), 1)),
        failure_threshold: timing.failures.and_then(|failures| other_than(super::count(failures).max(1), 3)),
        ..KubeProbe::default()
    };
    match (&check.http, tcp, &check.grpc, &check.command) {
        (Some(path), None, None, None) => {
            probe.http_get = Some(HTTPGetAction {
                path: Some(path.value.to_string()),
                port: port(check, path.span, ports, sidecar, report)?.1,
                // `host` would change the address that is asked, and the *baseline* standard forbids it.
                http_headers: check
                    .host
                    .as_ref()
                    .map(|host| vec![HTTPHeader { name: "Host".to_owned(), value: host.to_string() }]),
                ..HTTPGetAction::default()
            });
        }
        (None, Some(tcp), None, None) => {
            let port = port(check, tcp.span, ports, sidecar, report)?.1;
            probe.tcp_socket = Some(TCPSocketAction { port, host: None });
        }
        (None, None, Some(service), None) => {
            let port = port(check, service.span, ports, sidecar, report)?.0;
            let service = Some(service.value.clone()).filter(|service| !service.is_empty());
            probe.grpc = Some(GRPCAction { port: i32::from(port), service, ..GRPCAction::default() });
        }
        (None, None, None, Some(command)) => {
            probe.exec = Some(ExecAction { command: Some(command.value.clone()) });
        }
        (None, None, None, None) => {
            report.add(
                Diagnostic::new(Code::MissingField, span, "it is not said what is asked")
                    .help("set one of `http`, `tcp`, `grpc` and `command`"),
            );
            return None;
        }
        _ => {
            report.add(
                Diagnostic::new(Code::ConflictingFields, span, "more than one thing is asked")
                    .help("set exactly one of `http`, `tcp`, `grpc` and `command`"),
            );
            return None;
        }
    }
    Some(probe)
}

/// The port that is asked: its number, and as the probe names it.
fn port(
    check: &Check,
    span: Span,
    ports: &Ports,
    sidecar: Option<&str>,
    report: &mut Report,
) -> Option<(u16, IntOrString)> {
    let number = match &check.port {
        Some(port) => port.value.number(),
        None => match ports.only(sidecar) {
            Some(number) => number,
            None => {
                report.add(
                    Diagnostic::new(Code::MissingField, span, "it is not known which port is asked")
                        .help("set `port` beside it"),
                );
                return None;
            }
        },
    };
    match ports.find(number) {
        Some(port) if port.sidecar.as_deref() == sidecar => {
            Some((number, IntOrString::String(port.name.clone())))
        }
        Some(_) => Some((number, IntOrString::Int(i32::from(number)))),
        None => {
            let open: Vec<String> = ports.numbers().iter().map(u16::to_string).collect();
            let at = check.port.as_ref().map_or(span, |port| port.span);
            report.add(
                Diagnostic::new(Code::UnknownPort, at, format!("nothing opens port {number}"))
                    .nearest(&number.to_string(), open.iter().map(String::as_str))
                    .help("name it under `ports`"),
            );
            None
        }
    }
}

/// Whole seconds, rounded up; at least one.
fn seconds(time: Duration) -> i32 {
    let seconds = time.nanos().div_euclid(1_000_000_000) + i128::from(time.nanos() % 1_000_000_000 != 0);
    i32::try_from(seconds.max(1)).unwrap_or(i32::MAX)
}

/// The number, unless it is what Kubernetes takes anyway.
fn other_than(number: i32, default: i32) -> Option<i32> {
    (number != default).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::read::{Read, Reader, Stage};
    use crate::language::value::{HttpPath, Scalar};
    use crate::source::Spanned;

    fn health(path: &str) -> Health {
        let empty = crate::source::Node::table(Default::default(), Span::NOWHERE);
        let mut report = Report::new();
        let mut health = Health::read(&empty, &mut Reader::new(&mut report, Stage::Final)).unwrap();
        health.check.http = Some(Spanned::new(HttpPath::parse(path).unwrap(), Span::NOWHERE));
        health
    }

    #[test]
    fn one_check_serves_as_all_three_probes_and_defaults_are_left_out() {
        let mut ports = Ports::default();
        ports.main = Some(8000);
        let mut health = health("/healthz");
        health.check.port = None;
        let mut report = Report::new();
        // The main port is not opened here, so it is reported rather than guessed.
        assert_eq!(probes(&health, &ports, None, &mut report), Probes::default());
        assert_eq!(report.iter().count(), 2);

        health.check.http = None;
        health.check.command = Some(Spanned::new(vec!["true".to_owned()], Span::NOWHERE));
        let made = probes(&health, &ports, None, &mut Report::new());
        let startup = made.startup.unwrap();
        assert_eq!((startup.period_seconds, startup.failure_threshold), (Some(5), Some(24)));
        assert_eq!(made.readiness, made.liveness);
        assert_eq!(made.liveness.unwrap().period_seconds, None);
        health.restart = false;
        let made = probes(&health, &ports, None, &mut Report::new());
        assert!(made.startup.is_none() && made.liveness.is_none() && made.readiness.is_some());
    }
}
