//! Parameters: every one set or defaulted, of its type and within its bounds.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::evaluate::Evaluator;
use super::placement::Placed;
use crate::language::param::{Param, ParamType};
use crate::language::read::{Read, Reader, Stage};
use crate::language::value::{Duration, Hostname, ImageReference, Port, Quantity, Scalar, Url};
use crate::load::{Definitions, Stack};
use crate::report::{Code, Diagnostic, Report, nearest};
use crate::source::{Node, Span, Value};
use crate::template::Scope;

/// Reports what is wrong with parameters whatever the cluster: names that the stack doesn't have,
/// values that are missing, and values as written that are not of their type.
pub fn check(definitions: &Definitions, report: &mut Report) {
    for stack in definitions.stacks.values() {
        for (name, param) in &stack.params {
            declaration(name, param, report);
        }
        for (name, instance) in &stack.instances {
            for (key, value) in &instance.params {
                let key = key.to_string();
                match stack.params.get(&key) {
                    Some(param) => drop(typed(&key, param, &value.node, Stage::Written, report)),
                    None if stack.unread.contains(&format!("params.{key}")) => {}
                    None => unknown(&key, value.key, stack, report),
                }
            }
            for (key, param) in &stack.params {
                if param.default.is_none() && !instance.params.contains_key(key.as_str()) {
                    report.add(
                        Diagnostic::new(
                            Code::MissingParam,
                            instance.span,
                            format!("instance `{name}` does not set the parameter `{key}`"),
                        )
                        .because(param.span, "which has no default")
                        .help(format!("add `{key}` to its `params`, or give the parameter a default")),
                    );
                }
            }
        }
    }
}

fn unknown(name: &str, span: Span, stack: &Stack, report: &mut Report) {
    report.add(
        Diagnostic::new(
            Code::UnknownParam,
            span,
            format!("stack `{}` has no parameter `{name}`", stack.name),
        )
        .nearest(name, stack.params.keys().map(String::as_str))
        .help(format!("parameters are declared as `[params.{name}]` in the stack")),
    );
}

/// Whether a parameter's own table makes sense.
fn declaration(name: &str, param: &Param, report: &mut Report) {
    if param.r#type == ParamType::Enum && param.values.is_empty() {
        report.add(
            Diagnostic::new(Code::MissingField, param.span, "an `enum` without `values` has no value")
                .help("add `values = [\"…\", \"…\"]`"),
        );
    }
    if let Some(value) = param.values.first().filter(|_| param.r#type != ParamType::Enum) {
        report.add(
            Diagnostic::new(Code::ConflictingFields, value.span, "only an `enum` has `values`")
                .because(param.span, "the parameter declared here is none"),
        );
    }
    for bound in param.min.iter().chain(&param.max) {
        if measure(param.r#type, bound).is_none() {
            report.add(
                Diagnostic::new(
                    Code::InvalidValue,
                    bound.span,
                    format!("a bound of type `{}` is not understood", param.r#type.word()),
                )
                .help("numbers, quantities, durations and ports are compared; strings, lists and maps by their length"),
            );
        }
    }
    if let Some(default) = &param.default {
        typed(name, param, default, Stage::Written, report);
    }
}

/// The values of all parameters of a deployment, and the variables that have none because of a mistake that is
/// reported.
pub fn fill(placed: &Placed, scope: &Scope, evaluator: &mut Evaluator) -> (Json, Vec<String>) {
    let mut values = Map::new();
    let mut missing: Vec<String> =
        placed.stack.unread.iter().filter(|key| key.starts_with("params.")).cloned().collect();
    for (name, param) in &placed.stack.params {
        let written = placed.instance.params.get(name.as_str()).map(|value| &value.node);
        let value = written
            .or(param.default.as_ref())
            .and_then(|node| evaluator.evaluate(node, scope))
            .and_then(|node| typed(name, param, &node, Stage::Final, evaluator.report));
        match value {
            Some(value) => drop(values.insert(name.clone(), value)),
            None => missing.push(format!("params.{name}")),
        }
    }
    (Json::Object(values), missing)
}

