//! Documents of YAML as objects.

use std::ops::Range;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::{Map, Value};

use super::scope::Definitions;
use super::yaml;
use crate::kube::fields::wrong_fields;
use crate::kube::{Body, Object, Raw, Stage};
use crate::report::nearest::advice;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{FileId, Span};

/// YAML, and where it comes from.
#[derive(Debug, Clone, Copy)]
pub enum Text<'a> {
    /// A file under `files/`.
    Written {
        /// Its content.
        text: &'a str,
        /// The file.
        file: FileId,
        /// Where the definitions name it.
        used: Span,
    },
    /// What a template gave.
    Rendered {
        /// What it gave.
        text: &'a str,
        /// The template's path.
        template: &'a str,
        /// Where the definitions name it.
        used: Span,
    },
}

impl<'a> Text<'a> {
    fn text(&self) -> &'a str {
        match self {
            Text::Written { text, .. } | Text::Rendered { text, .. } => text,
        }
    }

    /// A problem at these bytes: in the file itself, or by line in what the template gave.
    fn problem(
        &self,
        code: Code,
        message: &str,
        at: Range<usize>,
        first: Option<Range<usize>>,
    ) -> Diagnostic {
        match self {
            Text::Written { file, used, .. } => {
                let mut diagnostic = Diagnostic::new(code, Span::new(*file, at), message);
                if let Some(first) = first {
                    diagnostic = diagnostic.because(Span::new(*file, first), "first here");
                }
                diagnostic.because(*used, "used here")
            }
            Text::Rendered { text, template, used } => {
                let before = text.get(..at.start).unwrap_or(text);
                let line = 1 + before.matches('\n').count();
                let shown = text.lines().nth(line - 1).unwrap_or_default().trim();
                let shown: String = shown.chars().take(100).collect();
                Diagnostic::new(
                    code,
                    *used,
                    format!("what `{template}` gives is wrong in line {line}: {message}"),
                )
                .label("used here")
                .help(format!("line {line} is `{shown}`"))
            }
        }
    }
}

/// A document that is a mapping, and where it begins.
#[derive(Debug)]
pub struct Document<'a> {
    /// What it says.
    pub fields: Map<String, Value>,
    text: Text<'a>,
    start: usize,
}

/// The documents of a text, the items of lists among them; problems are reported.
pub fn read<'a>(text: &Text<'a>, report: &mut Report) -> Vec<Document<'a>> {
    let read = match yaml::read(text.text()) {
        Ok(read) => read,
        Err(problem) => {
            report.add(text.problem(Code::InvalidYaml, &problem.message, problem.at, problem.first));
            return Vec::new();
        }
    };
    if read.is_empty() && matches!(text, Text::Written { .. }) {
        report.add(text.problem(Code::InvalidManifest, "there is no object in this file", 0..0, None));
    }
    let mut documents = Vec::new();
    for document in read {
        expand(document.value, document.start, text, &mut documents, report);
    }
    documents
}

/// Adds a document, or the items of one that is a list, as kubectl does.
fn expand<'a>(
    value: Value,
    start: usize,
    text: &Text<'a>,
    into: &mut Vec<Document<'a>>,
    report: &mut Report,
) {
    let Value::Object(mut fields) = value else {
        report.add(text.problem(
            Code::InvalidManifest,
            "an object of Kubernetes is a mapping with `apiVersion`, `kind` and `metadata`",
            start..start,
            None,
        ));
        return;
    };
    let is_list = fields.get("kind").and_then(Value::as_str).is_some_and(|kind| kind.ends_with("List"));
    match fields.remove("items") {
        Some(Value::Array(items)) if is_list => {
            for item in items {
                expand(item, start, text, into, report);
            }
        }
        items => {
            fields.extend(items.map(|items| ("items".to_owned(), items)));
            into.push(Document { fields, text: *text, start });
        }
    }
}

/// What `metadata` may say; the rest belongs to the API server.
const METADATA: &[&str] =
    &["name", "generateName", "namespace", "labels", "annotations", "finalizers", "ownerReferences"];

