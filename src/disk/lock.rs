//! The lock that keeps two builds of one `out/` apart. Advisory, released by the system when a build is
//! killed, and never a file that git would show.
//!
//! It lies on the folder that holds `out/`, not on `out/` itself, which a first build moves into place. Where a
//! folder cannot be locked (Windows, some network file systems) a lock file beside `out/` stands in for it and
//! is removed with the lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use super::file::{parent, sibling};
use super::problem::OutProblem;

/// How often a waiting build looks again.
const PAUSE: Duration = Duration::from_millis(50);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
    /// The file that stands in for the folder.
    stand_in: Option<PathBuf>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(path) = &self.stand_in {
            // Still locked here, so whoever waits for it sees that it is gone and makes a new one.
            let _ = fs::remove_file(path);
        }
    }
}

impl Lock {
    /// Locks `out`, which need not exist, and waits for another build up to `patience`; `on_wait` is called once
    /// when there is something to wait for.
    pub fn acquire(out: &Path, patience: Duration, on_wait: &mut dyn FnMut()) -> Result<Lock, OutProblem> {
        let folder = parent(out);
        fs::create_dir_all(&folder).map_err(|error| OutProblem::io("create", &folder, &error))?;
        // Counted in pauses: a clock may jump.
        let tries = patience.as_millis() / PAUSE.as_millis();
        let mut tried = 0;
        loop {
            match attempt(&folder, out) {
                Ok(Some(lock)) => return Ok(lock),
                Ok(None) if tried >= tries => return Err(OutProblem::Locked { out: out.to_owned() }),
                Ok(None) => {}
                Err(error) => return Err(OutProblem::io("lock", out, &error)),
            }
            if tried == 0 {
                on_wait();
            }
            tried += 1;
            sleep(PAUSE);
        }
    }
}

/// A lock, or nothing when another build holds it.
fn attempt(folder: &Path, out: &Path) -> io::Result<Option<Lock>> {
    if cfg!(unix) {
        let file = File::open(folder);
        match file.map(|file| (file.try_lock(), file)) {
            Ok((Ok(()), file)) => return Ok(Some(Lock { _file: file, stand_in: None })),
            Ok((Err(TryLockError::WouldBlock), _)) => return Ok(None),
            // This folder knows no locks, or may be written and entered but not listed.
            Ok((Err(TryLockError::Error(_)), _)) | Err(_) => {}
        }
    }
    stand_in(&sibling(out, "lock"))
}

fn stand_in(path: &Path) -> io::Result<Option<Lock>> {
    let file = match OpenOptions::new().write(true).create(true).truncate(false).open(path) {
        Ok(file) => file,
        // Windows: the file is being removed by the build that held it.
        Err(error) if cfg!(windows) && error.kind() == io::ErrorKind::PermissionDenied => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) if is_at(&file, path) => Ok(Some(Lock { _file: file, stand_in: Some(path.to_owned()) })),
        Ok(()) | Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether the open file is the one that has the name now: its holder may have removed it.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::symlink_metadata(path)) {
        (Ok(open), Ok(named)) => (open.dev(), open.ino()) == (named.dev(), named.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_file: &File, path: &Path) -> bool {
    path.exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_build_fails_with_a_message_when_the_first_goes_on() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let _first = Lock::acquire(&out, Duration::ZERO, &mut || {}).unwrap();
        let mut waited = 0;
        let problem = Lock::acquire(&out, Duration::from_millis(120), &mut || waited += 1).unwrap_err();
        assert_eq!(waited, 1);
        assert!(problem.to_string().contains("another kiln"), "{problem}");
    }

    #[test]
    fn a_second_build_goes_on_when_the_first_is_done() {
        let root = tempfile::tempdir().unwrap();
        let out = root.path().join("out");
        let first = Lock::acquire(&out, Duration::ZERO, &mut || {}).unwrap();
        let mut first = Some(first);
        let second = Lock::acquire(&out, Duration::from_secs(60), &mut || drop(first.take()));
        assert!(second.is_ok());
    }

    #[test]
    fn the_lock_leaves_no_file() {
        let root = tempfile::tempdir().unwrap();
        drop(Lock::acquire(&root.path().join("out"), Duration::ZERO, &mut || {}).unwrap());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_lock_file_stands_in_and_is_removed() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join(".out.kiln-lock");
        let first = stand_in(&path).unwrap();
        assert!(first.is_some());
        assert!(stand_in(&path).unwrap().is_none());
        drop(first);
        assert!(!path.exists());
        assert!(stand_in(&path).unwrap().is_some());
    }
}
