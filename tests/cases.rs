//! Whole-tree cases: `tests/cases/<name>/in/` is a `stacks/` folder, `report.txt` what kiln says of it,
//! `out/` what it renders (absent when there are errors).
//!
//! `UPDATE=1 cargo test --test cases` writes what is there now; read the difference before you commit it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use kiln::compile::compile;
use kiln::disk::read_sources;
use kiln::report::human::{Colour, render};
use kiln::report::{Code, Diagnostic};

/// What kiln makes of a case.
struct Outcome {
    report: String,
    codes: BTreeSet<Code>,
    files: BTreeMap<String, Vec<u8>>,
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
}

fn outcome(case: &Path) -> Outcome {
    let sources = read_sources(&case.join("in")).unwrap();
    let compiled = compile(&sources);
    let diagnostics: Vec<Diagnostic> = compiled.report.finish();
    let files = compiled
        .tree
        .iter()
        .flat_map(|tree| tree.files())
        .map(|(path, file)| (path.to_owned(), file.bytes().to_vec()))
        .collect();
    Outcome {
        report: render(&diagnostics, &sources, "stacks", Colour::Plain),
        codes: diagnostics.iter().map(|diagnostic| diagnostic.code).collect(),
        files,
    }
}

fn read_tree(root: &Path, folder: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_tree(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
            files.insert(name, std::fs::read(&path).unwrap());
        }
    }
}

fn bless(case: &Path, outcome: &Outcome) {
    std::fs::write(case.join("report.txt"), &outcome.report).unwrap();
    let out = case.join("out");
    if out.exists() {
        std::fs::remove_dir_all(&out).unwrap();
    }
    for (name, bytes) in &outcome.files {
        let path = out.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn every_case_gives_its_report_and_its_tree() {
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        let outcome = outcome(&case);
        if std::env::var_os("UPDATE").is_some() {
            bless(&case, &outcome);
            continue;
        }
        let expected = std::fs::read_to_string(case.join("report.txt")).unwrap_or_default();
        if expected != outcome.report {
            wrong.push(format!("{name}: report.txt differs; it is now\n{}", outcome.report));
        }
        let mut files = BTreeMap::new();
        read_tree(&case.join("out"), &case.join("out"), &mut files);
        for (path, bytes) in &outcome.files {
            match files.remove(path) {
                None => wrong.push(format!("{name}: out/{path} is new")),
                Some(expected) if expected != *bytes => {
                    wrong.push(format!(
                        "{name}: out/{path} differs; it is now\n{}",
                        String::from_utf8_lossy(bytes)
                    ));
                }
                Some(_) => {}
            }
        }
        for path in files.keys() {
            wrong.push(format!("{name}: out/{path} is no longer rendered"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_case_that_triggers_it() {
    let seen: BTreeSet<Code> = cases().iter().flat_map(|case| outcome(case).codes).collect();
    let missing: Vec<&str> =
        Code::ALL.iter().filter(|code| !seen.contains(code)).map(|code| code.name()).collect();
    assert!(missing.is_empty(), "no case triggers: {}", missing.join(", "));
}

#[test]
fn a_case_without_errors_compiles_to_the_same_bytes_whatever_the_order_of_its_files() {
    for case in cases() {
        let sources = read_sources(&case.join("in")).unwrap();
        let mut files: Vec<(String, Vec<u8>)> =
            sources.iter().map(|(_, file)| (file.path.clone(), file.content.bytes().to_vec())).collect();
        files.reverse();
        let one = compile(&sources);
        let other = compile(&kiln::source::Sources::new(files));
        let bytes = |compiled: &kiln::compile::Compiled| -> Option<Vec<(String, Vec<u8>)>> {
            let tree = compiled.tree.as_ref()?;
            Some(tree.files().iter().map(|(path, file)| (path.to_owned(), file.bytes().to_vec())).collect())
        };
        assert_eq!(bytes(&one), bytes(&other), "{}", case.display());
        assert_eq!(one.report.finish(), other.report.finish(), "{}", case.display());
    }
}

#[test]
fn more_than_twenty_mistakes_in_one_stack_are_reported_in_one_run_each_at_its_place() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/twenty-mistakes");
    let sources = read_sources(&case.join("in")).unwrap();
    let diagnostics = compile(&sources).report.finish();
    let places: BTreeSet<_> =
        diagnostics.iter().filter_map(|diagnostic| Some(diagnostic.place.as_ref()?.span)).collect();
    assert!(places.len() > 20, "{} places", places.len());
    let codes: BTreeSet<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    assert!(codes.len() > 18, "{} codes", codes.len());
}
