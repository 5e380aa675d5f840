//! What a build would change in `out/`: the tree compared with the folder. Only looks, never writes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::file::{Standing, place, sibling, standing, waiting};
use super::journal::{self, Journal};
use super::problem::{Indexed, Obstacle, ObstacleKind, OutProblem, Refusal};
use super::state::{Claim, Folder, Owned, State};
use crate::emit::index::{self, Index, IndexProblem};
use crate::emit::tree::{Digest, Tree, TreeFile, fold, folders, path_problem};

/// What a build would change. Paths are relative to `out/` and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files to write: new ones, and those whose bytes change.
    pub write: Vec<String>,
    /// Files that kiln wrote and that are no longer part of the tree.
    pub remove: Vec<String>,
    /// The number of files that have their bytes already, whoever wrote them.
    pub unchanged: usize,
    /// Files that kiln wrote, and whose bytes are neither what it wrote nor what it would write now.
    pub edited: Vec<String>,
    /// Files that kiln did not write, at paths where it would write other bytes.
    pub foreign: Vec<String>,
    /// Why the index cannot be read, if so.
    pub index_problem: Option<IndexProblem>,
    /// Whether there is an index.
    pub indexed: Indexed,
    pub(super) folder: Folder,
    /// The new index, when it differs from what is there.
    pub(super) index: Option<String>,
    /// The journal of a build that was killed.
    pub(super) journal: Option<Journal>,
    /// Whether a first build was killed and left its folder beside `out/`.
    pub(super) beside: Folder,
    /// Temporary files of a build that was killed.
    pub(super) leftovers: Vec<String>,
    /// Folders to make, the outermost first.
    pub(super) make: Vec<String>,
    /// Folders to remove if they are empty by then, the innermost first.
    pub(super) emptied: Vec<String>,
    /// Paths at which something of the old output must go before the new can come: a file where a folder must be,
    /// a folder where a file must be.
    pub(super) blocked: BTreeSet<String>,
}

impl Changes {
    /// Whether `out/` is exactly what a build would write: the answer of `--check`.
    pub fn is_empty(&self) -> bool {
        let lists = [&self.write, &self.remove, &self.edited, &self.foreign];
        lists.iter().all(|paths| paths.is_empty()) && self.index.is_none()
    }

    /// What forbids the build, unless edits may be discarded.
    pub fn refusal(&self) -> Option<Refusal> {
        if self.edited.is_empty() && self.foreign.is_empty() && self.index_problem.is_none() {
            return None;
        }
        Some(Refusal {
            index: self.index_problem.clone(),
            edited: self.edited.clone(),
            foreign: self.foreign.clone(),
            indexed: self.indexed,
        })
    }
}

/// Compares `tree` with what is in `out`.
pub fn plan_write(tree: &Tree, out: &Path) -> Result<Changes, OutProblem> {
    for path in tree.files().keys() {
        if let Some(reason) = path_problem(path) {
            return Err(OutProblem::UnsafePath { path: path.clone(), reason });
        }
    }
    let state = State::read(out)?;
    let beside = match look(&sibling(out, "new"))? {
        Standing::Nothing => Folder::Absent,
        _ => Folder::Present,
    };
    let index = Index::of(tree).render();
    if state.folder == Folder::Absent {
        let write = tree.files().keys().cloned().collect();
        let make = every_folder(tree).into_iter().map(str::to_owned).collect();
        return Ok(Changes { write, make, beside, index: Some(index), ..Changes::default() });
    }
    let mut changes = Comparison::new(tree, out, &state).run()?;
    changes.folder = Folder::Present;
    changes.beside = beside;
    changes.indexed = state.indexed;
    changes.index = (index.as_bytes() != state.index).then_some(index);
    changes.index_problem = state.problem;
    changes.journal = state.journal;
    Ok(changes)
}

fn look(path: &Path) -> Result<Standing, OutProblem> {
    standing(path).map_err(|error| OutProblem::io("read", path, &error))
}

fn every_folder(tree: &Tree) -> BTreeSet<&str> {
    tree.files().keys().flat_map(|path| folders(path)).collect()
}

/// What stands at the folders of `out/`, each looked at once. Below anything but a folder there is nothing: links
/// are never followed.
struct Folders<'a> {
    out: &'a Path,
    seen: BTreeMap<String, Standing>,
}

