//! The JSON Schemas accept what the compiler accepts and refuse common mistakes, each of them alone.

use std::fs;
use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value;

fn validator(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(name);
    let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn problems(validator: &Validator, toml: &str) -> Vec<String> {
    let table: toml::Table = toml.parse().unwrap_or_else(|error| panic!("{error}\n{toml}"));
    let value = serde_json::to_value(table).unwrap();
    validator.iter_errors(&value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name();
        if entry.path().is_dir() && name != "files" && name != "templates" {
            definitions(&entry.path(), found);
        } else if entry.path().extension().is_some_and(|extension| extension == "toml") {
            found.push(entry.path());
        }
    }
}

#[test]
fn the_committed_definitions_are_valid() {
    let stacks = Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks");
    let (workspace, stack) = (validator("workspace.schema.json"), validator("stack.schema.json"));
    let mut found = Vec::new();
    definitions(&stacks, &mut found);
    assert!(found.iter().any(|path| path.parent() == Some(&stacks)), "no workspace in {found:?}");
    for path in found {
        let validator = if path.parent() == Some(&stacks) { &workspace } else { &stack };
        assert_eq!(problems(validator, &fs::read_to_string(&path).unwrap()), [""; 0], "{}", path.display());
    }
}

const WORKSPACE: &str = r#"
[workspace]
version = 1
requires = ">=0.1"
repository = { url = "https://git.example.org/platform/deploy.git", revision = "refs/heads/main", path = "out" }

[argocd]
deletion = "confirm"

[policy]
unpinned-image = "deny"
[policy.waivers.game]
rule = "unpinned-image"
match = { component = "game" }
reason = "upstream publishes no versions"

[charts.cert-manager]
repository = "https://charts.jetstack.io"
version = "v1.19.1"
provides = ["cert-manager.io"]

[clusters.east]
kubernetes = "1.35"
labels = { region = "east" }
ingress = { controller = "traefik", class = "traefik" }
capacity = { cpu = 32, memory = "128Gi" }

[placements.everything]
instances = {}
clusters = "region=east"

[defaults.service]
resources = { memory = "256Mi" }
replicas = "{{ params.replicas }}"
"#;

const STACK: &str = r#"
[stack]
team = "shop"
namespace = "{{ instance.name }}"

[params.replicas]
type = "integer"
default = 1
min = 1

[instances.production]
labels = { environment = "production" }
params = { replicas = 3 }

[components.api]
kind = "service"
enabled = "{{ params.replicas > 0 }}"
image = "registry.example.org/shop/api:{{ stack.name }}"
port = 8000
replicas = "{{ params.replicas }}"
resources = { cpu = "250m", memory = "512Mi" }
health = { http = "/healthz", interval = "10s" }
routes.api = { host = "{{ params.host }}", path = "/api" }
env.MODE = "fast"
env.WORKERS = 4
env.DATABASE_URL = { from = "postgres.url" }
volumes.data = { size = "10Gi", access = "shared", mount = "/data" }

[overlays.small]
instances = { environment = "staging" }
components.api.resources.cpu = "100m"
unset = ["components.api.scale"]
"#;

#[test]
fn whole_definitions_with_expressions_are_valid() {
    assert_eq!(problems(&validator("workspace.schema.json"), WORKSPACE), [""; 0]);
    assert_eq!(problems(&validator("stack.schema.json"), STACK), [""; 0]);
}

#[test]
fn mistakes_are_refused_at_their_place() {
    let workspace = [
        ("version = 1", "version = \"1\"", "/workspace/version"),
        ("requires = \">=0.1\"", "require = \">=0.1\"", "/workspace"),
        ("revision = \"refs/heads/main\"", "revision = 1", "/workspace/repository/revision"),
        ("deletion = \"confirm\"", "deletion = \"ask\"", "/argocd/deletion"),
        ("unpinned-image = \"deny\"", "unpinned-image = \"error\"", "/policy/unpinned-image"),
        ("unpinned-image = \"deny\"", "unpined-image = \"deny\"", "/policy"),
        ("reason = \"upstream publishes no versions\"", "", "/policy/waivers/game"),
        ("version = \"v1.19.1\"", "", "/charts/cert-manager"),
        (
            "provides = [\"cert-manager.io\"]",
            "provides = \"cert-manager.io\"",
            "/charts/cert-manager/provides",
        ),
        ("kubernetes = \"1.35\"", "kubernetes = \"latest\"", "/clusters/east/kubernetes"),
        ("controller = \"traefik\"", "controller = \"haproxy\"", "/clusters/east/ingress/controller"),
        ("memory = \"128Gi\"", "memory = \"128GB\"", "/clusters/east/capacity/memory"),
        ("clusters = \"region=east\"", "", "/placements/everything"),
        ("[clusters.east]", "[clusters.\"East!\"]", "/clusters"),
        ("[defaults.service]", "[defaults.services]", "/defaults"),
        ("resources = { memory", "resource = { memory", "/defaults/service"),
    ];
    let stack = [
        ("team = \"shop\"", "team = [\"shop\"]", "/stack/team"),
        ("type = \"integer\"", "type = \"int\"", "/params/replicas/type"),
        ("kind = \"service\"", "imag = \"x\"", "/components/api"),
        ("kind = \"service\"", "kind = \"deployment\"", "/components/api/kind"),
        ("port = 8000", "prot = 8000", "/components/api"),
        ("port = 8000", "port = true", "/components/api/port"),
        ("enabled = \"{{ params.replicas > 0 }}\"", "enabled = \"yes\"", "/components/api/enabled"),
        ("replicas = \"{{ params.replicas }}\"", "replicas = \"three\"", "/components/api/replicas"),
        ("memory = \"512Mi\"", "memory = \"512MiB\"", "/components/api/resources/memory"),
        ("interval = \"10s\"", "interval = \"10 seconds\"", "/components/api/health/interval"),
        ("path = \"/api\"", "paths = \"/api\"", "/components/api/routes/api"),
        ("host = \"{{ params.host }}\"", "host = 7", "/components/api/routes/api/host"),
        ("access = \"shared\"", "access = \"ReadWriteMany\"", "/components/api/volumes/data/access"),
        ("components.api.resources.cpu", "components.api.resource.cpu", "/overlays/small/components/api"),
        (
            "components.api.resources.cpu = \"100m\"",
            "components.api.resources.cpu = \"100 m\"",
            "/overlays/small/components/api/resources/cpu",
        ),
        ("unset = [\"components.api.scale\"]", "unset = \"components.api.scale\"", "/overlays/small/unset"),
    ];
    for (file, whole, mistakes) in
        [("workspace.schema.json", WORKSPACE, &workspace[..]), ("stack.schema.json", STACK, &stack)]
    {
        let validator = validator(file);
        for (right, wrong, place) in mistakes {
            assert!(whole.contains(right), "{right}");
            let found = problems(&validator, &whole.replace(right, wrong));
            assert!(
                found.iter().any(|problem| problem.starts_with(&format!("{place}: "))),
                "{wrong} is to be refused at {place}, found {found:?}"
            );
        }
    }
}
