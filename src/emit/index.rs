//! `kiln.index.json`: every file of the output with its digest and the definitions it came from.
//!
//! One line a file, sorted, so that a diff of the index is as long as the diff of the output. The reader
//! trusts nothing: the index is merged by git and edited by people, and says what kiln may remove.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};

use crate::emit::tree::{Digest, Tree, path_problem};

/// The name of the index, directly in `out/`.
pub const FILE_NAME: &str = "kiln.index.json";

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u64 = 1;

/// What the index says of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The SHA-256 of the file's bytes.
    pub digest: Digest,
    /// The keys of the definitions it came from, sorted.
    pub from: Vec<String>,
}

/// The index as a value: paths relative to `out/`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// Every file but the index itself.
    pub files: BTreeMap<String, Entry>,
}

impl Index {
    /// The index of a tree.
    pub fn of(tree: &Tree) -> Self {
        let entry = |(path, file): (&String, &crate::emit::tree::TreeFile)| {
            (path.clone(), Entry { digest: file.digest(), from: file.origins().to_vec() })
        };
        Index { files: tree.files().iter().map(entry).collect() }
    }

    /// The one text of this index.
    pub fn render(&self) -> String {
        let mut text = format!("{{\n  \"version\": {VERSION},\n  \"files\": {{");
        for (at, (path, entry)) in self.files.iter().enumerate() {
            let from: Vec<String> = entry.from.iter().map(|key| quoted(key)).collect();
            text.push_str(if at == 0 { "\n" } else { ",\n" });
            text.push_str(&format!(
                "    {}: {{ \"sha256\": \"{}\", \"from\": [{}] }}",
                quoted(path),
                entry.digest,
                from.join(", ")
            ));
        }
        text.push_str(if self.files.is_empty() { "}\n}\n" } else { "\n  }\n}\n" });
        text
    }

    /// Reads an index, strictly.
    pub fn parse(bytes: &[u8]) -> Result<Self, IndexProblem> {
        let text = std::str::from_utf8(bytes).map_err(|_| IndexProblem::NotText)?;
        if let Some(line) = conflict_line(text) {
            return Err(IndexProblem::Conflict { line });
        }
        let document: Document = match serde_json::from_str(text) {
            Ok(document) => document,
            Err(error) => {
                // A newer format may have fields that are unknown here: then the version is the news.
                return Err(match serde_json::from_str::<Versioned>(text) {
                    Ok(Versioned { version }) if version != VERSION => IndexProblem::Version { version },
                    _ => IndexProblem::Malformed {
                        line: error.line(),
                        column: error.column(),
                        reason: reason(&error),
                    },
                });
            }
        };
        if document.version != VERSION {
            return Err(IndexProblem::Version { version: document.version });
        }
        for path in document.files.0.keys() {
            if let Some(reason) = path_problem(path) {
                return Err(IndexProblem::Path { path: path.clone(), reason });
            }
        }
        Ok(Index { files: document.files.0 })
    }

    /// What can still be read of an index that [`Index::parse`] refuses, line by line: of a conflicted one
    /// both sides. A path may come with several digests.
    pub fn salvage(bytes: &[u8]) -> BTreeMap<String, Vec<Digest>> {
        let mut found: BTreeMap<String, Vec<Digest>> = BTreeMap::new();
        for line in String::from_utf8_lossy(bytes).lines() {
            let line = line.trim().trim_end_matches(',');
            if !line.starts_with('"') {
                continue;
            }
            let Ok(files) = serde_json::from_str::<Files>(&format!("{{{line}}}")) else { continue };
            for (path, entry) in files.0 {
                if path_problem(&path).is_none() {
                    found.entry(path).or_default().push(entry.digest);
                }
            }
        }
        found
    }
}

/// serde_json's words without the place it appends, which is told apart.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rfind(" at line ").and_then(|end| text.get(..end)).unwrap_or(&text).to_owned()
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The first line that git left in an unresolved merge.
fn conflict_line(text: &str) -> Option<usize> {
    let marker = |line: &str| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>");
    text.lines().position(marker).map(|at| at + 1)
}

