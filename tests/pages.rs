//! The pages of the problem codes are complete.

use std::fs;

use kiln::report::Code;

/// The code blocks of a page after this heading, up to the next one.
fn example<'a>(page: &'a str, heading: &str) -> &'a str {
    let (_, rest) = page.split_once(&format!("\n{heading}:\n\n```toml\n")).unwrap_or_default();
    rest.split_once("\n```").map_or("", |(block, _)| block)
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
