//! Environment variables: references resolved, and in an order in which `$(OTHER)` works.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::api::core::v1::{EnvVar, EnvVarSource, ObjectFieldSelector, SecretKeySelector};

use super::external_secret;
use crate::language::component::env::EnvValue;
use crate::language::component::secret::SecretSource;
use crate::language::value::{EnvName, Name};
use crate::plan::{OutputValue, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// A variable before it has its place.
#[derive(Debug)]
struct Entry {
    /// The variables it is made of, with values from Secrets.
    parts: Vec<EnvVar>,
    variable: EnvVar,
    uses: BTreeSet<String>,
    span: Span,
}

/// The variables of a container: by name, but what others use comes before them, since Kubernetes only expands
/// `$(OTHER)` to variables that stand earlier.
pub fn variables(
    env: &BTreeMap<EnvName, EnvValue>,
    secrets: &BTreeMap<Name, SecretSource>,
    site: &Site,
    report: &mut Report,
) -> Option<Vec<EnvVar>> {
    let mut entries = BTreeMap::new();
    for (name, value) in env {
        if let Some(entry) = entry(name.as_str(), value, env, secrets, site, report) {
            entries.insert(name.as_str(), entry);
        }
    }
    let sorted = sort(entries, report);
    (!sorted.is_empty()).then_some(sorted)
}

fn entry(
    name: &str,
    value: &EnvValue,
    env: &BTreeMap<EnvName, EnvValue>,
    secrets: &BTreeMap<Name, SecretSource>,
    site: &Site,
    report: &mut Report,
) -> Option<Entry> {
    let span = value.span();
    let plain = |value: String, uses| Entry {
        parts: Vec::new(),
        variable: EnvVar {
            name: name.to_owned(),
            value: Some(value).filter(|value| !value.is_empty()),
            value_from: None,
        },
        uses,
        span,
    };
    let entry = match value {
        EnvValue::Text(text) => {
            let (text, uses) = expand(&text.value, |other| env.contains_key(other));
            plain(text, uses)
        }
        EnvValue::Secret(secret) => {
            if !external_secret::declared(secret, secrets, report) {
                return None;
            }
            let source = external_secret::name(site.place().component);
            Entry {
                parts: Vec::new(),
                variable: of_secret(name, &source, secret.value.as_str()),
                uses: BTreeSet::new(),
                span,
            }
        }
        EnvValue::Field(field) => {
            let selector = ObjectFieldSelector { field_path: field.value.clone(), api_version: None };
            let source = EnvVarSource { field_ref: Some(selector), ..EnvVarSource::default() };
            let variable = EnvVar { name: name.to_owned(), value: None, value_from: Some(source) };
            Entry { parts: Vec::new(), variable, uses: BTreeSet::new(), span }
        }
        EnvValue::From(reference) => match &site.link(&reference.target)?.output.as_ref()?.value {
            OutputValue::Plain(value) => plain(literal(&text_of(value)), BTreeSet::new()),
            OutputValue::Secret { name: secret, key } => Entry {
                parts: Vec::new(),
                variable: of_secret(name, secret, key),
                uses: BTreeSet::new(),
                span,
            },
            OutputValue::Composed { text, parts } => {
                let mut helpers = Vec::new();
                let mut composed = literal(text);
                for (part, (secret, key)) in parts {
                    let mut helper = format!("{name}_{}", part.to_uppercase().replace(['-', '.'], "_"));
                    while env.contains_key(helper.as_str()) {
                        helper.push('_');
                    }
                    composed = composed.replace(&format!("{{{part}}}"), &format!("$({helper})"));
                    helpers.push(of_secret(&helper, secret, key));
                }
                Entry { parts: helpers, ..plain(composed, BTreeSet::new()) }
            }
            OutputValue::Claim(_) => return None,
        },
    };
    Some(entry)
}

fn of_secret(name: &str, secret: &str, key: &str) -> EnvVar {
    let selector = SecretKeySelector { name: secret.to_owned(), key: key.to_owned(), optional: None };
    let source = EnvVarSource { secret_key_ref: Some(selector), ..EnvVarSource::default() };
    EnvVar { name: name.to_owned(), value: None, value_from: Some(source) }
}

/// A value as a variable has it: text as it is, anything else as JSON.
pub fn text_of(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The text as Kubernetes has to see it so that `$(NAME)` stands for a declared variable, `$$(` for `$(`, and every
/// other character for itself; and the variables it uses.
///
/// The rule is `k8s.io/kubernetes/third_party/forked/golang/expansion`: `$$` becomes `$`, what no variable is stays.
pub fn expand(text: &str, declared: impl Fn(&str) -> bool) -> (String, BTreeSet<String>) {
    let mut expanded = String::with_capacity(text.len());
    let mut uses = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, found) = rest.split_at(at);
        expanded.push_str(before);
        rest = if let Some(after) = found.strip_prefix("$$(") {
            expanded.push_str("$$(");
            after
        } else if let Some(after) = found.strip_prefix("$(") {
            if let Some((name, _)) = after.split_once(')')
                && declared(name)
            {
                uses.insert(name.to_owned());
            }
            expanded.push_str("$(");
            after
        } else {
            let after = found.strip_prefix('$').unwrap_or_default();
            expanded.push_str(if after.starts_with('$') { "$$" } else { "$" });
            after
        };
    }
    expanded.push_str(rest);
    (expanded, uses)
}

