//! The typed language: what may be written in the definitions.

pub mod value;
