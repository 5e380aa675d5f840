//! kiln: a pure offline compiler for GitOps, from typed TOML stack definitions to a deterministic tree of Kubernetes YAML,
//! Helm values and Argo CD Applications.
//!
//! ```text
//! disk::read_sources      stacks/ → Sources       what was written
//! load::load              Sources → Definitions   typed where it can be, nothing merged
//! resolve::resolve        Definitions → Plan      every choice: placement, layers, expressions, references, order
//! lower::lower            Plan → Objects          typed Kubernetes objects
//! argocd::control         + Applications, projects, bootstrap
//! check::check            reports only: owners, routes, capabilities, policy
//! emit::render::render    Objects → Tree          paths, bytes, digests: complete before the first byte is written
//! disk::write             Tree → out/             changed files only, all or nothing
//! ```
//!
//! [`compile::compile`] runs the pure part. The modules below stand in reading order: each imports only what stands above it.
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
