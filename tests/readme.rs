//! The README shows a test case: the block after `<!-- file: … -->` is that file, the one after `<!-- tree: … -->` lists
//! that folder. `UPDATE=1 cargo test --test readme` writes the blocks anew.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const FENCE: &str = "```";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The folder as an indented list, folders first; a folder with nothing but a folder in it shares its line.
fn list(folder: &Path, depth: usize, text: &mut String) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort_by_key(|path| (path.is_file(), path.clone()));
    for entry in entries {
        let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
        let indent = "  ".repeat(depth);
        if entry.is_file() {
            writeln!(text, "{indent}{}", name(&entry)).unwrap();
            continue;
        }
        let (mut inner, mut line) = (entry.clone(), name(&entry));
        while let Some(only) = only_folder(&inner) {
            write!(line, "/{}", name(&only)).unwrap();
            inner = only;
        }
        writeln!(text, "{indent}{line}/").unwrap();
        list(&inner, depth + 1, text);
    }
}

fn only_folder(folder: &Path) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let first = entries.next()?;
    (entries.next().is_none() && first.is_dir()).then_some(first)
}

/// What the block after a marker has to be.
fn block(marker: &str) -> Option<String> {
    let (what, path) = marker.strip_prefix("<!-- ")?.strip_suffix(" -->")?.split_once(": ")?;
    let path = root().join(path);
    match what {
        "file" => {
            let language = path.extension().unwrap().to_string_lossy().into_owned();
            Some(format!("{FENCE}{language}\n{}{FENCE}\n", std::fs::read_to_string(&path).unwrap()))
        }
        "tree" => {
            let mut text = String::from("out/\n");
            list(&path, 1, &mut text);
            Some(format!("{FENCE}\n{text}{FENCE}\n"))
        }
        _ => None,
    }
}

#[test]
fn the_readme_shows_what_the_case_has() {
    let path = root().join("README.md");
    let present = std::fs::read_to_string(&path).unwrap();
    let mut wanted = String::new();
    let mut blocks = 0;
    let mut lines = present.split_inclusive('\n');
    while let Some(line) = lines.next() {
        wanted.push_str(line);
        let Some(block) = block(line.trim_end()) else { continue };
        blocks += 1;
        wanted.push_str(&block);
        assert!(lines.next().is_some_and(|fence| fence.starts_with(FENCE)), "a block follows `{line}`");
        assert!(lines.any(|line| line.trim_end() == FENCE), "the block after `{line}` ends");
    }
    assert_eq!(blocks, 3);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(present == wanted, "README.md is stale: run `UPDATE=1 cargo test --test readme`");
}

#[test]
fn the_web_service_of_the_readme_is_defined_in_forty_lines() {
    let text =
        std::fs::read_to_string(root().join("tests/cases/readme-web-service/in/shop/shop.toml")).unwrap();
    assert!(text.lines().count() <= 40);
}
