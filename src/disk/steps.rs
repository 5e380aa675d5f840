//! A build's writing as a list of steps, each of which leaves an `out/` that the next build can repair.
//!
//! In place: the journal first; then everything new waits in temporary files beside its place; then what is old goes
//! and what is new is renamed into place; the index comes last, and the journal goes. A first build
//! writes into a folder beside `out/` and moves it into place whole.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::changes::Changes;
use super::file::{Durability, create, place, remove, remove_folder, replace, sibling, waiting};
use super::journal::{self, Journal};
use super::problem::{OutProblem, Progress};
use super::state::Folder;
use super::write::Edits;
use crate::emit::index;
use crate::emit::tree::{Tree, folders};

/// One thing done to the file system. Paths are relative to `out/`, or to the folder beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Remove the folder that a killed first build left beside `out/`.
    Clear,
    /// Write down what is about to be written.
    Journal,
    /// Remove a temporary file of a killed build.
    Sweep(String),
    /// Make a folder, the empty path being the one beside `out/`.
    Make(String),
    /// Write a file into the folder beside `out/`.
    Write(String),
    /// Write a file's new bytes beside its place.
    Stage(String),
    /// Remove a file.
    Remove(String),
    /// Remove a folder if it is empty.
    RemoveFolder(String),
    /// Rename what waits into its place.
    Commit(String),
    /// Write the index.
    Index,
    /// Move the folder beside `out/` into its place.
    Move,
    /// Remove the journal.
    Finish,
}

/// The steps of one build, in order.
#[derive(Debug)]
pub struct Steps<'a> {
    tree: &'a Tree,
    out: &'a Path,
    /// The folder the files go to: `out/`, or the one beside it.
    base: PathBuf,
    index: Option<&'a str>,
    journal: Journal,
    /// Whether a journal was there before.
    journaled: Folder,
    steps: Vec<Step>,
    /// The number of files written and removed.
    pub(super) written: usize,
    pub(super) removed: usize,
}

impl<'a> Steps<'a> {
    /// What `changes` takes. Edited and foreign files are overwritten or removed only with [`Edits::Discard`].
    pub fn new(tree: &'a Tree, out: &'a Path, changes: &'a Changes, edits: Edits) -> Self {
        let mut write: BTreeSet<&str> = changes.write.iter().map(String::as_str).collect();
        let mut gone: BTreeSet<&str> = changes.remove.iter().map(String::as_str).collect();
        if edits == Edits::Discard {
            for path in changes.edited.iter().chain(&changes.foreign) {
                if tree.get(path).is_some() {
                    write.insert(path)
                } else {
                    gone.insert(path)
                };
            }
        }
        let mut journal = changes.journal.clone().unwrap_or_default();
        for path in &write {
            if let Some(file) = tree.get(path) {
                journal.add(path, file.digest());
            }
        }
        let mut steps = Vec::new();
        if changes.beside == Folder::Present {
            steps.push(Step::Clear);
        }
        let base = match changes.folder {
            Folder::Absent => {
                beside(&mut steps, changes);
                sibling(out, "new")
            }
            Folder::Present => {
                in_place(&mut steps, changes, &write, &gone);
                out.to_owned()
            }
        };
        let journaled = if changes.journal.is_some() { Folder::Present } else { Folder::Absent };
        let index = changes.index.as_deref();
        let (written, removed) = (write.len(), gone.len());
        Steps { tree, out, base, index, journal, journaled, steps, written, removed }
    }

    /// The steps in order.
    pub fn list(&self) -> &[Step] {
        &self.steps
    }

    /// Takes one step.
    pub fn take(&self, step: &Step) -> Result<(), OutProblem> {
        let at = |path: &str| if path.is_empty() { self.base.clone() } else { place(&self.base, path) };
        let write = |path: &str, place: &Path| {
            let bytes = self.tree.get(path).map_or(&[][..], |file| file.bytes());
            create(place, bytes, Durability::Cached)
        };
        let (action, path, result) = match step {
            Step::Clear => {
                let path = sibling(self.out, "new");
                let result = clear(&path);
                ("remove", path, result)
            }
            Step::Journal => ("write", self.base.join(journal::FILE_NAME), self.journal.write(&self.base)),
            Step::Sweep(path) | Step::Remove(path) => ("remove", at(path), remove(&at(path))),
            Step::Make(path) => ("create", at(path), make(&at(path))),
            Step::Write(path) => ("write", at(path), write(path, &at(path))),
            Step::Stage(path) => ("write", at(path), write(path, &at(&waiting(path)))),
            Step::RemoveFolder(path) => ("remove", at(path), remove_folder(&at(path))),
            Step::Commit(path) => ("write", at(path), fs::rename(at(&waiting(path)), at(path))),
            Step::Index => {
                let text = self.index.unwrap_or_default().as_bytes();
                let path = at(index::FILE_NAME);
                let result = replace(&path, &at(&waiting(index::FILE_NAME)), text);
                ("write", path, result)
            }
            Step::Move => ("create", self.out.to_owned(), fs::rename(&self.base, self.out)),
            Step::Finish => ("remove", at(journal::FILE_NAME), remove(&at(journal::FILE_NAME))),
        };
        result.map_err(|error| OutProblem::io(action, &path, &error))
    }

