//! Patches: the users' own changes to finished objects, applied last.

use std::collections::BTreeSet;

use json_patch::{Patch as Operations, PatchErrorKind, PatchOperation};
use serde_json::{Value, json};

use crate::kube::fields::wrong_fields;
use crate::kube::{Body, Object, Raw};
use crate::language::component::patch::Patch;
use crate::plan::Component;
use crate::report::nearest::nearest;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// Applies the patches of a component, in the order of their names, to the objects they select.
pub fn apply(objects: &mut [Object], component: &Component, report: &mut Report) {
    for (name, patch) in &component.kind.common().patches {
        apply_one(name.as_str(), patch, objects, report);
    }
}

fn apply_one(name: &str, patch: &Patch, objects: &mut [Object], report: &mut Report) {
    if patch.merge.is_none() && patch.json.is_empty() && patch.remove.is_empty() {
        report.add(
            Diagnostic::new(Code::MissingField, patch.span, format!("the patch `{name}` changes nothing"))
                .help("say what it changes by `merge`, `json` or `remove`"),
        );
    }
    let mut found = false;
    for object in objects.iter_mut().filter(|object| selects(patch, object)) {
        found = true;
        match patched(object, patch) {
            Ok(raw) => object.body = Body::Raw(Box::new(raw)),
            Err(failure) => report.add(
                Diagnostic::new(
                    Code::PatchFails,
                    failure.span,
                    format!(
                        "the patch `{name}` fails on the {} `{}`: {}",
                        object.kind(),
                        object.name(),
                        failure.reason
                    ),
                )
                .label("this operation"),
            ),
        }
    }
    if !found {
        report.add(unmatched(name, patch, objects));
    }
}

fn selects(patch: &Patch, object: &Object) -> bool {
    let target = &patch.target;
    let named = target.name.as_ref().is_none_or(|name| name.value.as_str() == object.name());
    target.kind.value == object.kind() && named
}

fn unmatched(name: &str, patch: &Patch, objects: &[Object]) -> Diagnostic {
    let span = patch.target.name.as_ref().map_or(patch.target.kind.span, |name| name.span);
    let diagnostic =
        Diagnostic::new(Code::PatchMatchesNothing, span, format!("the patch `{name}` matches no object"));
    if objects.is_empty() {
        return diagnostic.help("the component has no objects that kiln writes");
    }
    let kinds: BTreeSet<&str> = objects.iter().map(Object::kind).collect();
    let kind = patch.target.kind.value.as_str();
    let present: BTreeSet<String> =
        objects.iter().map(|object| format!("{} `{}`", object.kind(), object.name())).collect();
    let present: Vec<String> = present.into_iter().collect();
    let near = nearest(kind, kinds.iter().copied()).filter(|_| !kinds.contains(kind));
    let diagnostic = match near {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic,
    };
    diagnostic.help(format!("the component has: {}", present.join(", ")))
}

struct Failure {
    span: Span,
    reason: String,
}

fn patched(object: &Object, patch: &Patch) -> Result<Raw, Failure> {
    let fail = |span: Span, reason: String| Failure { span, reason };
    let mut value = serde_json::to_value(object).map_err(|error| fail(patch.span, error.to_string()))?;
    // What was wrong before is not the patch's fault.
    let before = wrong_fields(object.api_version(), object.kind(), &value);
    if let Some(merge) = &patch.merge {
        json_patch::merge(&mut value, &merge.value.to_json());
    }
    for operation in &patch.json {
        operate(&mut value, operation.value.to_json(), operation.span)?;
    }
    for pointer in &patch.remove {
        operate(&mut value, json!({ "op": "remove", "path": pointer.value }), pointer.span)?;
    }
    let wrong = wrong_fields(object.api_version(), object.kind(), &value);
    let raw = into_raw(value, object).map_err(|reason| fail(patch.span, reason))?;
    let unchanged = raw.api_version == object.api_version()
        && raw.kind == object.kind()
        && raw.metadata.name == object.metadata().name
        && raw.metadata.namespace == object.metadata().namespace;
    if !unchanged {
        return Err(fail(
            patch.span,
            "a patch cannot change `apiVersion`, `kind`, `metadata.name` or `metadata.namespace`".to_owned(),
        ));
    }
    match wrong.into_iter().find(|field| !before.contains(field)) {
        Some(field) => Err(fail(patch.span, format!("then `{}` {}", field.path, field.reason))),
        None => Ok(raw),
    }
}

