//! The data files of a stack: what lies under its `files/` and `templates/`.

use std::collections::BTreeSet;

use crate::language::value::RelativePath;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};
use crate::source::{FileId, Spanned};

/// A data folder of a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Folder {
    /// Taken as they are.
    Files,
    /// Rendered by Tera.
    Templates,
}

/// The file at a path in a data folder of the deployment's stack; `None` when there is none, which is reported.
pub fn find(
    site: &Site,
    folder: Folder,
    path: &Spanned<RelativePath>,
    report: &mut Report,
) -> Option<FileId> {
    let sources = site.plan.sources;
    let folder = match folder {
        Folder::Files => "files",
        Folder::Templates => "templates",
    };
    let folder = format!("{}/{folder}/", site.deployment.stack.name);
    let found = sources.find(&format!("{folder}{}", path.value));
    if found.is_none() {
        let present: BTreeSet<&str> =
            sources.iter().filter_map(|(_, file)| file.path.strip_prefix(&folder)).collect();
        let message = format!("there is no file `{folder}{}`", path.value);
        report.add(
            Diagnostic::new(Code::UnknownFile, path.span, message).nearest(path.value.as_str(), present),
        );
    }
    found
}
