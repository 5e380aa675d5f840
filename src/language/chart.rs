//! Third-party charts, pinned in one place.

use super::value::{Capability, ChartVersion, Name, Url};
use crate::source::Spanned;
use crate::table;

table! {
    /// A Helm chart from a repository, pinned for the whole workspace.
    pub struct Chart {
        /// The chart repository: `https://…` or `oci://…`.
        repository: Url,
        /// The name of the chart in the repository. Default: the name it has here.
        chart: Option<Name>,
        /// The exact version.
        version: ChartVersion,
        /// What it brings: API groups, `storageclass/…`, `ingressclass/…`.
        provides: Vec<Spanned<Capability>>,
    }
}
