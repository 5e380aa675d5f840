//! Expressions and templates: Tera with nothing in reach but the scope.
//!
//! No environment, clock, randomness, files or network: the engine holds only the templates of the
//! sources, and its functions are bounded.

mod fault;

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value as Json};
use tera::{Context, Kwargs, State, Tera, TeraResult};

use crate::load::Definitions;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, FileId, Node, Sources, Span, Value, is_expression};

/// The most a template may render, in bytes: the size limit of a ConfigMap, doubled.
const LARGEST: usize = 2 << 20;
/// The most items `range` gives.
const LONGEST_RANGE: i64 = 10_000;
/// The most items all `range`s of one template give together, so that nested loops come to an end.
const MOST_NUMBERS: i64 = 1_000_000;

thread_local! {
    /// What `range` has given in the template that this thread renders.
    static NUMBERS: Cell<i64> = const { Cell::new(0) };
}

/// The variables that expressions and templates see.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    values: Map<String, Json>,
    /// Variables whose mistakes are reported already, such as `params.host`.
    unread: Arc<[String]>,
    context: OnceLock<Context>,
}

impl Scope {
    /// A scope with these variables.
    pub fn new(values: Map<String, Json>) -> Self {
        Self { values, unread: Arc::new([]), context: OnceLock::new() }
    }

    /// The same scope with one more variable.
    #[must_use]
    pub fn with(&self, name: &str, value: Json) -> Self {
        let mut values = self.values.clone();
        values.insert(name.to_owned(), value);
        Self { values, unread: Arc::clone(&self.unread), context: OnceLock::new() }
    }

    /// The same scope, where these variables have no value for a reason that is reported already.
    #[must_use]
    pub fn without(mut self, unread: Vec<String>) -> Self {
        self.unread = unread.into();
        self
    }

    /// Whether a text asks for a variable whose mistake is reported already.
    fn asks_for_unread(&self, text: &str) -> bool {
        self.unread.iter().any(|name| text.contains(&**name))
    }

    /// The variable or field at a dotted path.
    pub fn get(&self, path: &str) -> Option<&Json> {
        let mut parts = path.split('.');
        let mut value = self.values.get(parts.next()?)?;
        for part in parts {
            value = value.get(part)?;
        }
        Some(value)
    }

    fn context(&self) -> &Context {
        self.context.get_or_init(|| {
            let mut context = Context::new();
            for (name, value) in &self.values {
                context.insert(name.clone(), value);
            }
            context
        })
    }
}

