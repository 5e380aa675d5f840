//! The outside: the only door to the file system besides `cli`. Reads `stacks/`, compares and writes `out/`.
//!
//! Follows no link, decides nothing about content, and knows nothing of definitions or objects.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "the door to the file system")]

pub mod changes;
pub mod journal;
pub mod lock;
pub mod problem;
pub mod read;
pub mod state;
pub mod steps;
pub mod verify;
pub mod write;

mod file;

pub use changes::{Changes, plan_write};
pub use lock::Lock;
pub use problem::OutProblem;
pub use read::{ReadProblem, find_stacks, read_sources};
pub use verify::{VerifyReport, verify};
pub use write::{Edits, PATIENCE, Summary, apply, write};
