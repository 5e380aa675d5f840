//! kiln

pub mod source;

pub mod language;

pub mod emit;
