//! Files that are generated from the types of the language and committed. `UPDATE=1 cargo test --test generated`
//! writes them anew.

use std::fs;
use std::path::Path;

use kiln::view::{reference, schema};

fn compare(path: &str, wanted: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, wanted).unwrap();
    }
    let present = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(present == wanted, "{} is stale: run `UPDATE=1 cargo test --test generated`", path.display());
}

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    for file in schema::FILES {
        compare(&format!("schema/{}", file.name), &(file.render)());
    }
}

#[test]
fn the_committed_reference_is_that_of_the_types() {
    compare("docs/language.md", &reference::render());
}