fn operate(value: &mut Value, operation: Value, span: Span) -> Result<(), Failure> {
    let fail = |reason: String| Failure { span, reason };
    let operation: PatchOperation =
        serde_json::from_value(operation).map_err(|error| fail(error.to_string()))?;
    let Operations(operations) = Operations(vec![operation]);
    json_patch::patch(value, &operations).map_err(|error| {
        let path = operations.first().map_or_else(String::new, |operation| operation.path().to_string());
        fail(match error.kind {
            PatchErrorKind::InvalidPointer => format!("it has no `{path}`"),
            PatchErrorKind::TestFailed => format!("`{path}` has another value"),
            other => other.to_string(),
        })
    })?;
    if weight(value) > LARGEST {
        return Err(fail(format!("it leaves an object of more than {LARGEST} values")));
    }
    Ok(())
}

/// The most values that an object may hold after an operation: copies of copies grow without bound.
const LARGEST: usize = 100_000;

fn weight(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(fields) => 1 + fields.values().map(weight).sum::<usize>(),
        _ => 1,
    }
}

fn into_raw(value: Value, before: &Object) -> Result<Raw, String> {
    let Value::Object(mut fields) = value else {
        return Err("it leaves no object".to_owned());
    };
    let mut text = |key: &str| match fields.remove(key) {
        Some(Value::String(text)) => Ok(text),
        _ => Err(format!("it leaves no `{key}`")),
    };
    let api_version = text("apiVersion")?;
    let kind = text("kind")?;
    let metadata = fields.remove("metadata").unwrap_or_default();
    let metadata = serde_json::from_value(metadata).map_err(|error| format!("`metadata`: {error}"))?;
    Ok(Raw { api_version, kind, scope: before.scope(), metadata, fields })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::read::{Read, Reader, Stage};
    use crate::source::{Node, Sources};
    use k8s_openapi::api::core::v1::ConfigMap;

    /// Applies the patch written as TOML to a ConfigMap `a` with `data.k = "1"`.
    fn run(text: &str) -> (Value, Vec<String>) {
        let sources = Sources::new(vec![("a.toml".to_owned(), text.as_bytes().to_vec())]);
        let (id, file) = sources.iter().next().unwrap();
        let mut report = Report::new();
        let table = crate::load::toml::parse(id, file, &mut report).unwrap();
        let node = Node::table(table, Span::new(id, 0..text.len()));
        let patch = Patch::read(&node, &mut Reader::new(&mut report, Stage::Final)).unwrap();
        let map = ConfigMap {
            metadata: super::super::named("a"),
            data: Some([("k".to_owned(), "1".to_owned())].into()),
            ..Default::default()
        };
        let mut objects = [Object::from(map)];
        apply_one("p", &patch, &mut objects, &mut report);
        let messages = report.finish().into_iter().map(|diagnostic| diagnostic.message).collect();
        (serde_json::to_value(&objects[0]).unwrap(), messages)
    }

    #[test]
    fn merge_json_and_remove_change_the_object() {
        let (value, messages) =
            run("target = { kind = \"ConfigMap\", name = \"a\" }\nmerge.data = { b = \"2\", c = \"3\" }\n\
             json = [{ op = \"replace\", path = \"/data/k\", value = \"9\" }]\nremove = [\"/data/c\"]\n");
        assert_eq!(messages, Vec::<String>::new());
        assert_eq!(value["data"], json!({ "k": "9", "b": "2" }));
    }

    #[test]
    fn a_patch_that_selects_nothing_is_reported() {
        let (_, messages) = run("target.kind = \"Deployment\"\nmerge.spec.replicas = 2\n");
        assert_eq!(messages, ["the patch `p` matches no object"]);
    }

    #[test]
    fn a_failing_operation_leaves_the_object_as_it_was() {
        let (value, messages) = run(
            "target.kind = \"ConfigMap\"\njson = [{ op = \"remove\", path = \"/data/k\" }, { op = \"remove\", path = \"/spec\" }]\n",
        );
        assert_eq!(value["data"], json!({ "k": "1" }));
        assert_eq!(messages.len(), 1);
        assert!(messages[0].starts_with("the patch `p` fails on the ConfigMap `a`: "), "{messages:?}");
    }

    #[test]
    fn copies_of_copies_come_to_an_end() {
        let copies: Vec<String> = (0..40)
            .map(|at| format!("{{ op = \"copy\", from = \"/data\", path = \"/data/c{at}\" }}"))
            .collect();
        let (_, messages) = run(&format!("target.kind = \"ConfigMap\"\njson = [{}]\n", copies.join(", ")));
        assert!(messages[0].contains("more than 100000 values"), "{messages:?}");
    }

    #[test]
    fn identity_cannot_be_patched() {
        for change in ["kind = \"Secret\"", "metadata.name = \"b\"", "metadata.namespace = \"c\""] {
            let (value, messages) = run(&format!("target.kind = \"ConfigMap\"\nmerge.{change}\n"));
            assert_eq!(
                (value["kind"].as_str(), value["metadata"]["name"].as_str()),
                (Some("ConfigMap"), Some("a"))
            );
            assert!(messages[0].contains("a patch cannot change"), "{messages:?}");
        }
    }
}
