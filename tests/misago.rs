//! Misago at a glance: the order in which Argo CD applies it, and what has to hold of all of it.

use std::collections::BTreeMap;
use std::path::Path;

use kiln::compile::compile;
use kiln::disk::read_sources;
use serde_yaml::Value;

/// The objects of the deployment, as a YAML reader sees the rendered files.
fn objects() -> Vec<Value> {
    let sources = read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks")).unwrap();
    let compiled = compile(&sources);
    let tree = compiled.tree.expect("the committed definitions have no errors");
    let files =
        tree.files().iter().filter(|(path, _)| path.starts_with("clusters/gic-k3s/manifests/misago/"));
    files.map(|(_, file)| serde_yaml::from_slice(file.bytes()).unwrap()).collect()
}

fn text<'v>(object: &'v Value, path: &[&str]) -> &'v str {
    path.iter().try_fold(object, |value, key| value.get(key)).and_then(Value::as_str).unwrap_or("")
}

fn wave(object: &Value) -> i32 {
    let written = text(object, &["metadata", "annotations", "argocd.argoproj.io/sync-wave"]);
    if written.is_empty() { 0 } else { written.parse().unwrap() }
}

fn pods(objects: &[Value]) -> impl Iterator<Item = (&str, &Value)> {
    objects.iter().filter_map(|object| {
        let spec = object.get("spec")?.get("template")?.get("spec")?;
        spec.get("serviceAccountName").map(|_| (text(object, &["metadata", "name"]), spec))
    })
}

fn containers(pod: &Value) -> impl Iterator<Item = &Value> {
    ["containers", "initContainers"].into_iter().filter_map(|key| pod.get(key)?.as_sequence()).flatten()
}

#[test]
fn the_order_that_run_sh_did_by_hand_follows_from_the_references() {
    let mut waves: BTreeMap<i32, Vec<String>> = BTreeMap::new();
    for object in objects() {
        let line = format!("{} {}", text(&object, &["kind"]), text(&object, &["metadata", "name"]));
        waves.entry(wave(&object)).or_default().push(line);
    }
    let mut shown = String::new();
    for (wave, mut lines) in waves {
        lines.sort();
        shown.push_str(&format!("wave {wave}\n  {}\n", lines.join("\n  ")));
    }
    insta::assert_snapshot!("misago_waves", shown);
}

#[test]
fn every_pod_is_what_the_restricted_standard_admits() {
    let objects = objects();
    assert!(pods(&objects).count() >= 6);
    for (name, pod) in pods(&objects) {
        let context = pod.get("securityContext").unwrap();
        assert_eq!(context.get("runAsNonRoot").and_then(Value::as_bool), Some(true), "{name}");
        assert_eq!(text(context, &["seccompProfile", "type"]), "RuntimeDefault", "{name}");
        for container in containers(pod) {
            let context = container.get("securityContext").unwrap();
            assert_eq!(
                context.get("allowPrivilegeEscalation").and_then(Value::as_bool),
                Some(false),
                "{name}"
            );
            assert_eq!(context["capabilities"]["drop"][0].as_str(), Some("ALL"), "{name}");
        }
    }
}

#[test]
fn every_container_is_pinned_and_says_what_it_needs() {
    let objects = objects();
    for (name, pod) in pods(&objects) {
        for container in containers(pod) {
            let image = text(container, &["image"]);
            assert!(
                image.rsplit('/').next().unwrap().contains(':') && !image.ends_with(":latest"),
                "{name}: {image}"
            );
            for need in ["cpu", "memory"] {
                assert_ne!(
                    text(container, &["resources", "requests", need]),
                    "",
                    "{name}: {need} of {image}"
                );
            }
        }
    }
}

#[test]
fn what_stores_data_is_deleted_only_when_somebody_confirms() {
    let objects = objects();
    for kind in ["Namespace", "PersistentVolumeClaim", "Cluster", "ObjectStore"] {
        let found = objects.iter().find(|object| text(object, &["kind"]) == kind).unwrap();
        let options = text(found, &["metadata", "annotations", "argocd.argoproj.io/sync-options"]);
        assert!(options.starts_with("Prune=confirm,Delete=confirm"), "{kind}: {options}");
    }
}

#[test]
fn no_secret_is_in_the_output() {
    for object in objects() {
        assert_ne!(text(&object, &["kind"]), "Secret");
    }
}

#[test]
fn what_mounts_the_shared_volume_mounts_the_same_claim() {
    let objects = objects();
    let mut mounting: Vec<&str> = pods(&objects)
        .filter(|(_, pod)| {
            let volumes = pod.get("volumes").and_then(Value::as_sequence);
            volumes
                .into_iter()
                .flatten()
                .any(|volume| text(volume, &["persistentVolumeClaim", "claimName"]) == "api-static")
        })
        .map(|(name, _)| name)
        .collect();
    mounting.sort_unstable();
    assert_eq!(mounting, ["api", "celery", "frontend", "nginx", "setup"]);
    let claim = objects.iter().find(|object| text(object, &["kind"]) == "PersistentVolumeClaim").unwrap();
    assert_eq!(claim["spec"]["accessModes"][0].as_str(), Some("ReadWriteMany"));
    // The claim comes with the first that mounts it, never before: a volume that waits for its consumer would block.
    let setup = objects.iter().find(|object| text(object, &["kind"]) == "Job").unwrap();
    assert_eq!(wave(claim), wave(setup));
}
