//! The same definitions give the same bytes, whatever else differs: the order of files, tables and keys, the number
//! of threads, the folder, the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use kiln::compile::compile;
use kiln::disk::read_sources;
use kiln::source::Sources;

type Files = Vec<(String, Vec<u8>)>;
type Tree = BTreeMap<String, Vec<u8>>;

/// The workspaces this is tried on.
const WORKSPACES: &[&str] = &["stacks", "tests/cases/every-kind/in"];

fn root(workspace: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(workspace)
}

fn files(workspace: &str) -> Files {
    let sources = read_sources(&root(workspace)).unwrap();
    sources.iter().map(|(_, file)| (file.path.clone(), file.content.bytes().to_vec())).collect()
}

/// The rendered files; there must be no error.
fn tree(files: Files) -> Tree {
    let compiled = compile(&Sources::new(files));
    let messages: Vec<String> = compiled.report.finish().into_iter().map(|problem| problem.message).collect();
    let tree = compiled.tree.unwrap_or_else(|| panic!("{messages:?}"));
    tree.files().iter().map(|(path, file)| (path.clone(), file.bytes().to_vec())).collect()
}

/// Fails with the first file that differs.
fn assert_same(one: &Tree, other: &Tree, what: &str) {
    let paths = |tree: &Tree| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(one), paths(other), "{what}");
    for (path, bytes) in one {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(text(bytes), text(&other[path]), "{what}: {path}");
    }
}

#[test]
fn two_compilations_give_the_same_bytes() {
    for workspace in WORKSPACES {
        let first = tree(files(workspace));
        assert!(first.len() > 50, "{workspace} has {} files", first.len());
        assert_same(&first, &tree(files(workspace)), workspace);
    }
}

#[test]
fn the_order_of_files_does_not_matter() {
    for workspace in WORKSPACES {
        let expected = tree(files(workspace));
        let mut files = files(workspace);
        for step in 0..4 {
            files.reverse();
            let middle = (files.len() / 3 + step) % files.len();
            files.rotate_left(middle);
            assert_same(&expected, &tree(files.clone()), workspace);
        }
    }
}

/// The same table with its keys in the opposite order, on every level.
fn reversed(value: toml::Value) -> toml::Value {
    match value {
        toml::Value::Table(table) => {
            toml::Value::Table(table.into_iter().rev().map(|(key, value)| (key, reversed(value))).collect())
        }
        toml::Value::Array(items) => toml::Value::Array(items.into_iter().map(reversed).collect()),
        scalar => scalar,
    }
}

/// A value as TOML writes it inline, tables in the order they hold.
fn inline(value: &toml::Value) -> String {
    match value {
        toml::Value::Table(table) => {
            let entries = table.iter().map(|(key, value)| format!("{} = {}", quoted(key), inline(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        toml::Value::Array(items) => {
            format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", "))
        }
        scalar => scalar.to_string(),
    }
}

fn quoted(key: &str) -> String {
    toml::Value::String(key.to_owned()).to_string()
}

#[test]
fn the_order_of_tables_and_keys_does_not_matter() {
    for workspace in WORKSPACES {
        let expected = tree(files(workspace));
        for turn in [|value| value, reversed as fn(toml::Value) -> toml::Value] {
            let reordered = files(workspace).into_iter().map(|(path, bytes)| {
                if !path.ends_with(".toml") || path.contains("/templates/") || path.contains("/files/") {
                    return (path, bytes);
                }
                let table: toml::Table = toml::from_str(std::str::from_utf8(&bytes).unwrap()).unwrap();
                let sorted: BTreeMap<String, toml::Value> = table.into_iter().collect();
                let table = turn(toml::Value::Table(sorted.into_iter().collect()));
                let lines = table.as_table().unwrap().iter();
                let lines = lines.map(|(key, value)| format!("{} = {}\n", quoted(key), inline(value)));
                (path, lines.collect::<String>().into_bytes())
            });
            assert_same(&expected, &tree(reordered.collect()), workspace);
        }
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for workspace in WORKSPACES {
        let expected = tree(files(workspace));
        for threads in [1, 2, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_same(&expected, &pool.install(|| tree(files(workspace))), workspace);
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Every file below a folder, with when it was written.
fn written(root: &Path, folder: &Path, files: &mut BTreeMap<String, (Vec<u8>, SystemTime)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            let time = path.metadata().unwrap().modified().unwrap();
            files.insert(name, (std::fs::read(&path).unwrap(), time));
        }
    }
}

fn output(root: &Path) -> BTreeMap<String, (Vec<u8>, SystemTime)> {
    let mut files = BTreeMap::new();
    written(root, root, &mut files);
    files
}

/// Runs `kiln build`, gives the last line it said.
fn build(command: &mut Command) -> String {
    let ran = command.output().unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    said.lines().last().unwrap_or_default().to_owned()
}

#[test]
fn the_folder_and_the_environment_do_not_matter() {
    let kiln = env!("CARGO_BIN_EXE_kiln");
    let here = tempfile::tempdir().unwrap();
    let there = tempfile::tempdir().unwrap();
    let deep = there.path().join("a folder/with spaces/ünd mehr");
    for place in [here.path(), &deep] {
        copy(&root("tests/cases/every-kind/in"), &place.join("stacks"));
    }
    build(Command::new(kiln).arg("build").current_dir(here.path()));
    build(
        Command::new("sh")
            .args(["-c", "umask 077; exec \"$@\"", "sh", kiln, "build", "--jobs", "3"])
            .args([Path::new("--stacks"), &deep.join("stacks")])
            .current_dir("/")
            .env_clear()
            .env("HOME", there.path())
            .env("LANG", "tr_TR.UTF-8")
            .env("LC_ALL", "tr_TR.UTF-8")
            .env("TZ", "Pacific/Chatham")
            .env("SOURCE_DATE_EPOCH", "1"),
    );
    let bytes = |root: &Path| -> Tree {
        output(&root.join("out")).into_iter().map(|(path, (bytes, _))| (path, bytes)).collect()
    };
    assert_same(&bytes(here.path()), &bytes(&deep), "elsewhere");
}

#[test]
fn a_second_build_writes_nothing() {
    let place = tempfile::tempdir().unwrap();
    copy(&root("tests/cases/every-kind/in"), &place.path().join("stacks"));
    let kiln = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kiln"));
        command.arg("build").current_dir(place.path());
        command
    };
    build(&mut kiln());
    let first = output(&place.path().join("out"));
    let said = build(&mut kiln());
    assert!(said.starts_with("wrote 0, unchanged "), "{said}");
    assert!(said.contains("removed 0"), "{said}");
    assert!(first == output(&place.path().join("out")), "a file was touched");
}
