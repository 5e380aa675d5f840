//! Writing `out/`: under a lock, after a look at everything, all or nothing as far as a file system allows.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use super::changes::{Changes, plan_write};
use super::file::place;
use super::lock::Lock;
use super::problem::{Obstacle, ObstacleKind, OutProblem};
use super::steps::Steps;
use crate::emit::tree::Tree;

/// How long a build waits for another one unless told otherwise: a minute.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// What becomes of files that were edited by hand, and of foreign files at kiln's paths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edits {
    /// They stop the build.
    #[default]
    Keep,
    /// They are overwritten or removed, and an index that cannot be read is written anew: `--force`.
    Discard,
}

/// What a build did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files written, the index not counted.
    pub written: usize,
    /// Files that had their bytes already.
    pub unchanged: usize,
    /// Files removed.
    pub removed: usize,
}

/// Locks `out`, compares and writes. `on_wait` is called once when another build has to be waited for, which is
/// done up to `patience`.
pub fn write(
    tree: &Tree,
    out: &Path,
    edits: Edits,
    patience: Duration,
    on_wait: &mut dyn FnMut(),
) -> Result<Summary, OutProblem> {
    let _lock = Lock::acquire(out, patience, on_wait)?;
    let changes = plan_write(tree, out)?;
    apply(tree, out, &changes, edits)
}

/// Carries out what [`plan_write`] found for the same tree and folder, with the [`Lock`] held since before.
pub fn apply(tree: &Tree, out: &Path, changes: &Changes, edits: Edits) -> Result<Summary, OutProblem> {
    if let (Edits::Keep, Some(refusal)) = (edits, changes.refusal()) {
        return Err(OutProblem::Refused(refusal));
    }
    let steps = Steps::new(tree, out, changes, edits);
    if changes.folder == super::state::Folder::Present {
        preflight(out, &steps)?;
    }
    steps.run()?;
    Ok(Summary { written: steps.written, unchanged: changes.unchanged, removed: steps.removed })
}

/// Tries every folder that is to change, before the first byte is written.
fn preflight(out: &Path, steps: &Steps<'_>) -> Result<(), OutProblem> {
    let mut obstacles = Vec::new();
    for folder in steps.touched() {
        let probe = if folder.is_empty() { out.join(PROBE) } else { place(out, folder).join(PROBE) };
        match fs::create_dir(&probe).and_then(|()| fs::remove_dir(&probe)) {
            Ok(()) => {}
            Err(error) => match error.kind() {
                // Left by a build that was killed right here.
                io::ErrorKind::AlreadyExists => drop(fs::remove_dir(&probe)),
                // To be made by this build, or after a file has gone.
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {}
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                    let path = if folder.is_empty() { "." } else { folder };
                    obstacles.push(Obstacle { path: path.to_owned(), kind: ObstacleKind::ReadOnly });
                }
                _ => return Err(OutProblem::io("write", &probe, &error)),
            },
        }
    }
    if obstacles.is_empty() { Ok(()) } else { Err(OutProblem::Obstructed(obstacles)) }
}

/// An empty folder, which git does not see, made and removed to try a folder.
const PROBE: &str = ".kiln-probe";