impl Document<'_> {
    fn problem(&self, message: &str) -> Diagnostic {
        self.text.problem(Code::InvalidManifest, message, self.start..self.start, None)
    }

    /// Where a key is written: the first of its name that begins a line of the document.
    fn key(&self, name: &str) -> Range<usize> {
        let mut start = self.start;
        for line in self.text.text().get(self.start..).unwrap_or_default().split_inclusive('\n') {
            let key = line.trim_start().trim_start_matches("- ");
            if key.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')) {
                let at = start + (line.len() - key.len());
                return at..at + name.len();
            }
            start += line.len();
        }
        self.start..self.start
    }

    /// The object it says; `None` when a problem was reported.
    pub fn into_object(mut self, definitions: &Definitions, report: &mut Report) -> Option<Object> {
        let api_version = self.required("apiVersion", report);
        let kind = self.required("kind", report);
        let (api_version, kind) = (api_version?, kind?);
        let metadata = self.metadata(&kind, report)?;
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let scope = definitions.scope(group, &kind, metadata.namespace.is_some());
        let empty_text = matches!((group, &*kind), ("", "ConfigMap" | "Secret"));
        let mut fields = Map::new();
        for (key, value) in std::mem::take(&mut self.fields) {
            let nulls = if empty_text { Nulls::AreText } else { Nulls::AreAbsent };
            match without_nulls(value, nulls) {
                Ok(Some(value)) => fields.extend([(key, value)]),
                Ok(None) => {}
                Err(NullItem) => {
                    report.add(self.problem(&format!("a list in `{key}` has an item that is nothing")));
                    return None;
                }
            }
        }
        let stage = stage(group, &kind);
        let fields = Value::Object(fields);
        let wrong = wrong_fields(&api_version, &kind, &fields);
        for field in &wrong {
            let key =
                field.path.rsplit('.').next().and_then(|last| last.split('[').next()).unwrap_or_default();
            let message = format!("`{}` of the {kind} {}", field.path, field.reason);
            report.add(self.text.problem(Code::InvalidManifest, &message, self.key(key), None));
        }
        let Value::Object(fields) = fields else { return None };
        if !wrong.is_empty() {
            return None;
        }
        let raw = Raw { api_version, kind, scope, metadata, fields };
        Some(Object { body: Body::Raw(Box::new(raw)), stage })
    }

    /// Takes a field that has to be text.
    fn required(&mut self, field: &str, report: &mut Report) -> Option<String> {
        match self.fields.remove(field) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            Some(_) => {
                report.add(self.problem(&format!("`{field}` is no text")));
                None
            }
            None => {
                let near = advice(field, self.fields.keys().map(String::as_str));
                let mut diagnostic = self.problem(&format!("the object has no `{field}`"));
                diagnostic.help.extend(near.filter(|near| near.starts_with("did you")));
                report.add(diagnostic);
                None
            }
        }
    }

    fn metadata(&mut self, kind: &str, report: &mut Report) -> Option<ObjectMeta> {
        let value = self.fields.remove("metadata").unwrap_or(Value::Null);
        let Ok(Some(Value::Object(fields))) = without_nulls(value, Nulls::AreAbsent) else {
            report.add(self.problem(&format!("the {kind} has no `metadata`")));
            return None;
        };
        if let Some(unknown) = fields.keys().find(|key| !METADATA.contains(&key.as_str())) {
            let message = format!("`metadata.{unknown}` cannot be set on a {kind}");
            let mut diagnostic = self.text.problem(Code::InvalidManifest, &message, self.key(unknown), None);
            diagnostic.help.extend(advice(unknown, METADATA.iter().copied()));
            report.add(diagnostic);
            return None;
        }
        match serde_json::from_value::<ObjectMeta>(Value::Object(fields)) {
            Ok(metadata) if metadata.name.is_none() && metadata.generate_name.is_none() => {
                report.add(self.problem(&format!("the {kind} has no `metadata.name`")));
                None
            }
            Ok(metadata) => Some(metadata),
            Err(error) => {
                report.add(
                    self.problem(&format!("the `metadata` of the {kind} is wrong: {error}")).help(
                        "values of labels and annotations are text: put numbers and booleans in quotes",
                    ),
                );
                None
            }
        }
    }
}

/// What a null in a mapping stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nulls {
    /// Nothing: the API server would drop it, too.
    AreAbsent,
    /// Empty text, as in the data of a ConfigMap.
    AreText,
}

/// A list has an item that is null.
struct NullItem;

