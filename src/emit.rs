//! From objects to files: the text of YAML, the tree of paths, the index.

pub mod index;
pub mod tree;
pub mod yaml;
