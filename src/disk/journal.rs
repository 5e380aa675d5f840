//! `.kiln.journal.json`: what a build is about to write, kept in `out/` while it does. A build that finds one
//! knows that another was killed, and which files are that one's work.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::file::{replace, waiting};
use super::problem::OutProblem;
use crate::emit::tree::{Digest, path_problem};

/// The name of the journal, directly in `out/`.
pub const FILE_NAME: &str = ".kiln.journal.json";

/// What builds that did not finish were about to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journal {
    /// By path, the digests the file may have: one for each build that was killed, and the present one.
    pub files: BTreeMap<String, Vec<Digest>>,
}

impl Journal {
    /// Adds a file that is about to be written.
    pub fn add(&mut self, path: &str, digest: Digest) {
        let digests = self.files.entry(path.to_owned()).or_default();
        if !digests.contains(&digest) {
            digests.push(digest);
        }
    }

    /// The journal in `out`, if a build was killed there. It is written whole or not at all: one that cannot be
    /// read was not written by kiln and claims nothing.
    pub(super) fn read(out: &Path) -> Result<Option<Journal>, OutProblem> {
        let path = out.join(FILE_NAME);
        match std::fs::read(&path) {
            Ok(bytes) => Ok(Some(Journal::parse(&bytes).unwrap_or_default())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(OutProblem::io("read", &path, &error)),
        }
    }

    fn parse(bytes: &[u8]) -> Option<Journal> {
        let written: BTreeMap<String, Vec<String>> = serde_json::from_slice(bytes).ok()?;
        let mut journal = Journal::default();
        for (path, digests) in &written {
            if path_problem(path).is_none() {
                digests
                    .iter()
                    .filter_map(|hex| Digest::from_hex(hex))
                    .for_each(|digest| journal.add(path, digest));
            }
        }
        Some(journal)
    }

    pub(super) fn write(&self, out: &Path) -> io::Result<()> {
        let files = self.files.iter().map(|(path, digests)| {
            let digests: Vec<serde_json::Value> =
                digests.iter().map(|digest| digest.to_string().into()).collect();
            (path.clone(), serde_json::Value::from(digests))
        });
        let text = serde_json::Value::Object(files.collect()).to_string();
        replace(&out.join(FILE_NAME), &out.join(waiting(FILE_NAME)), text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let out = tempfile::tempdir().unwrap();
        let mut journal = Journal::default();
        journal.add("a/b", Digest::of(b"1"));
        journal.add("a/b", Digest::of(b"2"));
        journal.add("a/b", Digest::of(b"1"));
        assert_eq!(journal.files["a/b"].len(), 2);
        assert_eq!(Journal::read(out.path()), Ok(None));
        journal.write(out.path()).unwrap();
        assert_eq!(Journal::read(out.path()), Ok(Some(journal)));
    }

    #[test]
    fn a_journal_that_kiln_did_not_write_claims_nothing() {
        let digest = Digest::of(b"");
        for text in
            [String::new(), "[1]".into(), format!(r#"{{"../x": ["{digest}"]}}"#), r#"{"a": ["b"]}"#.into()]
        {
            assert_eq!(Journal::parse(text.as_bytes()).unwrap_or_default(), Journal::default(), "{text}");
        }
    }
}
