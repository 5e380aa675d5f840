//! `out/` against its own index, without the definitions.

use std::collections::BTreeSet;
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::file::{Standing, place, standing};
use super::problem::{Indexed, OutProblem};
use super::state::{Folder, State};
use crate::emit::index::{FILE_NAME, Index};
use crate::emit::tree::{Digest, folders};

/// How `out/` differs from its index. Paths are relative to `out/` and sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// The number of files in the index.
    pub files: usize,
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files with other bytes, or with something other than a file in their place.
    pub edited: Vec<String>,
    /// Files that the index does not list, in the folders that kiln writes to. Files directly in `out/` are not
    /// kiln's business.
    pub extra: Vec<String>,
    /// Whether the index has the form that kiln gives it.
    pub form: IndexForm,
    /// Whether the last build came to its end.
    pub build: LastBuild,
}

/// Whether the index has the form that kiln gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IndexForm {
    /// Byte for byte.
    #[default]
    Canonical,
    /// It reads the same, but was written or changed by something else.
    Altered,
}

/// Whether the last build came to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LastBuild {
    /// It did.
    #[default]
    Finished,
    /// It left its journal: the next build repairs what it left.
    Interrupted,
}

impl VerifyReport {
    /// Whether `out/` is what its index says.
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty()
            && self.edited.is_empty()
            && self.extra.is_empty()
            && self.form == IndexForm::Canonical
            && self.build == LastBuild::Finished
    }
}

/// Compares `out` with its index.
pub fn verify(out: &Path) -> Result<VerifyReport, OutProblem> {
    let state = State::read(out)?;
    if let Some(problem) = state.problem {
        return Err(OutProblem::Index(problem));
    }
    if state.folder == Folder::Absent || state.indexed == Indexed::Missing {
        return Err(OutProblem::NoIndex { out: out.to_owned() });
    }
    let index = Index::parse(&state.index).map_err(OutProblem::Index)?;
    let mut report = VerifyReport { files: index.files.len(), ..VerifyReport::default() };
    if index.render().as_bytes() != state.index {
        report.form = IndexForm::Altered;
    }
    if state.journal.is_some() {
        report.build = LastBuild::Interrupted;
    }
    let links = links(out, &index)?;
    let linked = |path: &str| folders(path).any(|folder| links.contains(folder));
    let found: Vec<_> = index
        .files
        .par_iter()
        .map(|(path, entry)| match linked(path) {
            true => (path, Ok(Present::Other)),
            false => (path, present(out, path, entry.digest)),
        })
        .collect();
    for (path, present) in found {
        match present? {
            Present::Missing => report.missing.push(path.clone()),
            Present::Same => {}
            Present::Other => report.edited.push(path.clone()),
        }
    }
    report.extra = extra(out, &index)?;
    Ok(report)
}

enum Present {
    Missing,
    Same,
    Other,
}

fn present(out: &Path, path: &str, digest: Digest) -> Result<Present, OutProblem> {
    let place = place(out, path);
    let problem = |error| OutProblem::io("read", &place, &error);
    match standing(&place).map_err(problem)? {
        Standing::Nothing => return Ok(Present::Missing),
        Standing::File(_) => {}
        Standing::Folder | Standing::Symlink | Standing::Special => return Ok(Present::Other),
    }
    let bytes = std::fs::read(&place).map_err(problem)?;
    Ok(if Digest::of(&bytes) == digest { Present::Same } else { Present::Other })
}

/// The folders of the index that are links.
fn links<'a>(out: &Path, index: &'a Index) -> Result<BTreeSet<&'a str>, OutProblem> {
    let mut links: BTreeSet<&str> = index.files.keys().flat_map(|path| folders(path)).collect();
    let mut problem = Ok(());
    links.retain(|folder| {
        let path = place(out, folder);
        match standing(&path) {
            Ok(found) => found == Standing::Symlink,
            Err(error) => {
                problem = Err(OutProblem::io("read", &path, &error));
                false
            }
        }
    });
    problem.map(|()| links)
}

fn extra(out: &Path, index: &Index) -> Result<Vec<String>, OutProblem> {
    let tops: BTreeSet<&str> = index.files.keys().filter_map(|path| folders(path).last()).collect();
    let mut extra = Vec::new();
    for top in tops {
        for entry in WalkDir::new(out.join(top)).follow_root_links(false) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => match error.io_error() {
                    Some(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    Some(cause) => return Err(OutProblem::io("read", error.path().unwrap_or(out), cause)),
                    None => continue,
                },
            };
            let path = entry.path().strip_prefix(out).unwrap_or(entry.path());
            let segments: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let path = segments.join("/");
            if !entry.file_type().is_dir() && !index.files.contains_key(&path) {
                extra.push(path);
            }
        }
    }
    extra.sort();
    extra.retain(|path| path != FILE_NAME);
    Ok(extra)
}
