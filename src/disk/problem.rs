//! Why `out/` cannot be compared, written or verified, and the way out of each.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::read::describe;
use crate::emit::index::{FILE_NAME, IndexProblem};

/// Most paths that a message lists before it only counts.
const LISTED: usize = 20;

/// Why `out/` cannot be compared, written or verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutProblem {
    /// The operating system refuses.
    Io {
        /// What was tried, as a verb: `write`.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        reason: String,
        /// How far the build came.
        progress: Progress,
    },
    /// `out/` itself is something other than a folder.
    NotAFolder {
        /// The path of `out/`.
        out: PathBuf,
        /// What it is.
        obstacle: ObstacleKind,
    },
    /// Things stand where files or folders must be.
    Obstructed(Vec<Obstacle>),
    /// A path of the tree that may not be written.
    UnsafePath {
        /// The path.
        path: String,
        /// Why not.
        reason: &'static str,
    },
    /// Writing would destroy what kiln did not write.
    Refused(Refusal),
    /// There is an index, but it cannot be read.
    Index(IndexProblem),
    /// There is no index to verify against.
    NoIndex {
        /// The path of `out/`.
        out: PathBuf,
    },
    /// Another build goes on.
    Locked {
        /// The path of `out/`.
        out: PathBuf,
    },
}

/// How far a build came before it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// `out/` is as it was.
    Untouched,
    /// Some files are new, some old; the journal tells the next build which.
    Partial,
}

/// Something that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// Relative to `out/`.
    pub path: String,
    /// What it is.
    pub kind: ObstacleKind,
}

/// What stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObstacleKind {
    /// A folder where a file must be, with files that kiln did not write.
    Folder,
    /// A file where a folder must be, which kiln did not write.
    File,
    /// A symbolic link.
    Symlink,
    /// A pipe, socket or device.
    Special,
    /// A folder in which nothing may be written.
    ReadOnly,
}

impl fmt::Display for ObstacleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ObstacleKind::Folder => "a folder that kiln did not write, where a file must be",
            ObstacleKind::File => "a file that kiln did not write, where a folder must be",
            ObstacleKind::Symlink => "a symbolic link, which kiln does not follow",
            ObstacleKind::Special => "a pipe, socket or device",
            ObstacleKind::ReadOnly => "a folder that is read-only",
        })
    }
}

/// What a build would destroy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The index cannot be read, so nothing is known to be kiln's.
    pub index: Option<IndexProblem>,
    /// Files kiln wrote that were changed since.
    pub edited: Vec<String>,
    /// Files that kiln did not write, at paths it needs.
    pub foreign: Vec<String>,
    /// Whether there was an index at all.
    pub indexed: Indexed,
}

/// Whether `out/` has an index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Indexed {
    /// There is one.
    Present,
    /// There is none.
    #[default]
    Missing,
}

impl OutProblem {
    pub(super) fn io(action: &'static str, path: &Path, error: &io::Error) -> Self {
        let reason = describe(error);
        OutProblem::Io { action, path: path.to_owned(), reason, progress: Progress::Untouched }
    }

    /// The status kiln exits with: 1 when the content of `out/` is the matter, 2 for its surroundings.
    pub fn exit_status(&self) -> u8 {
        match self {
            OutProblem::Refused(_) | OutProblem::Index(_) | OutProblem::NoIndex { .. } => 1,
            OutProblem::Io { .. }
            | OutProblem::NotAFolder { .. }
            | OutProblem::Obstructed(_)
            | OutProblem::UnsafePath { .. }
            | OutProblem::Locked { .. } => 2,
        }
    }