/// The value in its canonical form; `None` when it was reported, or is not known yet.
fn typed(name: &str, param: &Param, node: &Node, stage: Stage, report: &mut Report) -> Option<Json> {
    let mut reader = Reader::new(report, stage);
    if reader.defers(node) {
        return None;
    }
    let value = read(param, param.r#type, node, &mut reader)?;
    let size = measure(param.r#type, node);
    let below = |bound: &Node| {
        measure(param.r#type, bound).is_some_and(|bound| size.is_some_and(|size| size < bound))
    };
    let above = |bound: &Node| {
        measure(param.r#type, bound).is_some_and(|bound| size.is_some_and(|size| size > bound))
    };
    let least = param.min.as_ref().filter(|bound| below(bound)).map(|bound| (bound, "least"));
    let broken = least.or(param.max.as_ref().filter(|bound| above(bound)).map(|bound| (bound, "most")));
    if let Some((bound, word)) = broken {
        let of = match &node.value {
            Value::Array(_) | Value::Table(_) => "a length of ",
            Value::String(_) if !matches!(param.r#type, ParamType::Quantity | ParamType::Duration) => {
                "a length of "
            }
            _ => "",
        };
        let limit = match bound.to_json() {
            Json::String(text) => text,
            other => other.to_string(),
        };
        report.add(
            Diagnostic::new(
                Code::ParamOutOfRange,
                node.span,
                format!("the parameter `{name}` takes {of}at {word} `{limit}`"),
            )
            .because(bound.span, "the bound is set here"),
        );
        return None;
    }
    Some(value)
}

fn read(param: &Param, kind: ParamType, node: &Node, reader: &mut Reader) -> Option<Json> {
    match kind {
        ParamType::String => String::read(node, reader).map(Json::String),
        ParamType::Integer => i64::read(node, reader).map(Json::from),
        ParamType::Number => f64::read(node, reader).map(|_| node.to_json()),
        ParamType::Boolean => bool::read(node, reader).map(Json::Bool),
        ParamType::Hostname => scalar::<Hostname>(node, reader),
        ParamType::Url => scalar::<Url>(node, reader),
        ParamType::Image => scalar::<ImageReference>(node, reader),
        ParamType::Quantity => scalar::<Quantity>(node, reader),
        ParamType::Duration => scalar::<Duration>(node, reader),
        ParamType::Port => Port::read(node, reader).map(|port| Json::from(port.number())),
        ParamType::Enum => {
            let text = String::read(node, reader)?;
            if param.values.iter().any(|value| value.value == text) {
                return Some(Json::String(text));
            }
            let help = nearest::advice(&text, param.values.iter().map(|value| value.value.as_str()));
            reader.invalid(node.span, format!("`{text}` is not one of the parameter's values"), help)
        }
        ParamType::List => {
            let Value::Array(items) = &node.value else {
                return reader.expected(node, "a list");
            };
            let items = items.iter().map(|item| read(param, item_type(param), item, reader));
            items.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>().map(Json::Array)
        }
        ParamType::Map => {
            let Some(table) = node.as_table() else {
                return reader.expected(node, "a table");
            };
            let entries: Vec<Option<(String, Json)>> = table
                .entries
                .iter()
                .map(|(key, item)| Some((key.name.to_string(), read(param, item_type(param), item, reader)?)))
                .collect();
            let sorted = entries.into_iter().collect::<Option<BTreeMap<_, _>>>()?;
            Some(Json::Object(sorted.into_iter().collect()))
        }
    }
}

/// The type of the items; a list of lists is none, so that reading always ends.
fn item_type(param: &Param) -> ParamType {
    match param.items {
        None | Some(ParamType::List | ParamType::Map) => ParamType::String,
        Some(item) => item,
    }
}

fn scalar<T: Scalar + std::fmt::Display>(node: &Node, reader: &mut Reader) -> Option<Json> {
    T::read(node, reader).map(|value| Json::String(value.to_string()))
}

/// What bounds are compared by, in units that only compare within one type.
fn measure(kind: ParamType, node: &Node) -> Option<f64> {
    let length = |count: usize| Some(count as f64);
    match (kind, &node.value) {
        (_, Value::Integer(number)) if !matches!(kind, ParamType::Quantity | ParamType::Duration) => {
            Some(*number as f64)
        }
        (_, Value::Float(number)) => Some(*number),
        (ParamType::Quantity, Value::String(text)) => {
            Quantity::parse(text).ok().map(|value| value.nanos() as f64)
        }
        (ParamType::Quantity, Value::Integer(number)) => Some(*number as f64 * 1e9),
        (ParamType::Duration, Value::String(text)) => {
            Duration::parse(text).ok().map(|value| value.nanos() as f64)
        }
        (_, Value::String(text)) => length(text.chars().count()),
        (_, Value::Array(items)) => length(items.len()),
        (_, Value::Table(table)) => length(table.entries.len()),
        _ => None,
    }
}