fn without_nulls(value: Value, nulls: Nulls) -> Result<Option<Value>, NullItem> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::Array(items) => Value::Array(
            items
                .into_iter()
                .map(|item| without_nulls(item, nulls)?.ok_or(NullItem))
                .collect::<Result<_, _>>()?,
        ),
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (key, value) in fields {
                match without_nulls(value, nulls)? {
                    Some(value) => kept.extend([(key, value)]),
                    None if nulls == Nulls::AreText => kept.extend([(key, Value::String(String::new()))]),
                    None => {}
                }
            }
            Value::Object(kept)
        }
        other => other,
    }))
}

/// What others need is applied before every component; what only watches, after.
fn stage(group: &str, kind: &str) -> Stage {
    match (group, kind) {
        ("", "Namespace") | ("apiextensions.k8s.io", "CustomResourceDefinition") => Stage::Foundation,
        ("networking.k8s.io", "NetworkPolicy") | ("external-secrets.io", _) => Stage::Foundation,
        (
            "monitoring.coreos.com",
            "ServiceMonitor" | "PodMonitor" | "Probe" | "PrometheusRule" | "ScrapeConfig",
        ) => Stage::Observer,
        _ => Stage::Component,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kube::Scope;

    fn objects(text: &str) -> (Vec<Object>, Report) {
        let mut report = Report::new();
        let text = Text::Written { text, file: FileId(0), used: Span::NOWHERE };
        let documents = read(&text, &mut report);
        let definitions = Definitions::of(documents.iter().map(|document| &document.fields));
        let objects =
            documents.into_iter().filter_map(|document| document.into_object(&definitions, &mut report));
        (objects.collect::<Vec<_>>(), report)
    }

    fn messages(report: &Report) -> Vec<String> {
        report.clone().finish().into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn documents_become_objects_and_lists_are_taken_apart() {
        let (objects, report) = objects(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, creationTimestamp: null}\ndata: {k: , m: \"1\"}\n---\n\
             apiVersion: v1\nkind: List\nitems:\n- apiVersion: cert-manager.io/v1\n  kind: ClusterIssuer\n  metadata: {name: b}\n  spec: {ca: }\n",
        );
        assert_eq!(messages(&report), Vec::<String>::new());
        let names: Vec<_> =
            objects.iter().map(|object| (object.kind(), object.name(), object.scope())).collect();
        assert_eq!(names, [("ConfigMap", "a", Scope::Namespaced), ("ClusterIssuer", "b", Scope::Cluster)]);
        let json: Vec<_> = objects.iter().map(|object| serde_json::to_value(object).unwrap()).collect();
        assert_eq!(json[0]["data"], serde_json::json!({"k": "", "m": "1"}));
        assert_eq!(json[1]["spec"], serde_json::json!({}));
    }

    #[test]
    fn what_is_no_object_is_refused_at_its_document() {
        let (objects, report) = objects(
            "apiversion: v1\nkind: Pod\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Pod\n---\n- 1\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {labels: {a: b}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: yes}}\n---\n\
             apiVersion: v1\nkind: Pod\nmetadata: {name: a, label: {}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [~]}\n",
        );
        assert_eq!(objects, []);
        assert_eq!(
            messages(&report),
            [
                "the object has no `apiVersion`",
                "the Pod has no `metadata`",
                "an object of Kubernetes is a mapping with `apiVersion`, `kind` and `metadata`",
                "the Pod has no `metadata.name`",
                "the `metadata` of the Pod is wrong: invalid type: boolean `true`, expected a string",
                "`metadata.label` cannot be set on a Pod",
                "a list in `spec` has an item that is nothing",
            ]
        );
        let starts: Vec<_> =
            report.clone().finish().iter().map(|d| d.place.as_ref().unwrap().span.start).collect();
        assert!(starts.is_sorted() && starts[0] == 0 && starts[1] > 0, "{starts:?}");
    }

    #[test]
    fn a_problem_in_rendered_text_is_shown_by_its_line() {
        let mut report = Report::new();
        let text =
            Text::Rendered { text: "a: 1\na: 2\n", template: "x/templates/y.yaml", used: Span::NOWHERE };
        assert!(read(&text, &mut report).is_empty());
        assert_eq!(
            messages(&report),
            ["what `x/templates/y.yaml` gives is wrong in line 2: the key `a` is there twice"]
        );
    }
}
