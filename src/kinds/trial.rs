//! A workspace of one stack on one cluster, to try kinds on.

use crate::emit::yaml;
use crate::kube::Object;
use crate::plan::{Lowered, Site};
use crate::report::Report;
use crate::source::Sources;
use crate::{load, resolve, template};

const WORKSPACE: &str = r#"
[workspace]
version = 1
repository = { url = "https://git.example.org/deploy.git" }
[clusters.east]
kubernetes = "1.35"
secrets = { store = "vault" }
storage = { block = "fast" }
[teams.web]
[charts.cert-manager]
repository = "https://charts.jetstack.io"
version = "v1.19.1"
[placements.all]
instances = {}
clusters = {}
"#;

/// What a component becomes, and the messages of every problem.
pub fn lowered(components: &str, files: &[(&str, &str)], component: &str) -> (Lowered, Vec<String>) {
    let stack = format!("[stack]\nteam = \"web\"\n{components}");
    let mut all = vec![("workspace.toml", WORKSPACE), ("shop/stack.toml", &*stack)];
    all.extend(files);
    let sources = Sources::new(
        all.into_iter().map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).collect(),
    );
    let mut report = Report::new();
    let definitions = load::load(&sources, &mut report).unwrap();
    let engine = template::Engine::new(&sources, &definitions, &mut report);
    let plan = resolve::resolve(&definitions, &sources, &engine, &mut report);
    let mut lowered = Lowered::default();
    for deployment in &plan.deployments {
        for found in deployment.components.iter().filter(|found| found.name == component) {
            let site = Site { plan: &plan, deployment, component: found };
            lowered = found.kind.lower(&site, &mut report);
        }
    }
    (lowered, report.finish().into_iter().map(|diagnostic| diagnostic.message).collect())
}

/// The objects that must come without a problem.
pub fn objects(components: &str, files: &[(&str, &str)], component: &str) -> Vec<Object> {
    let (lowered, messages) = lowered(components, files, component);
    assert_eq!(messages, Vec::<String>::new());
    lowered.objects
}

/// An object as YAML.
pub fn yaml(objects: &[Object], kind: &str, name: &str) -> String {
    let found = objects.iter().find(|object| object.kind() == kind && object.name() == name);
    let mut text = String::new();
    yaml::write(found.unwrap_or_else(|| panic!("no {kind} {name}")), &mut text).unwrap();
    text
}

/// `Kind name` of each object.
pub fn names(objects: &[Object]) -> Vec<String> {
    objects.iter().map(|object| format!("{} {}", object.kind(), object.name())).collect()
}
