//! No input makes kiln panic: the committed definitions, damaged in many ways, go through the whole pipeline.

use std::path::Path;
use std::sync::OnceLock;

use kiln::compile::compile;
use kiln::disk::read_sources;
use kiln::report::human::{Colour, render};
use kiln::source::Sources;
use proptest::prelude::*;

/// The files of one workspace: path and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// A small workspace with every kind in it, and the committed one.
fn workspaces() -> &'static Vec<Vec<(String, Vec<u8>)>> {
    static FILES: OnceLock<Vec<Files>> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        ["stacks", "tests/cases/every-kind/in"]
            .iter()
            .map(|folder| {
                let sources = read_sources(&root.join(folder)).unwrap();
                sources.iter().map(|(_, file)| (file.path.clone(), file.content.bytes().to_vec())).collect()
            })
            .collect()
    })
}

/// What stands in the place of a value.
const VALUES: &[&str] = &[
    "true",
    "-1",
    "0",
    "9223372036854775807",
    "1e308",
    "1.5",
    "\"\"",
    "\"{{ params.nope }}\"",
    "\"{{ \"",
    "\"}}\"",
    "[]",
    "{}",
    "\"a.b\"",
    "\"../x\"",
    "\"\\u0000\"",
    "\"日本語\"",
    "[[[]]]",
    "{ from = \"x.y\" }",
    "{ secret = \"s\" }",
    "\"{{ 1 / 0 }}\"",
    "\"{{ throw(message='x') }}\"",
    "\"{% for i in range(end=99999999) %}x{% endfor %}\"",
    "\"$(A)\"",
    "1979-05-27",
    "inf",
    "nan",
    "\"self.url\"",
    "{ a = { b = { c = 1 } } }",
    "\"999999999999999999999999Gi\"",
    "\"* * * * *\"",
    "\"https://[::1\"",
];

/// What stands in the place of a key.
const KEYS: &[&str] = &[
    "kind",
    "x",
    "\"\"",
    "\"a.b\"",
    "env",
    "replicas",
    "\"日本\"",
    "enabled",
    "use",
    "volumes",
    "patches",
    "depends-on",
    "scale",
];

#[derive(Debug, Clone)]
enum Damage {
    DropLine(prop::sample::Index),
    RepeatLine(prop::sample::Index),
    Value(prop::sample::Index, prop::sample::Index),
    Key(prop::sample::Index, prop::sample::Index),
    Truncate(prop::sample::Index),
    Insert(prop::sample::Index, String),
    SwapLines(prop::sample::Index, prop::sample::Index),
    Bytes(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    use prop::sample::Index;
    prop_oneof![
        2 => any::<Index>().prop_map(Damage::DropLine),
        1 => any::<Index>().prop_map(Damage::RepeatLine),
        6 => (any::<Index>(), any::<Index>()).prop_map(|(line, value)| Damage::Value(line, value)),
        3 => (any::<Index>(), any::<Index>()).prop_map(|(line, key)| Damage::Key(line, key)),
        1 => any::<Index>().prop_map(Damage::Truncate),
        2 => (any::<Index>(), "\\PC{0,12}").prop_map(|(line, text)| Damage::Insert(line, text)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 0..6)).prop_map(|(at, bytes)| Damage::Bytes(at, bytes)),
    ]
}

fn apply(bytes: &[u8], damage: &Damage) -> Vec<u8> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return bytes.to_vec();
    }
    match damage {
        Damage::DropLine(at) => {
            lines.remove(at.index(lines.len()));
        }
        Damage::RepeatLine(at) => {
            let at = at.index(lines.len());
            lines.insert(at, lines[at].clone());
        }
        Damage::Value(at, value) => {
            let values: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].contains(" = ")).collect();
            if let Some(line) = (!values.is_empty()).then(|| values[at.index(values.len())]) {
                let key = lines[line].split(" = ").next().unwrap_or_default().to_owned();
                lines[line] = format!("{key} = {}", VALUES[value.index(VALUES.len())]);
            }
        }
        Damage::Key(at, key) => {
            let at = at.index(lines.len());
            let key = KEYS[key.index(KEYS.len())];
            lines[at] = match lines[at].split_once(" = ") {
                Some((_, value)) => format!("{key} = {value}"),
                None => format!("[components.{key}]"),
            };
        }
        Damage::Truncate(at) => lines.truncate(at.index(lines.len())),
        Damage::Insert(at, text) => lines.insert(at.index(lines.len()), text.clone()),
        Damage::SwapLines(a, b) => {
            let (a, b) = (a.index(lines.len()), b.index(lines.len()));
            lines.swap(a, b);
        }
        Damage::Bytes(at, more) => {
            let mut bytes = bytes.to_vec();
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            bytes.splice(at..at, more.iter().copied());
            return bytes;
        }
    }
    lines.join("\n").into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_definitions_are_reported_not_panicked_on(
        which in 0_usize..2,
        damages in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..5),
    ) {
        let mut files = workspaces()[which].clone();
        for (file, damage) in &damages {
            let at = file.index(files.len());
            files[at].1 = apply(&files[at].1, damage);
        }
        let sources = Sources::new(files);
        let compiled = compile(&sources);
        let failed = compiled.report.has_errors();
        prop_assert_eq!(compiled.tree.is_none(), failed, "there is a tree exactly when there is no error");
        let diagnostics = compiled.report.finish();
        let shown = render(&diagnostics, &sources, "stacks", Colour::Plain);
        prop_assert_eq!(shown.is_empty(), diagnostics.is_empty());
    }
}

#[test]
fn any_bytes_as_a_definition_are_reported() {
    for bytes in [
        &b"\xff\xfe"[..],
        b"\0",
        b"[",
        b"a = ",
        b"\xef\xbb\xbf[workspace]\nversion = 1",
        b"a.b.c = 1\na.b = 2",
    ] {
        for path in ["workspace.toml", "x/x.toml", "X Y/z.toml", "x/templates/t.toml", "a/b/c/d.toml"] {
            let sources = Sources::new(vec![(path.to_owned(), bytes.to_vec())]);
            let compiled = compile(&sources);
            assert!(compiled.tree.is_none());
            render(&compiled.report.finish(), &sources, "stacks", Colour::Ansi);
        }
    }
}