/// The compiled templates and expressions of a workspace.
pub struct Engine {
    tera: Tera,
    broken: BTreeMap<String, ()>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Engine {
    /// Compiles every template file and every expression of the definitions.
    pub fn new(sources: &Sources, definitions: &Definitions, report: &mut Report) -> Self {
        let mut tera = Tera::new();
        tera.autoescape_on(Vec::<String>::new());
        tera.register_function("range", range);
        tera.register_filter("json", json);
        tera.register_filter("quote", quote);
        let mut engine = Self { tera, broken: BTreeMap::new() };
        engine.add_files(sources, report);
        for stack in definitions.stacks.values() {
            let roots = stack.components.values().map(|component| &component.node);
            let roots = roots.chain(stack.overlays.values().flat_map(|overlay| overlay.components.values()));
            for node in roots.chain(stack.receivers.values()).chain(stack.shared.values()) {
                engine.add_expressions(node, sources, report);
            }
            let params = stack.instances.values().flat_map(|instance| instance.params.values());
            let params = params.map(|value| &value.node);
            for node in params.chain(stack.params.values().filter_map(|param| param.default.as_ref())) {
                engine.add_expressions(node, sources, report);
            }
            if let Some(namespace) = &stack.header.namespace {
                engine.add_expression(&namespace.value, namespace.span, sources, report);
            }
        }
        for node in definitions.defaults.values() {
            engine.add_expressions(node, sources, report);
        }
        engine
    }

    fn add_files(&mut self, sources: &Sources, report: &mut Report) {
        let templates: Vec<(FileId, &str, &str)> = sources
            .iter()
            .filter(|(_, file)| file.path.split('/').nth(1) == Some("templates"))
            .filter_map(|(id, file)| match &file.content {
                Content::Text(text) => Some((id, &*file.path, &**text)),
                Content::Binary(_) => None,
            })
            .collect();
        // Together first, because templates include each other; one by one to say what is wrong.
        if self.tera.add_raw_templates(templates.iter().map(|(_, path, text)| (*path, *text))).is_ok() {
            return;
        }
        for (id, path, text) in templates {
            if let Err(error) = self.tera.add_raw_template(path, text) {
                report.add(fault::in_file(&error, Code::InvalidTemplate, id, sources));
                self.broken.insert(path.to_owned(), ());
            }
        }
    }

    fn add_expressions(&mut self, node: &Node, sources: &Sources, report: &mut Report) {
        match &node.value {
            Value::String(text) => self.add_expression(text, node.span, sources, report),
            Value::Array(items) => items.iter().for_each(|item| self.add_expressions(item, sources, report)),
            Value::Table(table) => {
                table.entries.iter().for_each(|(_, value)| self.add_expressions(value, sources, report));
            }
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => {}
        }
    }

    fn add_expression(&mut self, text: &str, span: Span, sources: &Sources, report: &mut Report) {
        if !is_expression(text) || path_of(text).is_some() || self.tera.contains_template(&name_of(text)) {
            return;
        }
        if let Err(error) = self.tera.add_raw_template(&name_of(text), &source_of(text)) {
            report.add(fault::in_text(&error, Code::InvalidExpression, text, span, sources));
            self.broken.insert(text.to_owned(), ());
        }
    }

    /// The value of a text with expressions in it. A text that is one whole `{{ … }}` keeps the type
    /// of its value. `None` when it was reported.
    pub fn evaluate(
        &self,
        text: &str,
        span: Span,
        scope: &Scope,
        sources: &Sources,
        report: &mut Report,
    ) -> Option<Json> {
        if let Some(path) = path_of(text) {
            return match scope.get(path) {
                Some(value) => Some(value.clone()),
                None if scope.asks_for_unread(text) => None,
                None => {
                    report.add(fault::undefined(path, scope_names(scope, path), text, span, sources));
                    None
                }
            };
        }
        if self.broken.contains_key(text) {
            return None;
        }
        match self.render_bounded(&name_of(text), scope.context()) {
            Ok(rendered) if inner_of(text).is_some() => match serde_json::from_str(&rendered) {
                Ok(value) => Some(value),
                Err(_) => Some(Json::String(rendered)),
            },
            Ok(rendered) => Some(Json::String(rendered)),
            Err(_) if scope.asks_for_unread(text) => None,
            Err(error) => {
                report.add(fault::in_text(&error, Code::InvalidExpression, text, span, sources));
                None
            }
        }
    }

    /// Renders a template file. `values` is what the template sees under that name besides the scope.
    /// `None` when a problem was reported, in the template at its line and column.
    pub fn render(
        &self,
        file: FileId,
        scope: &Scope,
        values: &Map<String, Json>,
        used_at: Span,
        sources: &Sources,
        report: &mut Report,
    ) -> Option<String> {
        let path = &sources.get(file)?.path;
        if self.broken.contains_key(path) {
            return None;
        }
        if !self.tera.contains_template(path) {
            report.add(Diagnostic::new(
                Code::InvalidTemplate,
                used_at,
                format!("`{path}` is not UTF-8 text"),
            ));
            return None;
        }
        let mut context = scope.context().clone();
        context.insert("values", values);
        match self.render_bounded(path, &context) {
            Ok(text) => Some(text),
            Err(_) if scope.asks_for_unread(sources.text(file)) => None,
            Err(error) => {
                let mut diagnostic = fault::in_file(&error, Code::InvalidTemplate, file, sources);
                diagnostic = diagnostic.because(used_at, "used here");
                report.add(diagnostic);
                None
            }
        }
    }

    fn render_bounded(&self, name: &str, context: &Context) -> TeraResult<String> {
        let mut output = Bounded(Vec::new());
        NUMBERS.set(0);
        match self.tera.render_to(name, context, &mut output) {
            Ok(()) => Ok(String::from_utf8(output.0)?),
            Err(_) if output.0.len() >= LARGEST => {
                Err(tera::Error::message(format!("it renders more than {} MiB", LARGEST >> 20)))
            }
            Err(error) => Err(error),
        }
    }
}

/// A buffer that refuses to grow past [`LARGEST`].
struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = LARGEST.saturating_sub(self.0.len());
        self.0.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        if bytes.len() > room { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What stands between the braces of a text that is one whole expression.
fn inner_of(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix("{{")?.strip_suffix("}}")?;
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let inner = inner.strip_suffix('-').unwrap_or(inner);
    let theirs = inner.trim_start().starts_with(['$', '.']);
    (!theirs && !inner.contains("{{") && !inner.contains("}}") && !inner.contains("{%")).then_some(inner)
}

/// The path of a text that is nothing but a variable: looked up without the engine.
fn path_of(text: &str) -> Option<&str> {
    let inner = inner_of(text)?.trim();
    let plain = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    (!inner.is_empty() && inner.split('.').all(plain)).then_some(inner)
}

fn name_of(text: &str) -> String {
    format!("expression {text}")
}

/// The template that stands for a text: a whole expression is rendered as JSON to keep its type.
fn source_of(text: &str) -> Cow<'_, str> {
    match inner_of(text) {
        Some(inner) => Cow::Owned(format!("{PREFIX}{inner}) | json }}}}")),
        None => pass_through(text),
    }
}

/// Texts of Prometheus and Alertmanager hold templates of their own, `{{ $labels.pod }}` and
/// `{{ .CommonLabels }}`. No expression begins with `$` or `.`, so these are theirs: left as they are.
fn pass_through(text: &str) -> Cow<'_, str> {
    let mut passed = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, braces) = rest.split_at(start);
        let inner = braces.trim_start_matches("{{").trim_start_matches('-').trim_start();
        passed.push_str(before);
        match braces.find("}}") {
            Some(end) if inner.starts_with(['$', '.']) => {
                let (theirs, after) = braces.split_at(end + 2);
                passed.push_str("{% raw %}");
                passed.push_str(theirs);
                passed.push_str("{% endraw %}");
                rest = after;
            }
            _ => {
                let (braces, after) = braces.split_at(2);
                passed.push_str(braces);
                rest = after;
            }
        }
    }
    if passed.is_empty() {
        return Cow::Borrowed(text);
    }
    passed.push_str(rest);
    Cow::Owned(passed)
}

