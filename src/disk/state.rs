//! What kiln knows it wrote in `out/`: the index, and the journal of a build that was killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::file::{Standing, standing};
use super::journal::Journal;
use super::problem::{Indexed, ObstacleKind, OutProblem};
use crate::emit::index::{self, Index, IndexProblem};
use crate::emit::tree::Digest;

/// A file that is kiln's as long as it has one of the digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// What kiln may have written there.
    pub digests: Vec<Digest>,
    /// Who says so.
    pub claim: Claim,
}

/// Who says that kiln wrote a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The index: with other bytes, it was edited.
    Index,
    /// Only the journal: with other bytes, it was never kiln's.
    Journal,
}

/// What kiln knows of `out/` before it looks at the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether there is a folder at all.
    pub folder: Folder,
    /// Whether there is an index.
    pub indexed: Indexed,
    /// Why the index cannot be read; what could be salvaged of it counts nevertheless.
    pub problem: Option<IndexProblem>,
    /// The bytes of the index.
    pub index: Vec<u8>,
    /// The work of builds that were killed.
    pub journal: Option<Journal>,
    /// Every file that kiln wrote, by path.
    pub owned: BTreeMap<String, Owned>,
}

/// Whether there is an `out/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Folder {
    /// There is.
    Present,
    /// There is not: the first build makes it.
    #[default]
    Absent,
}

impl State {
    /// Reads the index and the journal in `out`.
    pub fn read(out: &Path) -> Result<State, OutProblem> {
        match standing(out).map_err(|error| OutProblem::io("read", out, &error))? {
            Standing::Folder => {}
            Standing::Nothing => return Ok(State::default()),
            found => {
                let obstacle = match found {
                    Standing::Symlink => ObstacleKind::Symlink,
                    Standing::Special => ObstacleKind::Special,
                    _ => ObstacleKind::File,
                };
                return Err(OutProblem::NotAFolder { out: out.to_owned(), obstacle });
            }
        }
        refuse_links(out)?;
        let mut state = State { folder: Folder::Present, ..State::default() };
        let path = out.join(index::FILE_NAME);
        match std::fs::read(&path) {
            Ok(bytes) => {
                state.indexed = Indexed::Present;
                state.claim_index(&bytes);
                state.index = bytes;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(OutProblem::io("read", &path, &error)),
        }
        state.journal = Journal::read(out)?;
        if let Some(journal) = &state.journal {
            for (path, digests) in &journal.files {
                let none = || Owned { digests: Vec::new(), claim: Claim::Journal };
                state.owned.entry(path.clone()).or_insert_with(none).digests.extend(digests);
            }
        }
        Ok(state)
    }

    fn claim_index(&mut self, bytes: &[u8]) {
        let owned = |digests| Owned { digests, claim: Claim::Index };
        match Index::parse(bytes) {
            Ok(index) => {
                let files = index.files.into_iter();
                self.owned = files.map(|(path, entry)| (path, owned(vec![entry.digest]))).collect();
            }
            Err(problem) => {
                let files = Index::salvage(bytes).into_iter();
                self.owned = files.map(|(path, digests)| (path, owned(digests))).collect();
                self.problem = Some(problem);
            }
        }
    }

    /// The paths that builds which were killed were about to write.
    pub fn journaled(&self) -> BTreeSet<&str> {
        self.journal.iter().flat_map(|journal| journal.files.keys().map(String::as_str)).collect()
    }
}

/// The index and the journal themselves must be files.
fn refuse_links(out: &Path) -> Result<(), OutProblem> {
    let mut obstacles = Vec::new();
    for name in [super::journal::FILE_NAME, index::FILE_NAME] {
        let path = out.join(name);
        let kind = match standing(&path).map_err(|error| OutProblem::io("read", &path, &error))? {
            Standing::Nothing | Standing::File(_) => continue,
            Standing::Folder => ObstacleKind::Folder,
            Standing::Symlink => ObstacleKind::Symlink,
            Standing::Special => ObstacleKind::Special,
        };
        obstacles.push(super::problem::Obstacle { path: name.to_owned(), kind });
    }
    if obstacles.is_empty() { Ok(()) } else { Err(OutProblem::Obstructed(obstacles)) }
}
