//! From objects to files: the text of YAML, the tree of paths, the index, the inventory.

pub mod index;
pub mod inventory;
pub mod render;
pub mod tree;
pub mod yaml;
