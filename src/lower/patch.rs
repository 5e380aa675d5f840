//! Patches: the escape hatch, applied to finished objects.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};

use crate::kube::{Body, Object, Raw};
use crate::language::component::common::Common;
use crate::language::component::patch::{Patch, PatchTarget};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Node, Span};

/// Applies every patch of a component to the objects it names.
pub fn apply(objects: &mut [Object], common: &Common, report: &mut Report) {
    for (name, patch) in &common.patches {
        if patch.merge.is_none() && patch.json.is_empty() && patch.remove.is_empty() {
            report.add(
                Diagnostic::new(Code::MissingField, patch.span, format!("patch `{name}` changes nothing"))
                    .help("give it `merge`, `json` or `remove`"),
            );
        }
        let mut matched = false;
        for object in objects.iter_mut().filter(|object| is_target(object, &patch.target)) {
            matched = true;
            if let Some(patched) = patched(object, patch, report) {
                *object = patched;
            }
        }
        if !matched {
            nothing(objects, &patch.target, report);
        }
    }
}

fn is_target(object: &Object, target: &PatchTarget) -> bool {
    object.kind() == target.kind.value && target.name.as_ref().is_none_or(|name| object.name() == name.value.as_str())
}

fn nothing(objects: &[Object], target: &PatchTarget, report: &mut Report) {
    let names: Vec<String> = objects.iter().map(|object| format!("{} {}", object.kind(), object.name())).collect();
    let same_kind = objects.iter().any(|object| object.kind() == target.kind.value);
    let diagnostic = match &target.name {
        Some(name) if same_kind => Diagnostic::new(
            Code::PatchMatchesNothing,
            name.span,
            format!("the component has no {} `{}`", target.kind.value, name.value),
        )
        .nearest(name.value.as_str(), objects.iter().map(Object::name)),
        _ => Diagnostic::new(
            Code::PatchMatchesNothing,
            target.kind.span,
            format!("the component has no {}", target.kind.value),
        )
        .nearest(&target.kind.value, objects.iter().map(Object::kind)),
    };
    report.add(diagnostic.help(format!("its objects: {}", names.join(", "))));
}

fn patched(object: &Object, patch: &Patch, report: &mut Report) -> Option<Object> {
    let mut value = match serde_json::to_value(object) {
        Ok(value) => value,
        Err(error) => return fails(patch.span, &error.to_string(), report),
    };
    if let Some(merge) = &patch.merge {
        merge_into(&mut value, &merge.value);
    }
    for operation in &patch.json {
        let parsed: Result<json_patch::PatchOperation, _> = serde_json::from_value(operation.value.to_json());
        let result = match parsed {
            Ok(parsed) => json_patch::patch(&mut value, &[parsed]).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = result {
            return fails(operation.span, &error, report);
        }
    }
    for pointer in &patch.remove {
        let operation = serde_json::json!({ "op": "remove", "path": pointer.value });
        let result = serde_json::from_value(operation)
            .map_err(|error| error.to_string())
            .and_then(|operation| json_patch::patch(&mut value, &[operation]).map_err(|error| error.to_string()));
        if let Err(error) = result {
            return fails(pointer.span, &error, report);
        }
    }
    rebuilt(value, object, patch.span, report)
}

fn fails<T>(span: Span, message: &str, report: &mut Report) -> Option<T> {
    let line = message.lines().next().unwrap_or_default();
    report.add(
        Diagnostic::new(Code::PatchFails, span, format!("the patch cannot be applied: {line}"))
            .help("run `kiln build` without the patch to see the object it changes"),
    );
    None
}

/// A merge patch as in RFC 7386; TOML has no null, so it only sets.
fn merge_into(value: &mut Value, patch: &Node) {
    let Some(table) = patch.as_table() else {
        *value = patch.to_json();
        return;
    };
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    if let Value::Object(fields) = value {
        for (key, node) in &table.entries {
            merge_into(fields.entry(key.name.to_string()).or_insert(Value::Null), node);
        }
    }
}

/// The patched value as an object again; what identifies it must not have changed.
fn rebuilt(value: Value, object: &Object, span: Span, report: &mut Report) -> Option<Object> {
    let Value::Object(mut fields) = value else {
        return fails(span, "the result is no object", report);
    };
    let metadata = fields.remove("metadata").unwrap_or_default();
    let metadata: ObjectMeta = match serde_json::from_value(metadata) {
        Ok(metadata) => metadata,
        Err(error) => return fails(span, &format!("its metadata is wrong: {error}"), report),
    };
    let api_version = fields.remove("apiVersion");
    let kind = fields.remove("kind");
    let same = api_version.as_ref().and_then(Value::as_str) == Some(object.api_version())
        && kind.as_ref().and_then(Value::as_str) == Some(object.kind())
        && metadata.name == object.metadata().name
        && metadata.namespace == object.metadata().namespace;
    if !same {
        return fails(span, "apiVersion, kind, name and namespace stay what they are", report);
    }
    let raw = Raw {
        api_version: object.api_version().to_owned(),
        kind: object.kind().to_owned(),
        scope: object.scope(),
        metadata,
        fields,
    };
    Some(Object { body: Body::Raw(Box::new(raw)), stage: object.stage })
}
