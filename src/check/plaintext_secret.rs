//! `plaintext-secret`: a secret that everybody can read in the repository.

use k8s_openapi::api::core::v1::{Container, EnvVar};

use crate::kube::{self, Body};
use crate::report::{Code, Diagnostic};
use crate::source::Span;

use super::Fleet;
use super::finding::Findings;
use super::pod::Pod;

/// A variable with one of these in its name holds a secret…
const SECRET: &[&str] =
    &["PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY"];

/// …unless its last word says that it is something about a secret.
const ABOUT: &[&str] = &[
    "ALGORITHM",
    "AUDIENCE",
    "DIR",
    "ENABLED",
    "ENCRYPTION",
    "ENDPOINT",
    "FILE",
    "HEADER",
    "HOST",
    "ISSUER",
    "NAME",
    "NAMESPACE",
    "PATH",
    "PORT",
    "PREFIX",
    "TTL",
    "TYPE",
    "URI",
    "URL",
];

/// Finds values of variables, and Secrets, that are written out.
pub fn check(fleet: &Fleet, findings: &mut Findings) {
    for pod in &fleet.pods {
        for container in kube::pod::containers(&pod.spec) {
            for variable in container.env.iter().flatten() {
                let Some(value) = variable.value.as_deref() else { continue };
                if is_named_secret(&variable.name) && is_secret(value) || has_password(value) {
                    findings.add(pod.placed, plaintext(variable, span(pod, container, variable)));
                }
            }
        }
    }
    for placed in &fleet.objects.placed {
        let Body::Raw(raw) = &placed.object.body else { continue };
        let filled = ["data", "stringData"].iter().any(|field| {
            raw.at(&[field]).and_then(serde_json::Value::as_object).is_some_and(|data| !data.is_empty())
        });
        if raw.kind == "Secret" && raw.group().is_empty() && filled {
            let what = placed.object.key();
            findings.add(
                placed,
                Diagnostic::new(
                    Code::PlaintextSecret,
                    placed.span(fleet.plan),
                    format!("{what} is written out in a manifest"),
                )
                .help("fetch it from the cluster's store with `secrets`, or an ExternalSecret"),
            );
        }
    }
}

fn span(pod: &Pod, container: &Container, variable: &EnvVar) -> Span {
    let value = pod.written(container).and_then(|written| written.env.get(variable.name.as_str()));
    value.map_or(pod.span, |value| value.span())
}

fn plaintext(variable: &EnvVar, span: Span) -> Diagnostic {
    let name = &variable.name;
    Diagnostic::new(Code::PlaintextSecret, span, format!("the secret in `{name}` is written out"))
        .label("everybody who reads the repository reads this")
        .help(format!(
            "write `env.{name} = {{ secret = \"…\" }}`, and under `secrets` where it lies in the store"
        ))
}

fn is_named_secret(name: &str) -> bool {
    let name = name.to_uppercase();
    let last = name.rsplit('_').next().unwrap_or_default();
    (SECRET.iter().any(|word| name.contains(word)) || last == "PASS") && !ABOUT.contains(&last)
}

/// Whether a value may be a secret at all: what is made of other variables, paths, switches and numbers is none.
fn is_secret(value: &str) -> bool {
    let switch =
        ["true", "false", "yes", "no", "on", "off"].iter().any(|word| value.eq_ignore_ascii_case(word));
    let number = value.parse::<f64>().is_ok();
    !(value.is_empty() || value.contains("$(") || value.starts_with('/') || switch || number)
}

/// Whether a URL has a password written in it: `scheme://user:password@host`.
fn has_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    let password = user.and_then(|user| user.split_once(':')).map(|(_, password)| password);
    password.is_some_and(|password| !password.is_empty() && !password.contains("$("))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_variable_says_whether_it_holds_a_secret() {
        for name in ["DATABASE_PASSWORD", "PGPASSWORD", "DB_PASS", "SECRET_KEY", "api_key", "SLACK_TOKEN"] {
            assert!(is_named_secret(name), "{name}");
        }
        for name in ["DATABASE", "COMPASS", "PASSWORD_FILE", "TOKEN_URL", "SECRET_NAME", "TOKEN_TTL", "KEY"] {
            assert!(!is_named_secret(name), "{name}");
        }
    }

    #[test]
    fn switches_numbers_paths_and_compositions_are_no_secrets() {
        for value in ["", "true", "Off", "30", "/run/secrets/x", "$(OTHER)", "a-$(B)"] {
            assert!(!is_secret(value), "{value}");
        }
        assert!(is_secret("correct horse"));
    }

    #[test]
    fn a_password_in_a_url_is_found_whatever_the_variable_is_called() {
        assert!(has_password("postgres://app:hunter2@db:5432/app"));
        assert!(has_password("redis://:hunter2@cache"));
        for value in ["postgres://app:$(PASSWORD)@db", "http://host:8080/a@b", "amqp://guest@host", "a:b@c"] {
            assert!(!has_password(value), "{value}");
        }
    }
}
