//! The pages of the problem codes: complete, and true: the wrong example has the problem, the mended one has not.
//!
//! An example is one or more files, each after a line `# stacks/<path>`; without such a line it is a file of the stack
//! `shop`. What an example does not define itself comes from the workspace below.

use std::collections::BTreeMap;
use std::fs;

use kiln::compile::compile;
use kiln::report::{Code, Severity};
use kiln::source::Sources;

const WORKSPACE: &str = r#"
[workspace]
version = 1
repository = { url = "https://git.example.org/platform/deploy.git" }

[clusters.east]
kubernetes = "1.35"
domain = "east.example.org"
ingress = { controller = "traefik", class = "traefik" }
storage = { block = "local-path", shared = "shared" }
secrets = { store = "vault" }
provides = [
    "storageclass/local-path", "storageclass/shared", "ingressclass/traefik", "external-secrets.io",
    "postgresql.cnpg.io", "monitoring.coreos.com", "traefik.io",
]
"#;
const TEAMS: &str = "[teams.shop]\n";
const PLACEMENTS: &str = "[placements.everything]\ninstances = {}\nclusters = {}\n";
const STACK: &str = "[stack]\nteam = \"shop\"\n";

/// The code blocks of a page after this heading, up to the next one.
fn example<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n{heading}:\n\n```toml\n")).unwrap_or_default();
    rest.split_once("\n```").map_or("", |(block, _)| block)
}

/// The files of an example, with those of the workspace that it does not define itself.
fn files(example: &str) -> BTreeMap<String, String> {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut path = "shop/example.toml".to_owned();
    for line in example.lines() {
        match line.strip_prefix("# stacks/") {
            Some(named) => path = named.to_owned(),
            None => {
                let file = files.entry(path.clone()).or_default();
                file.push_str(line);
                file.push('\n');
            }
        }
    }
    let defines = |table: &str| files.values().any(|text| text.contains(table));
    let has = |path: &str| files.contains_key(path);
    let rest = [
        ("workspace.toml", WORKSPACE, has("workspace.toml")),
        ("base-teams.toml", TEAMS, defines("[teams.")),
        ("base-placements.toml", PLACEMENTS, defines("[placements.")),
        ("shop/stack.toml", STACK, has("shop/stack.toml")),
    ];
    for (path, text, own) in rest {
        if !own {
            files.insert(path.to_owned(), text.to_owned());
        }
    }
    files
}

#[test]
fn every_page_has_its_parts() {
    for code in Code::ALL {
        let page = code.page();
        let name = code.name();
        assert!(page.starts_with(&format!("# {name}\n\n")), "{name}");
        assert!(code.title().ends_with('.'), "{name}: the first line is a sentence");
        assert!(page.contains("\n**Why it is a problem.** "), "{name}");
        let (wrong, mended) = (example(page, "Wrong"), example(page, "Mended"));
        assert!(!wrong.is_empty() && !mended.is_empty() && wrong != mended, "{name}");
        let related = page.lines().last().and_then(|line| line.strip_prefix("Related: ")).expect(name);
        for other in related.trim_end_matches('.').split(", ") {
            assert!(
                Code::find(other.trim_matches('`')).is_some_and(|other| other != *code),
                "{name}: {other}"
            );
        }
    }
}

#[test]
fn codes_are_unique_and_every_page_belongs_to_one() {
    let mut names: Vec<String> = Code::ALL.iter().map(|code| format!("{}.md", code.name())).collect();
    names.sort();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/report/pages");
    let mut pages: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    assert_eq!(names, pages);
}

/// The codes of all problems that compiling an example brings.
fn problems(code: Code, example: &str) -> Vec<Code> {
    let files = files(example).into_iter().map(|(path, text)| {
        let bytes = match code {
            // The example is text; the problem is how an editor saved it.
            Code::NotUtf8 if example.contains("Latin-1") => text.chars().map(|letter| letter as u8).collect(),
            _ => text.into_bytes(),
        };
        (path, bytes)
    });
    let report = compile(&Sources::new(files.collect())).report;
    report.finish().iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn the_wrong_example_has_the_problem_and_the_mended_one_has_no_error() {
    let mut lies = Vec::new();
    for code in Code::ALL {
        let found = problems(*code, example(code.page(), "Wrong"));
        if !found.contains(code) {
            lies.push(format!("{code}: the wrong example has {found:?} instead"));
        }
        let found = problems(*code, example(code.page(), "Mended"));
        if found.iter().any(|found| found == code || found.severity() == Severity::Error) {
            lies.push(format!("{code}: the mended example has {found:?}"));
        }
    }
    assert!(lies.is_empty(), "{}", lies.join("\n"));
}