/// What [`source_of`] puts before the expression.
const PREFIX: &str = "{{ (";

fn scope_names(scope: &Scope, path: &str) -> Vec<String> {
    let mut known = None;
    let mut value: Option<&Json> = None;
    for part in path.split('.') {
        let fields = match (known, value) {
            (None, _) => Some(&scope.values),
            (_, Some(Json::Object(fields))) => Some(fields),
            _ => None,
        };
        let Some(fields) = fields else { return Vec::new() };
        match fields.get(part) {
            Some(next) => {
                known = Some(());
                value = Some(next);
            }
            None => {
                // A variable whose mistake is reported is one that can be meant.
                let beside = path.rsplit_once('.').map_or("", |(before, _)| before);
                let unread = scope.unread.iter().filter_map(|name| {
                    let (before, last) = name.rsplit_once('.')?;
                    (before == beside).then(|| last.to_owned())
                });
                return fields.keys().cloned().chain(unread).collect();
            }
        }
    }
    Vec::new()
}

fn range(arguments: Kwargs, _: &State) -> TeraResult<tera::Value> {
    let start = arguments.get::<i64>("start")?.unwrap_or(0);
    let end = arguments.must_get::<i64>("end")?;
    let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
    if step < 1 {
        return Err(tera::Error::message("`step_by` is at least 1"));
    }
    if end.saturating_sub(start) / step > LONGEST_RANGE {
        return Err(tera::Error::message(format!("`range` gives at most {LONGEST_RANGE} numbers")));
    }
    NUMBERS.set(NUMBERS.get() + (end.saturating_sub(start) / step).max(1));
    if NUMBERS.get() > MOST_NUMBERS {
        return Err(tera::Error::message(format!("loops over `range` take more than {MOST_NUMBERS} turns")));
    }
    let numbers: Vec<i64> = (start..end).step_by(usize::try_from(step).unwrap_or(1)).collect();
    Ok(tera::Value::from_serializable(&numbers))
}

fn json(value: &tera::Value, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(value).map_err(tera::Error::message)
}

fn quote(text: &str, _: Kwargs, _: &State) -> TeraResult<String> {
    serde_json::to_string(text).map_err(tera::Error::message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_alone_is_a_path() {
        assert_eq!(path_of("{{ params.replicas }}"), Some("params.replicas"));
        assert_eq!(path_of("{{ params.replicas + 1 }}"), None);
        assert_eq!(path_of("{{ a }}{{ b }}"), None);
        assert_eq!(inner_of("x {{ a }}"), None);
    }

    #[test]
    fn templates_of_prometheus_are_left_alone() {
        assert_eq!(pass_through("{{ params.x }}").as_ref(), "{{ params.x }}");
        assert_eq!(
            pass_through("{{ $labels.pod }} of {{ params.x }}").as_ref(),
            "{% raw %}{{ $labels.pod }}{% endraw %} of {{ params.x }}"
        );
        assert_eq!(inner_of("{{ $value }}"), None);
    }
}
