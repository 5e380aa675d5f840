//! Writes the YAML documents that other languages' readers are tried on.
//!
//! `cargo run --example emit_corpus -- CORPUS.json DIRECTORY`: the corpus is a JSON array of strings. The string with
//! index `n` becomes three documents in the directory, which is made if need be:
//!
//! - `n.yaml`: the string as a value, key, item, nested key and nested item, in the shape of `document` below;
//! - `n.root.yaml`: the string alone;
//! - `n.configmap.yaml`: a ConfigMap with the string as key and value of its data and annotations.
//!
//! The readers in `tests/conformance/` build the same shape from the corpus and compare.

use std::error::Error;
use std::path::Path;

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [corpus, directory] = arguments.as_slice() else {
        return Err("usage: emit_corpus CORPUS.json DIRECTORY".into());
    };
    let strings: Vec<String> = serde_json::from_str(&std::fs::read_to_string(corpus)?)?;
    let directory = Path::new(directory);
    std::fs::create_dir_all(directory)?;
    let mut out = String::new();
    for (index, string) in strings.iter().enumerate() {
        for (name, value) in [
            (format!("{index}.yaml"), document(string)),
            (format!("{index}.root.yaml"), json!(string)),
            (format!("{index}.configmap.yaml"), config_map(index, string)),
        ] {
            out.clear();
            kiln::emit::yaml::write(&value, &mut out)?;
            std::fs::write(directory.join(name), &out)?;
        }
    }
    println!("wrote {} documents", strings.len() * 3);
    Ok(())
}

fn document(string: &str) -> Value {
    json!({
        "value": string,
        "key": {string: string},
        "list": [string, [string, string], {string: string}],
        "nested": {string: {string: [string, {"block": string, "last": [[string]]}]}},
    })
}

fn config_map(index: usize, string: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": format!("string-{index}"),
            "namespace": "corpus",
            "annotations": {"value": string, string: "key"},
        },
        "data": {"value": string, string: string},
    })
}
