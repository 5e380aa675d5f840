//! Where `stacks/` and `out/` are, and what they are called in messages.

use std::path::{Component, Path, PathBuf};

use super::Global;
use super::outcome::Failure;
use crate::disk::{find_stacks, read_sources};
use crate::source::Sources;

/// The workspace that a command works on.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The `stacks/` folder.
    pub stacks: PathBuf,
    /// The folder that `out/` lies in.
    root: PathBuf,
}

impl Workspace {
    /// The workspace that the options name, or the one around the working folder.
    pub fn find(global: &Global) -> Result<Self, Failure> {
        let stacks = match &global.stacks {
            Some(stacks) if stacks.is_dir() => stacks.clone(),
            Some(stacks) => {
                return Err(Failure::surroundings(
                    format!("`{}` is not a folder", stacks.display()),
                    "`--stacks` names the folder of the definitions",
                ));
            }
            None => find_stacks(Path::new(".")).map(|found| relative(&found)).ok_or_else(|| {
                Failure::surroundings(
                    "there is no `stacks/` here or in a folder above",
                    "run kiln inside of a workspace, or name the folder with `--stacks`",
                )
            })?,
        };
        let root = match stacks.components().next_back() {
            Some(Component::Normal(_)) => stacks.parent().map(Path::to_path_buf).unwrap_or_default(),
            // `.` and `..` hide which folder is beside them.
            _ => stacks.join(".."),
        };
        Ok(Workspace { stacks, root })
    }

    /// Every file under `stacks/`.
    pub fn read(&self) -> Result<Sources, Failure> {
        Ok(read_sources(&self.stacks)?)
    }

    /// The name of `stacks/` in messages, with `/` on every system.
    pub fn prefix(&self) -> String {
        self.stacks.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
    }

    /// Refuses an output folder within `stacks/`, where the output would be read as data.
    pub fn check_apart(&self, out: &Path) -> Result<(), Failure> {
        let here =
            |path: &Path| if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_path_buf() };
        let there = out.ancestors().find_map(|folder| here(folder).canonicalize().ok());
        match (self.stacks.canonicalize(), there) {
            (Ok(stacks), Some(there)) if there.starts_with(&stacks) => Err(Failure::surroundings(
                format!("`{}` is in `{}`, with the definitions", out.display(), self.stacks.display()),
                "name a folder beside it with `--out`",
            )),
            _ => Ok(()),
        }
    }

    /// The output folder: the one that was asked for, or `out/` beside `stacks/`.
    pub fn out(&self, asked: Option<&Path>) -> PathBuf {
        asked.map_or_else(|| self.root.join("out"), Path::to_path_buf)
    }
}

/// A folder above the working folder as one would type it: `stacks`, `../stacks`.
fn relative(stacks: &Path) -> PathBuf {
    let (Ok(here), Some(root), Some(name)) = (std::env::current_dir(), stacks.parent(), stacks.file_name())
    else {
        return stacks.to_path_buf();
    };
    match here.strip_prefix(root) {
        Ok(below) => below.components().map(|_| "..").collect::<PathBuf>().join(name),
        Err(_) => stacks.to_path_buf(),
    }
}
