//! What stays in the output when a deployment goes: the path that its Application reads.

use std::path::Path;

use kiln::compile::compile;
use kiln::disk::read_sources;
use kiln::emit::tree::Tree;
use kiln::source::Sources;

fn tree(keep: impl Fn(&str) -> bool) -> Tree {
    let sources = read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks")).unwrap();
    let kept = sources.iter().filter(|(_, file)| keep(&file.path));
    let files = kept.map(|(_, file)| (file.path.clone(), file.content.bytes().to_vec())).collect();
    compile(&Sources::new(files)).tree.unwrap()
}

#[test]
fn no_path_is_removed_before_its_application() {
    let before = tree(|_| true);
    let after = tree(|path| !path.starts_with("misago/"));
    let none = tree(|path| !path.contains('/'));
    let file = "clusters/gic-k3s/argocd/applications/misago.yaml";
    let application: serde_yaml::Value = serde_yaml::from_slice(before.get(file).unwrap().bytes()).unwrap();
    let path = application["spec"]["source"]["path"].as_str().unwrap().strip_prefix("out/").unwrap();
    for tree in [&after, &none] {
        assert!(tree.get(file).is_none());
        assert!(tree.files().keys().any(|other| other.starts_with(&format!("{path}/"))), "{path} is gone");
    }
    assert!(!after.files().keys().any(|other| other.starts_with(&format!("{path}/misago/"))));
}

#[test]
fn an_application_reads_its_own_folder_alone() {
    let tree = tree(|_| true);
    for (deployment, other) in [("misago", "platform"), ("platform", "misago")] {
        let file = format!("clusters/gic-k3s/argocd/applications/{deployment}.yaml");
        let application: serde_yaml::Value =
            serde_yaml::from_slice(tree.get(&file).unwrap().bytes()).unwrap();
        let directory = &application["spec"]["source"]["directory"];
        assert_eq!(directory["include"].as_str(), Some(&*format!("{deployment}/*")), "not {other}'s");
        assert_eq!(directory["recurse"].as_bool(), Some(true));
    }
}
