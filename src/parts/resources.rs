//! Requests and limits of a container.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Amount;

use crate::language::component::resources::Resources;
use crate::language::value::Quantity;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;

/// Requests as written, and limits: memory and local storage as requested, CPU only where one is set.
pub fn requirements(resources: &Resources, report: &mut Report) -> ResourceRequirements {
    let memory_limit = resources.memory_limit.as_ref().or(resources.memory.as_ref());
    check(&resources.cpu, &resources.cpu_limit, "CPU", report);
    check(&resources.memory, &resources.memory_limit, "memory", report);
    ResourceRequirements {
        requests: amounts([
            ("cpu", resources.cpu.as_ref()),
            ("ephemeral-storage", resources.ephemeral_storage.as_ref()),
            ("memory", resources.memory.as_ref()),
        ]),
        limits: amounts([
            ("cpu", resources.cpu_limit.as_ref()),
            ("ephemeral-storage", resources.ephemeral_storage.as_ref()),
            ("memory", memory_limit),
        ]),
        claims: None,
    }
}

fn amounts<const N: usize>(
    amounts: [(&str, Option<&Spanned<Quantity>>); N],
) -> Option<BTreeMap<String, Amount>> {
    let amounts: BTreeMap<String, Amount> = amounts
        .into_iter()
        .filter_map(|(name, amount)| Some((name.to_owned(), Amount(amount?.value.to_string()))))
        .collect();
    (!amounts.is_empty()).then_some(amounts)
}

fn check(
    request: &Option<Spanned<Quantity>>,
    limit: &Option<Spanned<Quantity>>,
    what: &str,
    report: &mut Report,
) {
    if let (Some(request), Some(limit)) = (request, limit)
        && limit.value.nanos() < request.value.nanos()
    {
        report.add(
            Diagnostic::new(
                Code::InvalidValue,
                limit.span,
                format!("the {what} limit `{}` is below the request `{}`", limit.value, request.value),
            )
            .because(request.span, "this is requested"),
        );
    }
}