    /// The way out.
    pub fn help(&self) -> String {
        match self {
            OutProblem::Io { progress: Progress::Untouched, .. } => {
                "nothing was written; make the folder writable, or name another with `--out`".into()
            }
            OutProblem::Io { progress: Progress::Partial, .. } => {
                "some files are written; remove the cause and run `kiln build` again, which repairs the rest"
                    .into()
            }
            OutProblem::NotAFolder { .. } => "name the folder itself with `--out`".into(),
            OutProblem::Obstructed(_) => {
                "nothing was written; move these away, then run `kiln build` again".into()
            }
            OutProblem::UnsafePath { .. } => "nothing was written; rename what the path is made of".into(),
            OutProblem::Refused(refusal) => refusal.help(),
            OutProblem::Index(problem) => problem.help(),
            OutProblem::NoIndex { .. } => "run `kiln build` first, or name the folder with `--out`".into(),
            OutProblem::Locked { .. } => "wait until it is done and try again".into(),
        }
    }
}

impl fmt::Display for OutProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutProblem::Io { action, path, reason, .. } => {
                write!(f, "cannot {action} `{}`: {reason}", path.display())
            }
            OutProblem::NotAFolder { out, obstacle } => match obstacle {
                ObstacleKind::Symlink => write!(f, "`{}` is {obstacle}", out.display()),
                _ => write!(f, "`{}` is not a folder", out.display()),
            },
            OutProblem::Obstructed(obstacles) => {
                f.write_str("there is something in the way in the output folder")?;
                list(f, obstacles.iter().map(|found| format!("`{}` is {}", found.path, found.kind)))
            }
            OutProblem::UnsafePath { path, reason } => {
                write!(f, "`{}` cannot be a path of the output: {reason}", path.escape_debug())
            }
            OutProblem::Refused(refusal) => refusal.fmt(f),
            OutProblem::Index(problem) => problem.fmt(f),
            OutProblem::NoIndex { out } => write!(f, "there is no `{FILE_NAME}` in `{}`", out.display()),
            OutProblem::Locked { out } => write!(f, "another kiln is writing `{}`", out.display()),
        }
    }
}

impl std::error::Error for OutProblem {}

impl Refusal {
    fn help(&self) -> String {
        if let Some(index) = &self.index {
            return index.help();
        }
        let mut help = Vec::new();
        if !self.edited.is_empty() {
            help.push(
                "make the change under `stacks/` instead, then discard the edits with `kiln build --force`; if nobody \
                 edited them, git may have changed their line endings: give `out/**` the attribute `-text`",
            );
        }
        if !self.foreign.is_empty() {
            help.push(match self.indexed {
                Indexed::Present => {
                    "move these files away, or let `kiln build --force` overwrite them; other files stay as they are"
                }
                Indexed::Missing => {
                    "without its index kiln cannot know its own files: restore the index from git, or let \
                     `kiln build --force` overwrite these; other files stay as they are"
                }
            });
        }
        help.join("\n")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separate = "";
        if let Some(problem) = &self.index {
            problem.fmt(f)?;
            separate = "\n";
        }
        if !self.edited.is_empty() {
            write!(f, "{separate}{} edited after kiln wrote them", files(self.edited.len()))?;
            list(f, self.edited.iter().map(|path| format!("`{path}`")))?;
            separate = "\n";
        }
        if !self.foreign.is_empty() {
            let missing = match self.indexed {
                Indexed::Present => "",
                Indexed::Missing if self.index.is_some() => "",
                Indexed::Missing => ", and there is no `kiln.index.json`",
            };
            write!(
                f,
                "{separate}{} not written by kiln at paths it needs{missing}",
                files(self.foreign.len())
            )?;
            list(f, self.foreign.iter().map(|path| format!("`{path}`")))?;
        }
        Ok(())
    }
}

fn files(count: usize) -> String {
    if count == 1 { "1 file was".into() } else { format!("{count} files were") }
}

fn list(f: &mut fmt::Formatter<'_>, lines: impl ExactSizeIterator<Item = String>) -> fmt::Result {
    let more = lines.len().saturating_sub(LISTED);
    f.write_str(":")?;
    for line in lines.take(LISTED) {
        write!(f, "\n  {line}")?;
    }
    if more > 0 {
        write!(f, "\n  and {more} more")?;
    }
    Ok(())
}