#[derive(serde::Deserialize)]
struct Versioned {
    version: u64,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u64,
    files: Files,
}

struct Files(BTreeMap<String, Entry>);

impl<'de> Deserialize<'de> for Files {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Paths;
        impl<'de> Visitor<'de> for Paths {
            type Value = Files;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of files by path")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Files, A::Error> {
                let mut files = BTreeMap::new();
                while let Some((path, entry)) = map.next_entry::<String, Entry>()? {
                    if files.contains_key(&path) {
                        return Err(A::Error::custom(format!("`{path}` is listed twice")));
                    }
                    files.insert(path, entry);
                }
                Ok(Files(files))
            }
        }
        deserializer.deserialize_map(Paths)
    }
}

impl<'de> Deserialize<'de> for Entry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Written {
            sha256: String,
            from: Vec<String>,
        }
        let Written { sha256, from } = Written::deserialize(deserializer)?;
        let digest = Digest::from_hex(&sha256)
            .ok_or_else(|| D::Error::custom(format!("`{sha256}` is no SHA-256 of 64 hexadecimal digits")))?;
        Ok(Entry { digest, from })
    }
}

/// Why an index cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndexProblem {
    /// It has the markers of an unresolved merge.
    Conflict {
        /// Line of the first marker, from 1.
        line: usize,
    },
    /// Another version of the format.
    Version {
        /// The version it says it has.
        version: u64,
    },
    /// Not UTF-8.
    NotText,
    /// Not JSON, or not the JSON of an index.
    Malformed {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there.
        reason: String,
    },
    /// A path that kiln never writes.
    Path {
        /// The path.
        path: String,
        /// Why not.
        reason: &'static str,
    },
}

impl fmt::Display for IndexProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IndexProblem::Conflict { line } => {
                write!(f, "`{FILE_NAME}` has an unresolved merge conflict at line {line}")
            }
            IndexProblem::Version { version } => {
                write!(f, "`{FILE_NAME}` has version {version}, this kiln reads version {VERSION}")
            }
            IndexProblem::NotText => write!(f, "`{FILE_NAME}` is not UTF-8 text"),
            IndexProblem::Malformed { line, column, reason } => {
                write!(f, "`{FILE_NAME}` cannot be read at line {line}, column {column}: {reason}")
            }
            IndexProblem::Path { path, reason } => {
                write!(f, "`{FILE_NAME}` lists `{}`, which kiln never writes: {reason}", path.escape_debug())
            }
        }
    }
}

impl std::error::Error for IndexProblem {}