impl Folders<'_> {
    fn get(&mut self, folder: &str) -> Result<Standing, OutProblem> {
        if folder.is_empty() {
            return Ok(Standing::Folder);
        }
        if let Some(found) = self.seen.get(folder) {
            return Ok(*found);
        }
        let found = match self.around(folder)? {
            Standing::Folder => look(&place(self.out, folder))?,
            _ => Standing::Nothing,
        };
        self.seen.insert(folder.to_owned(), found);
        Ok(found)
    }

    /// What the folder is that `path` lies in.
    fn around(&mut self, path: &str) -> Result<Standing, OutProblem> {
        self.get(folders(path).next().unwrap_or(""))
    }
}

/// What a build would do with one path.
enum Verdict {
    Write,
    /// Write, after what stands there has been removed.
    WriteBlocked,
    Unchanged,
    Edited,
    Foreign,
    Remove,
    Leave,
    Obstacle(ObstacleKind),
}

struct Comparison<'a> {
    tree: &'a Tree,
    out: &'a Path,
    state: &'a State,
    folders: Folders<'a>,
    tree_folders: BTreeSet<&'a str>,
    /// The old files that will be gone, folded, with what kiln wrote there.
    going: BTreeMap<String, &'a Owned>,
    obstacles: Vec<Obstacle>,
    changes: Changes,
}

impl<'a> Comparison<'a> {
    fn new(tree: &'a Tree, out: &'a Path, state: &'a State) -> Self {
        Comparison {
            tree,
            out,
            state,
            folders: Folders { out, seen: BTreeMap::new() },
            tree_folders: every_folder(tree),
            going: BTreeMap::new(),
            obstacles: Vec::new(),
            changes: Changes::default(),
        }
    }

    fn run(mut self) -> Result<Changes, OutProblem> {
        self.stale_files()?;
        self.needed_folders()?;
        self.leftovers()?;
        self.needed_files()?;
        self.emptied_folders()?;
        if !self.obstacles.is_empty() {
            self.obstacles.sort();
            return Err(OutProblem::Obstructed(self.obstacles));
        }
        self.changes.edited.sort();
        Ok(self.changes)
    }

    /// Files of kiln that the tree no longer has.
    fn stale_files(&mut self) -> Result<(), OutProblem> {
        let mut stale = Vec::new();
        for (path, owned) in &self.state.owned {
            if self.tree.get(path).is_none() && self.folders.around(path)? == Standing::Folder {
                stale.push((path, owned));
            }
        }
        let verdicts: Vec<_> =
            stale.par_iter().map(|(path, owned)| judge_stale(&place(self.out, path), owned)).collect();
        for ((path, owned), verdict) in stale.into_iter().zip(verdicts) {
            match verdict? {
                Verdict::Remove => self.changes.remove.push(path.clone()),
                Verdict::Edited => self.changes.edited.push(path.clone()),
                _ => continue,
            }
            self.going.insert(fold(path), owned);
        }
        Ok(())
    }

    fn needed_folders(&mut self) -> Result<(), OutProblem> {
        for folder in self.tree_folders.clone() {
            let kind = match self.folders.get(folder)? {
                Standing::Folder => continue,
                Standing::Nothing => {
                    self.changes.make.push(folder.to_owned());
                    continue;
                }
                Standing::File(_) if self.going.contains_key(&fold(folder)) => {
                    self.changes.make.push(folder.to_owned());
                    self.changes.blocked.insert(folder.to_owned());
                    continue;
                }
                Standing::File(_) => ObstacleKind::File,
                Standing::Symlink => ObstacleKind::Symlink,
                Standing::Special => ObstacleKind::Special,
            };
            self.obstacles.push(Obstacle { path: folder.to_owned(), kind });
        }
        Ok(())
    }

    fn needed_files(&mut self) -> Result<(), OutProblem> {
        let verdicts: Vec<_> =
            self.tree.files().par_iter().map(|(path, file)| (path, self.judge(path, file))).collect();
        for (path, verdict) in verdicts {
            match verdict? {
                Verdict::Write => self.changes.write.push(path.clone()),
                Verdict::WriteBlocked => {
                    self.changes.write.push(path.clone());
                    self.changes.blocked.insert(path.clone());
                }
                Verdict::Unchanged => self.changes.unchanged += 1,
                Verdict::Edited => self.changes.edited.push(path.clone()),
                Verdict::Foreign => self.changes.foreign.push(path.clone()),
                Verdict::Remove | Verdict::Leave => {}
                Verdict::Obstacle(kind) => self.obstacles.push(Obstacle { path: path.clone(), kind }),
            }
        }
        Ok(())
    }

