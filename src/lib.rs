//! kiln

pub mod source;

pub mod emit;
