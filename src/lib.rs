//! kiln

pub mod source;

pub mod report;

pub mod language;

pub mod emit;
