//! `git`: a path in another Git repository, which Argo CD renders.

use std::collections::BTreeMap;

use crate::language::component::common::Common;
use crate::language::component::output::Offer;
use crate::language::component::values::Values;
use crate::language::stack::PodSecurity;
use crate::language::value::{Capability, DnsLabel, GitRevision, GitUrl, Name, RelativePath};
use crate::plan::{GitRelease, GitTool, Kind, Lowered, Outputs, Place, Release, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Spanned;
use crate::{choice, table};

use super::plain;

table! {
    /// A path in another Git repository: an Application of its own with that source.
    pub struct Git {
        /// The repository's address.
        repository: GitUrl,
        /// The revision: fully qualified (`refs/heads/…`, `refs/tags/…`) or a whole commit.
        revision: GitRevision,
        /// The folder in it.
        path: RelativePath,
        /// How Argo CD renders the folder.
        tool: Tool = Tool::Directory,
        /// The values of a chart, when `tool` is `helm`. `{ from = "component.output" }` anywhere in them stands for that output.
        values: Option<Spanned<Values>>,
        /// The namespace of what it holds. Default: the deployment's own.
        namespace: Option<DnsLabel>,
        /// The Pod Security level that this namespace needs.
        pod_security: PodSecurity = PodSecurity::Restricted,
        /// What others may refer to, by name: a value, or a table with the pods and ports behind it.
        outputs: BTreeMap<Name, Offer>,
        /// What it brings to the cluster: API groups, `storageclass/…`, `ingressclass/…`.
        provides: Vec<Spanned<Capability>>,
        ..common: Common,
    }
}

choice! {
    /// How Argo CD renders a folder of a repository.
    pub enum Tool {
        /// Plain YAML, sub-folders too.
        Directory = "directory",
        /// Kustomize.
        Kustomize = "kustomize",
        /// A Helm chart.
        Helm = "helm",
    }
}

impl Kind for Git {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, place: &Place) -> Outputs {
        plain::offered(self.outputs.iter().map(|(name, offer)| (name.to_string(), offer)), place)
    }

    fn provides(&self) -> &[Spanned<Capability>] {
        &self.provides
    }

    fn own_namespace(&self) -> Option<(&str, PodSecurity)> {
        self.namespace.as_ref().map(|namespace| (namespace.as_str(), self.pod_security))
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        let tool = match (self.tool, &self.values) {
            (Tool::Helm, Some(values)) => GitTool::Helm(plain::values(&values.value, site, report)),
            (Tool::Helm, None) => GitTool::Helm(serde_json::Map::new()),
            (tool, values) => {
                if let Some(values) = values {
                    let message = format!("`tool = \"{}\"` takes no `values`", tool.word());
                    report.add(
                        Diagnostic::new(Code::ConflictingFields, values.span, message)
                            .label("only a chart has values")
                            .help("set `tool = \"helm\"`, or take the values away"),
                    );
                }
                if tool == Tool::Kustomize { GitTool::Kustomize } else { GitTool::Directory }
            }
        };
        let release = GitRelease {
            repository: self.repository.clone(),
            revision: self.revision.clone(),
            path: self.path.clone(),
            namespace: site.place().namespace.to_owned(),
            tool,
        };
        Lowered { objects: Vec::new(), release: Some(Release::Git(release)) }
    }
}

#[cfg(test)]
mod tests;
