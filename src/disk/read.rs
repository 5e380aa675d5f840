//! Reading `stacks/`: every file below it, in one order on every machine, or every reason why not.
//!
//! Follows no link and opens nothing but regular files.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use walkdir::{DirEntry, WalkDir};

use crate::source::Sources;

/// The largest file that is read, in bytes: 16 MiB.
pub const FILE_LIMIT: u64 = 16 << 20;

/// The most that all files together may hold, in bytes: 1 GiB.
pub const TOTAL_LIMIT: u64 = 1 << 30;

/// The name of the folder that makes a workspace.
pub const STACKS: &str = "stacks";

/// The `stacks/` here or in the nearest parent that has one.
pub fn find_stacks(start: &Path) -> Option<PathBuf> {
    let start = std::path::absolute(start).ok()?;
    start.ancestors().map(|folder| folder.join(STACKS)).find(|stacks| stacks.is_dir())
}

/// Something under `stacks/` that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadProblem {
    /// Relative to `stacks/`, empty for the folder itself; what is not UTF-8 is replaced.
    pub path: String,
    /// Why not.
    pub reason: ReadReason,
}

/// Why something cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadReason {
    /// `stacks/` itself is not there, or no folder.
    NoFolder,
    /// A symbolic link.
    Symlink,
    /// A pipe, socket or device.
    Special,
    /// A file name that is not UTF-8.
    NameNotUtf8,
    /// A file name with a backslash or a control character.
    NameNotPortable,
    /// A file beyond [`FILE_LIMIT`], with its size in bytes.
    FileTooLarge(u64),
    /// All files are beyond [`TOTAL_LIMIT`], with their size in bytes.
    TotalTooLarge(u64),
    /// What the operating system says.
    Io(String),
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = match self.path.as_str() {
            "" => format!("{STACKS}/"),
            path => format!("{STACKS}/{}", path.escape_debug()),
        };
        match &self.reason {
            ReadReason::NoFolder => write!(f, "`{path}` is not a folder"),
            ReadReason::Symlink => write!(f, "`{path}` is a symbolic link, which kiln does not follow"),
            ReadReason::Special => write!(f, "`{path}` is a pipe, socket or device"),
            ReadReason::NameNotUtf8 => write!(f, "the name of `{path}` is not UTF-8"),
            ReadReason::NameNotPortable => {
                write!(f, "the name of `{path}` has a backslash or a control character")
            }
            ReadReason::FileTooLarge(size) => {
                write!(f, "`{path}` has {size} bytes, more than the {FILE_LIMIT} a file may have")
            }
            ReadReason::TotalTooLarge(size) => {
                write!(f, "`{path}` holds {size} bytes, more than the {TOTAL_LIMIT} it may have")
            }
            ReadReason::Io(reason) => write!(f, "`{path}` cannot be read: {reason}"),
        }
    }
}

impl std::error::Error for ReadProblem {}

impl ReadProblem {
    /// The way out.
    pub fn help(&self) -> &'static str {
        match self.reason {
            ReadReason::NoFolder => {
                "run kiln in a workspace, name the folder with `--stacks`, or begin with `kiln init`"
            }
            ReadReason::Symlink => {
                "put a copy of the file in its place: a build must not depend on what lies elsewhere"
            }
            ReadReason::Special => "remove it: only regular files are definitions or data",
            ReadReason::NameNotUtf8 | ReadReason::NameNotPortable => "rename it",
            ReadReason::FileTooLarge(_) | ReadReason::TotalTooLarge(_) => {
                "keep large data outside of `stacks/`: a ConfigMap holds 1 MiB at most"
            }
            ReadReason::Io(_) => "check its permissions",
        }
    }
}