impl IndexProblem {
    /// The way out.
    pub fn help(&self) -> String {
        match self {
            IndexProblem::Conflict { .. } => {
                "output is never merged by hand: resolve the conflicts under `stacks/`, run `kiln build --force` \
                 and commit `out/` whole"
            }
            IndexProblem::Version { .. } => {
                "use the version of kiln that wrote `out/`, or run `kiln build --force` to write it anew"
            }
            IndexProblem::NotText | IndexProblem::Malformed { .. } | IndexProblem::Path { .. } => {
                "restore the index from git, or run `kiln build --force` to write it anew"
            }
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::tree::TreeFile;

    fn index() -> Index {
        let mut tree = Tree::new();
        tree.insert("b/\"x\".yaml", TreeFile::new(b"x".to_vec(), vec!["stacks/a.toml#b".into()])).unwrap();
        tree.insert("a.yaml", TreeFile::new(b"y".to_vec(), vec!["q".into(), "p".into()])).unwrap();
        Index::of(&tree)
    }

    fn with_path(path: &str) -> String {
        let digest = Digest::of(b"");
        let path = quoted(path);
        format!(r#"{{"version":1,"files":{{{path}:{{"sha256":"{digest}","from":[]}}}}}}"#)
    }

    #[test]
    fn every_file_has_one_line_in_order_of_the_paths() {
        let text = index().render();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(lines[3].starts_with("    \"a.yaml\": { \"sha256\": \"a1fce436"), "{text}");
        assert!(lines[3].ends_with("\", \"from\": [\"p\", \"q\"] },"), "{text}");
        assert!(lines[4].starts_with(r#"    "b/\"x\".yaml": {"#), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(Index::parse(index().render().as_bytes()), Ok(index()));
        assert_eq!(Index::parse(Index::default().render().as_bytes()), Ok(Index::default()));
    }

    #[test]
    fn a_conflict_is_recognised_and_explained() {
        let text = index().render().replace("    \"a.yaml\"", "<<<<<<< HEAD\n    \"a.yaml\"");
        let problem = Index::parse(text.as_bytes()).unwrap_err();
        assert_eq!(problem, IndexProblem::Conflict { line: 4 });
        assert!(problem.to_string().contains("unresolved merge conflict"));
        assert!(problem.help().contains("kiln build --force"));
    }

    #[test]
    fn both_sides_of_a_conflict_are_salvaged() {
        let ours = index().render();
        let lines: Vec<_> = ours.lines().collect();
        let theirs = lines[3].replace("a1fce436", "00000000");
        let text =
            ours.replace(lines[3], &format!("<<<<<<< HEAD\n{}\n=======\n{theirs}\n>>>>>>> branch", lines[3]));
        let found = Index::salvage(text.as_bytes());
        assert_eq!(found["a.yaml"].len(), 2);
        assert_eq!(found["b/\"x\".yaml"].len(), 1);
        assert!(Index::salvage(with_path("../x").as_bytes()).is_empty());
    }

    #[test]
    fn another_version_is_named_even_with_fields_of_its_own() {
        for text in [r#"{"version":2,"files":{}}"#, r#"{"version":2,"trees":{}}"#] {
            assert_eq!(Index::parse(text.as_bytes()), Err(IndexProblem::Version { version: 2 }));
        }
    }

    #[test]
    fn what_is_not_an_index_is_refused_at_its_place() {
        for text in ["", "[]", "{", "{}", r#"{"version":1}"#, r#"{"version":1,"files":{},"x":1}"#] {
            let problem = Index::parse(text.as_bytes()).unwrap_err();
            assert!(matches!(problem, IndexProblem::Malformed { .. }), "{text}: {problem}");
        }
        let problem = Index::parse(b"{\n  \"version\": 1,\n  \"files\": 7\n}").unwrap_err();
        assert!(matches!(problem, IndexProblem::Malformed { line: 3, .. }), "{problem:?}");
        assert_eq!(Index::parse(&[0xff]), Err(IndexProblem::NotText));
    }

    #[test]
    fn a_path_listed_twice_is_refused() {
        let entry = format!(r#""a":{{"sha256":"{}","from":[]}}"#, Digest::of(b""));
        let text = format!(r#"{{"version":1,"files":{{{entry},{entry}}}}}"#);
        let problem = Index::parse(text.as_bytes()).unwrap_err();
        assert!(problem.to_string().contains("`a` is listed twice"), "{problem}");
    }

    #[test]
    fn paths_that_leave_the_folder_or_name_the_index_are_refused() {
        for path in ["/etc/passwd", "../x", "a/../../x", "a\\b", "kiln.index.json", "", "C:/x"] {
            let problem = Index::parse(with_path(path).as_bytes()).unwrap_err();
            assert!(matches!(problem, IndexProblem::Path { .. }), "{path}: {problem}");
        }
        assert!(Index::parse(with_path("a/b").as_bytes()).is_ok());
    }

    #[test]
    fn a_digest_that_is_none_is_refused() {
        let text = with_path("a").replace(&Digest::of(b"").to_string(), "abc");
        assert!(matches!(Index::parse(text.as_bytes()), Err(IndexProblem::Malformed { .. })));
    }
}