    /// Takes every step. When one fails before anything old is touched, all is put back.
    pub fn run(&self) -> Result<(), OutProblem> {
        for (at, step) in self.steps.iter().enumerate() {
            let Err(mut problem) = self.take(step) else { continue };
            let taken = self.steps.get(..=at).unwrap_or_default();
            if taken.iter().any(|step| matches!(step, Step::Remove(_) | Step::Commit(_))) {
                if let OutProblem::Io { progress, .. } = &mut problem {
                    *progress = Progress::Partial;
                }
            } else {
                self.undo(taken);
            }
            return Err(problem);
        }
        Ok(())
    }

    /// Takes back steps that only added. What cannot be taken back is left to the next build.
    fn undo(&self, taken: &[Step]) {
        for step in taken.iter().rev() {
            let _ = match step {
                Step::Make(path) if path.is_empty() => clear(&self.base),
                Step::Make(path) => remove_folder(&place(&self.base, path)),
                Step::Stage(path) => remove(&place(&self.base, &waiting(path))),
                Step::Journal if self.journaled == Folder::Absent => {
                    remove(&self.base.join(journal::FILE_NAME))
                }
                _ => Ok(()),
            };
        }
    }

    /// The folders in which something is made or removed, each once.
    pub(super) fn touched(&self) -> BTreeSet<&str> {
        let steps = self.steps.iter().filter_map(|step| match step {
            Step::Make(path) | Step::Stage(path) | Step::Remove(path) | Step::RemoveFolder(path) => {
                Some(folders(path).next().unwrap_or(""))
            }
            Step::Journal | Step::Index | Step::Finish => Some(""),
            _ => None,
        });
        steps.collect()
    }
}

/// A first build.
fn beside(steps: &mut Vec<Step>, changes: &Changes) {
    steps.push(Step::Make(String::new()));
    steps.extend(changes.make.iter().cloned().map(Step::Make));
    steps.extend(changes.write.iter().cloned().map(Step::Write));
    steps.extend([Step::Index, Step::Move]);
}

fn in_place(steps: &mut Vec<Step>, changes: &Changes, write: &BTreeSet<&str>, gone: &BTreeSet<&str>) {
    let blocked = |path: &str| {
        changes.blocked.contains(path) || folders(path).any(|folder| changes.blocked.contains(folder))
    };
    let owned = |path: &&str| (*path).to_owned();
    if !write.is_empty() {
        steps.push(Step::Journal);
    }
    steps.extend(changes.leftovers.iter().cloned().map(Step::Sweep));
    steps.extend(changes.make.iter().filter(|path| !blocked(path)).cloned().map(Step::Make));
    steps.extend(write.iter().filter(|path| !blocked(path)).map(owned).map(Step::Stage));
    steps.extend(gone.iter().map(owned).map(Step::Remove));
    steps.extend(changes.emptied.iter().cloned().map(Step::RemoveFolder));
    steps.extend(changes.make.iter().filter(|path| blocked(path)).cloned().map(Step::Make));
    steps.extend(write.iter().filter(|path| blocked(path)).map(owned).map(Step::Stage));
    steps.extend(write.iter().map(owned).map(Step::Commit));
    if changes.index.is_some() {
        steps.push(Step::Index);
    }
    if !write.is_empty() || changes.journal.is_some() {
        steps.push(Step::Finish);
    }
}

/// Makes a folder, or finds that it is there already.
fn make(path: &Path) -> io::Result<()> {
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        result => result,
    }
}

/// Removes whatever has kiln's name beside `out/`, a link as a link.
fn clear(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
