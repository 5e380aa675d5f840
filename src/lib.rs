//! kiln
#![warn(clippy::disallowed_macros, clippy::disallowed_methods, clippy::disallowed_types)]
#![warn(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]
#![warn(clippy::dbg_macro, clippy::todo, clippy::unimplemented, clippy::unreachable)]

pub mod source;

pub mod report;

pub mod language;

pub mod load;

pub mod template;

pub mod kube;

pub mod plan;

pub mod parts;

pub mod kinds;

pub mod resolve;

pub mod objects;

pub mod lower;

pub mod need;

pub mod layout;

pub mod argocd;

pub mod check;

pub mod emit;

pub mod compile;

pub mod disk;

pub mod view;

pub mod cli;