/// Reads every file below `root`, which is the `stacks/` folder. Hidden files and folders and the leftovers of
/// editors are passed over. All problems come together, sorted by path.
pub fn read_sources(root: &Path) -> Result<Sources, Vec<ReadProblem>> {
    if !root.is_dir() {
        return Err(vec![ReadProblem { path: String::new(), reason: ReadReason::NoFolder }]);
    }
    let mut problems = Vec::new();
    let mut found = Vec::new();
    let mut total = 0;
    for entry in WalkDir::new(root).sort_by_file_name().into_iter().filter_entry(is_visible) {
        match entry.map_err(|error| walk_problem(root, &error)).and_then(|entry| examine(root, &entry)) {
            Ok(Some(file)) => {
                total += file.size;
                found.push(file);
            }
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    if total > TOTAL_LIMIT {
        problems.push(ReadProblem { path: String::new(), reason: ReadReason::TotalTooLarge(total) });
        found.clear();
    }
    let read: Vec<_> = found.into_par_iter().map(Found::read).collect();
    let mut files = Vec::new();
    for result in read {
        match result {
            Ok(file) => files.push(file),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(problems);
    }
    Ok(Sources::new(files))
}

/// Not hidden (`.git`, `.DS_Store`, `.#lock`, `.x.swp`) and no backup (`x~`, `#x#`).
fn is_visible(entry: &DirEntry) -> bool {
    let name = entry.file_name().as_encoded_bytes();
    let hidden =
        name.starts_with(b".") || name.ends_with(b"~") || (name.starts_with(b"#") && name.ends_with(b"#"));
    entry.depth() == 0 || !hidden
}

struct Found {
    place: PathBuf,
    path: String,
    size: u64,
}

impl Found {
    fn read(self) -> Result<(String, Vec<u8>), ReadProblem> {
        let mut bytes = Vec::with_capacity(self.size as usize);
        // The file may have grown since it was looked at: never read past the limit.
        let read = File::open(&self.place).and_then(|file| file.take(FILE_LIMIT + 1).read_to_end(&mut bytes));
        let reason = match read {
            Ok(size) if size as u64 > FILE_LIMIT => ReadReason::FileTooLarge(size as u64),
            Ok(_) => return Ok((self.path, bytes)),
            Err(error) => ReadReason::Io(describe(&error)),
        };
        Err(ReadProblem { path: self.path, reason })
    }
}

/// A file to read, nothing for a folder.
fn examine(root: &Path, entry: &DirEntry) -> Result<Option<Found>, ReadProblem> {
    if entry.depth() == 0 {
        return Ok(None);
    }
    let path = relative(root, entry.path());
    let refuse = |reason| Err(ReadProblem { path: path.clone(), reason });
    let Some(name) = entry.file_name().to_str() else {
        return refuse(ReadReason::NameNotUtf8);
    };
    if name.contains('\\') || name.chars().any(char::is_control) {
        return refuse(ReadReason::NameNotPortable);
    }
    let kind = entry.file_type();
    if kind.is_symlink() {
        return refuse(ReadReason::Symlink);
    }
    if kind.is_dir() {
        return Ok(None);
    }
    if !kind.is_file() {
        return refuse(ReadReason::Special);
    }
    match fs::symlink_metadata(entry.path()) {
        Ok(metadata) if metadata.len() > FILE_LIMIT => refuse(ReadReason::FileTooLarge(metadata.len())),
        Ok(metadata) => Ok(Some(Found { place: entry.path().to_owned(), path, size: metadata.len() })),
        Err(error) => refuse(ReadReason::Io(describe(&error))),
    }
}

fn walk_problem(root: &Path, error: &walkdir::Error) -> ReadProblem {
    let path = error.path().map(|path| relative(root, path)).unwrap_or_default();
    let reason = error.io_error().map_or_else(|| error.to_string(), describe);
    ReadProblem { path, reason: ReadReason::Io(reason) }
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let segments: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    segments.join("/")
}

/// The words of an error without the number that the operating system gives it.
pub(super) fn describe(error: &io::Error) -> String {
    let text = error.to_string();
    let words = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(root: &Path) -> Vec<String> {
        read_sources(root).unwrap().iter().map(|(_, file)| file.path.clone()).collect()
    }

    fn problems(root: &Path) -> Vec<(String, ReadReason)> {
        read_sources(root).unwrap_err().into_iter().map(|problem| (problem.path, problem.reason)).collect()
    }

    #[test]
    fn every_file_is_read_sorted_with_slashes() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("a/files")).unwrap();
        for path in ["workspace.toml", "a/b.toml", "a/files/x.png"] {
            fs::write(root.path().join(path), [0xff]).unwrap();
        }
        assert_eq!(read(root.path()), ["a/b.toml", "a/files/x.png", "workspace.toml"]);
    }

    #[test]
    fn hidden_files_and_leftovers_of_editors_are_passed_over() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(".git")).unwrap();
        for path in [".git/HEAD", ".DS_Store", "a.toml~", ".#a.toml", "#a.toml#", ".a.toml.swp", "a.toml"] {
            fs::write(root.path().join(path), "").unwrap();
        }
        assert_eq!(read(root.path()), ["a.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_pipes_sockets_and_bad_names_are_refused_together() {
        use std::ffi::OsStr;
        use std::os::unix::{ffi::OsStrExt as _, fs::symlink, net::UnixListener};
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::write(at("a.toml"), "").unwrap();
        symlink("a.toml", at("link.toml")).unwrap();
        symlink("nowhere", at("dangling")).unwrap();
        symlink(".", at("loop")).unwrap();
        let _socket = UnixListener::bind(at("socket")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        fs::write(at("back\\slash"), "").unwrap();
        fs::write(at("line\nfeed"), "").unwrap();
        fs::write(root.path().join(OsStr::from_bytes(b"latin\xe9")), "").unwrap();
        let expected = [
            ("back\\slash", ReadReason::NameNotPortable),
            ("dangling", ReadReason::Symlink),
            ("latin\u{fffd}", ReadReason::NameNotUtf8),
            ("line\nfeed", ReadReason::NameNotPortable),
            ("link.toml", ReadReason::Symlink),
            ("loop", ReadReason::Symlink),
            ("pipe", ReadReason::Special),
            ("socket", ReadReason::Special),
        ];
        assert_eq!(problems(root.path()), expected.map(|(path, reason)| (path.to_owned(), reason)));
    }

    #[test]
    fn a_file_beyond_16_mib_is_refused_with_its_size() {
        let root = tempfile::tempdir().unwrap();
        File::create(root.path().join("ok")).unwrap().set_len(FILE_LIMIT).unwrap();
        assert_eq!(read(root.path()), ["ok"]);
        File::create(root.path().join("big")).unwrap().set_len(FILE_LIMIT + 1).unwrap();
        assert_eq!(problems(root.path()), [("big".to_owned(), ReadReason::FileTooLarge(16777217))]);
    }

    #[test]
    fn more_than_a_gibibyte_together_is_refused_unread() {
        let root = tempfile::tempdir().unwrap();
        for at in 0..65 {
            File::create(root.path().join(at.to_string())).unwrap().set_len(FILE_LIMIT).unwrap();
        }
        let total = 65 * FILE_LIMIT;
        assert_eq!(problems(root.path()), [(String::new(), ReadReason::TotalTooLarge(total))]);
    }

    #[test]
    fn a_missing_folder_is_explained() {
        let root = tempfile::tempdir().unwrap();
        let problems = read_sources(&root.path().join("stacks")).unwrap_err();
        assert_eq!(problems[0].to_string(), "`stacks/` is not a folder");
        assert!(problems[0].help().contains("kiln init"));
    }

    #[test]
    fn stacks_are_found_here_or_in_a_parent() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("repo/stacks/a/files")).unwrap();
        let stacks = root.path().join("repo/stacks");
        for start in ["repo", "repo/stacks", "repo/stacks/a/files"] {
            assert_eq!(find_stacks(&root.path().join(start)).as_ref(), Some(&stacks), "{start}");
        }
    }
}
