//! The typed language: what may be written in the definitions, one noun a file.
//!
//! Knows how values are read and described, not how they are merged or what becomes of them.

pub mod chart;
pub mod cluster;
pub mod component;
pub mod declare;
pub mod param;
pub mod placement;
pub mod read;
pub mod reference;
pub mod select;
pub mod shape;
pub mod stack;
pub mod team;
pub mod value;
pub mod workspace;
