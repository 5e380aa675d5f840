//! The output as a value: every file of `out/` with its bytes, digest and origins, before any of it is
//! a file. Knows nothing of the file system.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::emit::index;

/// The SHA-256 of a file's bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(Sha256::digest(bytes).into())
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(hex: &str) -> Option<Self> {
        let digits = hex.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 64 {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().try_fold(0, |sum, digit| Some(sum << 4 | nibble(*digit)?))?;
        }
        Some(Digest(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeFile {
    bytes: Vec<u8>,
    digest: Digest,
    origins: Vec<String>,
}

impl TreeFile {
    /// A file with the keys of the definitions it came from, such as
    /// `stacks/misago/misago.toml#components.nginx`, in any order.
    pub fn new(bytes: Vec<u8>, mut origins: Vec<String>) -> Self {
        origins.sort_unstable();
        origins.dedup();
        let digest = Digest::of(&bytes);
        TreeFile { bytes, digest, origins }
    }

    /// What the file holds.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The SHA-256 of the bytes.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The keys of the definitions the file came from, sorted, each once.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }
}

/// Two paths that cannot both exist on every file system: equal when case is folded, one the folder of
/// the other, or in folders that differ in case only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The path that was refused.
    pub path: String,
    /// The path that was there before.
    pub other: String,
}

impl fmt::Display for Collision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` and `{}` cannot both be files of the output", self.path, self.other)
    }
}

impl std::error::Error for Collision {}

/// The whole output: paths relative to `out/`, `/`-separated. Never holds the index, which is made of it.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    files: BTreeMap<String, TreeFile>,
    /// What stands at each folded path.
    taken: BTreeMap<String, Taken>,
}

#[derive(Clone, Debug)]
enum Taken {
    File(String),
    /// The folder as it is spelled, and the first file that was put into it.
    Folder(String, String),
}

impl Tree {
    /// A tree without files.
    pub fn new() -> Self {
        Tree::default()
    }

    /// Adds a file, or leaves the tree as it is when the path cannot stand beside another.
    pub fn insert(&mut self, path: impl Into<String>, file: TreeFile) -> Result<(), Collision> {
        let path = path.into();
        let refuse = |other: &str| Err(Collision { path: path.clone(), other: other.to_owned() });
        match self.taken.get(&fold(&path)) {
            Some(Taken::File(other) | Taken::Folder(_, other)) => return refuse(other),
            None => {}
        }
        for folder in folders(&path) {
            match self.taken.get(&fold(folder)) {
                Some(Taken::File(other)) => return refuse(other),
                Some(Taken::Folder(spelled, other)) if spelled != folder => return refuse(other),
                Some(Taken::Folder(..)) => break,
                None => {}
            }
        }
        for folder in folders(&path) {
            if self.taken.contains_key(&fold(folder)) {
                break;
            }
            self.taken.insert(fold(folder), Taken::Folder(folder.to_owned(), path.clone()));
        }
        self.taken.insert(fold(&path), Taken::File(path.clone()));
        self.files.insert(path, file);
        Ok(())
    }

    /// Every file by its path.
    pub fn files(&self) -> &BTreeMap<String, TreeFile> {
        &self.files
    }

    /// The file at `path`.
    pub fn get(&self, path: &str) -> Option<&TreeFile> {
        self.files.get(path)
    }

    /// The number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// A path as a file system sees it that ignores case.
pub fn fold(path: &str) -> String {
    path.to_lowercase()
}

/// The folders a path lies in, the innermost first: `a/b/c` gives `a/b` and `a`.
pub fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(end, _)| path.get(..end).unwrap_or(""))
}

/// Why a path may not be written below `out/`, if so: it leaves the folder, means something else on another
/// system, or belongs to kiln itself.
pub fn path_problem(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    if path.contains('\\') {
        return Some("it has a backslash");
    }
    if path.contains(':') || path.chars().any(char::is_control) {
        return Some("it has a character that not every system allows in a file name");
    }
    if path.split('/').any(|segment| segment == "..") {
        return Some("it has a `..`");
    }
    if path.split('/').any(|segment| segment.is_empty() || segment == ".") {
        return Some("it has an empty segment or a `.`");
    }
    if fold(path) == index::FILE_NAME {
        return Some("it is the index itself");
    }
    if path.split('/').any(|segment| fold(segment).starts_with(".kiln")) {
        return Some("names that begin with `.kiln` are kept for kiln");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> TreeFile {
        TreeFile::new(b"a: 1\n".to_vec(), vec!["b#1".into(), "a#1".into(), "b#1".into()])
    }

    fn collide(first: &str, second: &str) -> bool {
        let mut tree = Tree::new();
        tree.insert(first, file()).unwrap();
        match tree.insert(second, file()) {
            Ok(()) => false,
            Err(collision) => {
                assert_eq!(collision, Collision { path: second.into(), other: first.into() });
                assert_eq!(tree.len(), 1, "a refused file leaves the tree as it was");
                true
            }
        }
    }

    #[test]
    fn paths_that_differ_in_case_only_collide() {
        assert!(collide("a/B.yaml", "a/b.yaml"));
        assert!(collide("a/x.yaml", "A/y.yaml"));
        assert!(collide("Ä.yaml", "ä.yaml"));
        assert!(!collide("a/b.yaml", "a/c.yaml"));
    }

    #[test]
    fn a_file_and_a_folder_of_one_name_collide() {
        assert!(collide("a/b", "a"));
        assert!(collide("a", "a/b/c"));
        assert!(collide("a/b", "A"));
        assert!(!collide("a.yaml", "a/b"));
        assert!(collide("a", "a"));
    }

    #[test]
    fn origins_are_sorted_and_each_stands_once() {
        assert_eq!(file().origins(), ["a#1", "b#1"]);
    }

    #[test]
    fn digest_is_the_sha_256_of_the_bytes_and_reads_back() {
        let digest = Digest::of(b"");
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(digest.to_string(), hex);
        assert_eq!(Digest::from_hex(hex), Some(digest));
        assert_eq!(Digest::from_hex(&hex.to_uppercase()), None);
        assert_eq!(Digest::from_hex("e3"), None);
    }

    #[test]
    fn paths_that_leave_the_folder_or_belong_to_kiln_are_named() {
        for path in [
            "",
            "/a",
            "a\\b",
            "c:/a",
            "a/../b",
            "a//b",
            "./a",
            "a/",
            "Kiln.Index.json",
            ".kiln-x.tmp",
            "a\nb",
        ] {
            assert!(path_problem(path).is_some(), "{path:?}");
        }
        assert_eq!(path_problem("clusters/a/kiln.index.json"), None);
        assert_eq!(path_problem("clusters/a..b/.gitkeep"), None);
    }
}
