//! kiln

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

pub mod emit;

pub mod disk;

pub mod view;

pub mod cli;