    fn judge(&self, path: &str, file: &TreeFile) -> Result<Verdict, OutProblem> {
        let folder = folders(path).next().unwrap_or("");
        if !folder.is_empty() && self.folders.seen.get(folder) != Some(&Standing::Folder) {
            return Ok(Verdict::Write);
        }
        let place = place(self.out, path);
        let size = match look(&place)? {
            Standing::Nothing => return Ok(Verdict::Write),
            Standing::File(size) => size,
            Standing::Folder if self.is_going(&place) => return Ok(Verdict::WriteBlocked),
            Standing::Folder => return Ok(Verdict::Obstacle(ObstacleKind::Folder)),
            Standing::Symlink => return Ok(Verdict::Obstacle(ObstacleKind::Symlink)),
            Standing::Special => return Ok(Verdict::Obstacle(ObstacleKind::Special)),
        };
        let owned = self.state.owned.get(path);
        let renamed = if self.going.is_empty() { None } else { self.going.get(&fold(path)) };
        if size != file.bytes().len() as u64 && owned.is_none() && renamed.is_none() {
            return Ok(Verdict::Foreign);
        }
        let present = fs::read(&place).map_err(|error| OutProblem::io("read", &place, &error))?;
        let same = present == file.bytes();
        if let Some(old) = renamed {
            // Where case does not count this may be the old file under its new name, about to be removed.
            if same || old.digests.contains(&Digest::of(&present)) {
                return Ok(Verdict::Write);
            }
        }
        Ok(match owned {
            _ if same => Verdict::Unchanged,
            Some(owned) if owned.digests.contains(&Digest::of(&present)) => Verdict::Write,
            Some(Owned { claim: Claim::Index, .. }) => Verdict::Edited,
            Some(Owned { claim: Claim::Journal, .. }) | None => Verdict::Foreign,
        })
    }

    /// Whether a folder holds nothing but old files and leftovers that will be gone.
    fn is_going(&self, folder: &Path) -> bool {
        WalkDir::new(folder).into_iter().all(|entry| {
            let Ok(entry) = entry else { return false };
            if entry.file_type().is_dir() {
                return true;
            }
            let path = entry.path().strip_prefix(self.out).unwrap_or(entry.path());
            let segments: Option<Vec<_>> = path.components().map(|part| part.as_os_str().to_str()).collect();
            segments.map(|segments| segments.join("/")).is_some_and(|path| {
                self.going.contains_key(&fold(&path)) || self.changes.leftovers.contains(&path)
            })
        })
    }

    /// What a killed build left beside the files it was about to write.
    fn leftovers(&mut self) -> Result<(), OutProblem> {
        let mut paths = self.state.journaled();
        paths.extend([index::FILE_NAME, journal::FILE_NAME]);
        for path in paths {
            if self.folders.around(path)? != Standing::Folder {
                continue;
            }
            let waiting = waiting(path);
            if !matches!(look(&place(self.out, &waiting))?, Standing::Nothing | Standing::Folder) {
                self.changes.leftovers.push(waiting);
            }
        }
        Ok(())
    }

    /// Folders in which kiln wrote, and in which the tree has nothing.
    fn emptied_folders(&mut self) -> Result<(), OutProblem> {
        let mut found = BTreeSet::new();
        for path in self.state.owned.keys().filter(|path| self.tree.get(path).is_none()) {
            for folder in folders(path) {
                if !self.tree_folders.contains(folder) && self.folders.get(folder)? == Standing::Folder {
                    found.insert(folder.to_owned());
                }
            }
        }
        for path in &self.changes.blocked {
            let below = place(self.out, path);
            for entry in WalkDir::new(&below).into_iter().flatten().filter(|entry| entry.file_type().is_dir())
            {
                let inner = entry.path().strip_prefix(self.out).unwrap_or(entry.path());
                let segments: Vec<_> =
                    inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
                found.insert(segments.join("/"));
            }
        }
        // A folder sorts before what is in it.
        self.changes.emptied = found.into_iter().rev().collect();
        Ok(())
    }
}

fn judge_stale(place: &Path, owned: &Owned) -> Result<Verdict, OutProblem> {
    let Standing::File(_) = look(place)? else {
        // Gone already, or something that kiln never makes.
        return Ok(Verdict::Leave);
    };
    let present = fs::read(place).map_err(|error| OutProblem::io("read", place, &error))?;
    Ok(match owned.claim {
        _ if owned.digests.contains(&Digest::of(&present)) => Verdict::Remove,
        Claim::Index => Verdict::Edited,
        Claim::Journal => Verdict::Leave,
    })
}
