//! Configuration files.

use std::collections::BTreeMap;

use super::env::Input;
use crate::language::value::{Path, RelativePath};
use crate::source::Spanned;
use crate::table;

table! {
    /// A configuration file. All files of a component form one ConfigMap, whose content rolls the pods when it changes.
    pub struct ConfigFile {
        /// A Tera template under the stack's `templates/`.
        template: Option<Spanned<RelativePath>>,
        /// A file under the stack's `files/`, taken as it is.
        file: Option<Spanned<RelativePath>>,
        /// The content itself; an expression.
        text: Option<Spanned<String>>,
        /// What the template sees as `values`: literals or references.
        values: BTreeMap<ParamName, Input>,
        /// The folder the file appears in. Every file with the same folder is mounted there together, and hides what the image has in it.
        mount: Option<Spanned<Path>>,
        /// The exact path of the file, in a folder that keeps what the image has in it. Such a file is not updated in place.
        at: Option<Spanned<Path>>,
    }
}

pub use crate::language::param::ParamName;
