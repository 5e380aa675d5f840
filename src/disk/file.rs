//! Single files and folders below `out/`: what stands at a path, replacing it whole, and the names that are
//! kiln's own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::emit::tree::Digest;

/// What stands at a path, links not followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    /// A regular file, with its size in bytes.
    File(u64),
    Folder,
    Symlink,
    Special,
}

pub(super) fn standing(path: &Path) -> io::Result<Standing> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        // Below a file there is nothing.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(Standing::Nothing);
        }
        Err(error) => return Err(error),
    };
    let kind = metadata.file_type();
    Ok(if kind.is_symlink() {
        Standing::Symlink
    } else if kind.is_dir() {
        Standing::Folder
    } else if kind.is_file() {
        Standing::File(metadata.len())
    } else {
        Standing::Special
    })
}

/// Whether the bytes must survive a crash of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Durability {
    Cached,
    Synced,
}

/// Writes a new file; a leftover of that name, even a link, is removed first and never written through.
pub(super) fn create(path: &Path, bytes: &[u8], durability: Durability) -> io::Result<()> {
    let open = || OpenOptions::new().write(true).create_new(true).open(path);
    let mut file: File = match open() {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            open()?
        }
        result => result?,
    };
    file.write_all(bytes)?;
    if durability == Durability::Synced {
        file.sync_all()?;
    }
    Ok(())
}

/// Replaces a file in one go: readers see the old bytes or the new ones.
pub(super) fn replace(path: &Path, temporary: &Path, bytes: &[u8]) -> io::Result<()> {
    create(temporary, bytes, Durability::Synced)?;
    fs::rename(temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(temporary);
    })
}

/// Removes a file if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        result => result,
    }
}

/// Removes a folder if it is there and empty.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    match fs::remove_dir(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Ok(())
        }
        result => result,
    }
}

/// The place of a path of the tree below `out`.
pub(super) fn place(out: &Path, path: &str) -> PathBuf {
    let mut place = out.to_owned();
    place.extend(path.split('/'));
    place
}

/// The name under which the new bytes of `path` wait beside it: told by the path alone, so that the next build
/// finds what a killed one left.
pub(super) fn waiting(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let digest = Digest::of(name.as_bytes()).to_string();
    let name = format!(".kiln-{}.tmp", digest.get(..16).unwrap_or(&digest));
    if folder.is_empty() { name } else { format!("{folder}/{name}") }
}

/// The folder that holds `out`.
pub(super) fn parent(out: &Path) -> PathBuf {
    match out.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        Some(_) => PathBuf::from("."),
        None => out.to_owned(),
    }
}

/// A hidden name beside `out`: `.out.kiln-new` for the role `new`.
pub(super) fn sibling(out: &Path, role: &str) -> PathBuf {
    let mut name = std::ffi::OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(format!(".kiln-{role}"));
    parent(out).join(name)
}