/// The text as Kubernetes has to see it so that every character stands for itself.
fn literal(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        escaped.push(letter);
        if letter == '$' && matches!(letters.peek(), Some('$' | '(')) {
            escaped.push('$');
        }
    }
    escaped
}

fn sort(mut entries: BTreeMap<&str, Entry>, report: &mut Report) -> Vec<EnvVar> {
    let mut sorted = Vec::new();
    while let Some(name) = entries.keys().next().copied() {
        place(name, &mut entries, &mut Vec::new(), &mut sorted, report);
    }
    sorted
}

/// Takes a variable out of `entries`, after all that it uses.
fn place(
    name: &str,
    entries: &mut BTreeMap<&str, Entry>,
    path: &mut Vec<(String, Span)>,
    sorted: &mut Vec<EnvVar>,
    report: &mut Report,
) {
    let Some(entry) = entries.remove(name) else { return };
    path.push((name.to_owned(), entry.span));
    for used in &entry.uses {
        if let Some(start) = path.iter().position(|(other, _)| other == used) {
            report_cycle(path.get(start..).unwrap_or_default(), used, report);
        }
        place(used, entries, path, sorted, report);
    }
    path.pop();
    sorted.extend(entry.parts);
    sorted.push(entry.variable);
}

fn report_cycle(cycle: &[(String, Span)], used: &str, report: &mut Report) {
    let Some((name, span)) = cycle.last() else { return };
    let mut way: Vec<&str> = cycle.iter().map(|(name, _)| name.as_str()).collect();
    way.push(used);
    let message = match cycle.len() {
        1 => format!("the variable `{name}` is made of itself"),
        _ => format!("the variables are made of each other: `{}`", way.join("` → `")),
    };
    report.add(
        Diagnostic::new(Code::InvalidValue, *span, message)
            .help("write `$$(` where `$(` is meant to reach the program"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(variables: &[(&str, &str)]) -> (Vec<String>, usize) {
        let declared: BTreeSet<&str> = variables.iter().map(|(name, _)| *name).collect();
        let entries = variables
            .iter()
            .map(|(name, text)| {
                let (value, uses) = expand(text, |other| declared.contains(other));
                let variable = EnvVar { name: (*name).to_owned(), value: Some(value), value_from: None };
                (*name, Entry { parts: Vec::new(), variable, uses, span: Span::NOWHERE })
            })
            .collect();
        let mut report = Report::new();
        let names = sort(entries, &mut report).into_iter().map(|variable| variable.name).collect();
        (names, report.iter().count())
    }

    #[test]
    fn what_others_use_comes_first_and_the_rest_goes_by_name() {
        let (names, problems) = sorted(&[("A", "$(Z)/a"), ("B", "b"), ("Z", "$(Y)"), ("Y", "y")]);
        assert_eq!((names, problems), (["Y", "Z", "A", "B"].map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn a_circle_of_variables_is_one_problem() {
        assert_eq!(sorted(&[("A", "$(B)"), ("B", "$(A)")]).1, 1);
        assert_eq!(sorted(&[("PATH", "$(PATH):/bin")]).1, 1);
    }

    /// What the kubelet makes of a text (`expansion.Expand`).
    fn kubelet(text: &str, variables: &BTreeMap<&str, &str>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            rest = if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                after
            } else if let Some((name, after)) =
                after.strip_prefix('(').and_then(|inner| inner.split_once(')'))
            {
                out.push_str(variables.get(name).copied().unwrap_or(&format!("$({name})")));
                after
            } else {
                out.push('$');
                after
            };
        }
        out + rest
    }

    #[test]
    fn every_text_reaches_the_program_as_it_is_meant() {
        let variables = BTreeMap::from([("X", "x")]);
        for (written, meant) in [
            ("$(X)", "x"),
            ("$$(X)", "$(X)"),
            ("$(date)", "$(date)"),
            ("a$b", "a$b"),
            ("a$$b", "a$$b"),
            ("$$$(X)", "$$(X)"),
            ("$", "$"),
            ("$$", "$$"),
            ("$(", "$("),
        ] {
            assert_eq!(
                kubelet(&expand(written, |name| variables.contains_key(name)).0, &variables),
                meant,
                "{written}"
            );
        }
        for text in ["$(X)", "$$(X)", "$$", "$$$", "$a", "$$a$(", "p$$(X)$$"] {
            assert_eq!(kubelet(&literal(text), &variables), text, "{text}");
        }
    }
}
