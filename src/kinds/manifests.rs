//! `manifests`: YAML files and templates of this workspace, for what the language has no kind for.

mod document;
mod scalar;
mod scope;
mod yaml;

use std::collections::BTreeMap;

use serde_json::Map;

use crate::kube::Object;
use crate::language::component::common::Common;
use crate::language::component::env::Input;
use crate::language::component::output::Offer;
use crate::language::param::ParamName;
use crate::language::value::{Capability, Name, RelativePath};
use crate::parts::config_map::find;
use crate::plan::{Kind, Lowered, Outputs, Place, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, FileId, Span, Spanned};
use crate::table;

use super::plain;
use document::Text;

table! {
    /// Kubernetes objects as YAML, one or more in a file. They are read as kubectl reads them, and checked like the rest.
    pub struct Manifests {
        /// YAML files under the stack's `files/`, taken as they are.
        files: Vec<Spanned<RelativePath>>,
        /// Tera templates of YAML under the stack's `templates/`.
        templates: Vec<Spanned<RelativePath>>,
        /// What the templates see as `values`: literals or references.
        values: BTreeMap<ParamName, Input>,
        /// What others may refer to, by name: a value, or a table with the pods and ports behind it.
        outputs: BTreeMap<Name, Offer>,
        /// What it brings to the cluster: API groups, `storageclass/…`, `ingressclass/…`.
        provides: Vec<Spanned<Capability>>,
        ..common: Common,
    }
}

impl Kind for Manifests {
    fn common(&self) -> &Common {
        &self.common
    }

    fn outputs(&self, place: &Place) -> Outputs {
        plain::offered(self.outputs.iter().map(|(name, offer)| (name.to_string(), offer)), place)
    }

    fn provides(&self) -> &[Spanned<Capability>] {
        &self.provides
    }

    fn lower(&self, site: &Site, report: &mut Report) -> Lowered {
        if self.files.is_empty() && self.templates.is_empty() {
            report.add(
                Diagnostic::new(Code::MissingField, self.span, "there are neither `files` nor `templates`")
                    .help("name the YAML files, such as `files = [\"objects.yaml\"]`"),
            );
        }
        let mut values = Map::new();
        for (name, input) in &self.values {
            let value = match input {
                Input::Literal(node) => Some(node.to_json()),
                Input::From(reference) => plain::referred(reference, site, report),
            };
            values.extend(value.map(|value| (name.to_string(), value)));
        }
        let sources = site.plan.sources;
        let rendered: Vec<(FileId, Span, String)> = self
            .templates
            .iter()
            .filter_map(|path| {
                let file = find("templates", path, site, report)?;
                let scope = &site.deployment.scope;
                let text = site.plan.engine.render(file, scope, &values, path.span, sources, report)?;
                Some((file, path.span, text))
            })
            .collect();
        let mut documents = Vec::new();
        for path in &self.files {
            let Some(file) = find("files", path, site, report) else { continue };
            match sources.get(file).map(|source| &source.content) {
                Some(Content::Text(text)) => {
                    documents.extend(document::read(&Text::Written { text, file, used: path.span }, report));
                }
                _ => report.add(Diagnostic::new(
                    Code::InvalidYaml,
                    path.span,
                    format!("`{}` is not UTF-8 text", sources.path(file)),
                )),
            }
        }
        for (file, used, text) in &rendered {
            let text = Text::Rendered { text, template: sources.path(*file), used: *used };
            documents.extend(document::read(&text, report));
        }
        let crds = scope::Definitions::of(documents.iter().map(|document| &document.fields));
        let objects: Vec<Object> =
            documents.into_iter().filter_map(|document| document.into_object(&crds, report)).collect();
        Lowered { objects, release: None }
    }
}

#[cfg(test)]
mod tests;
