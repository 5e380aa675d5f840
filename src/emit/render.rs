//! Objects → tree: every file complete before the first byte is written.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::tree::{Tree, TreeFile};
use super::{inventory, yaml};
use crate::argocd::{ControlContent, ControlFile};
use crate::layout::{self, Detail};
use crate::objects::{DEPLOYMENT_FOLDER, Objects, Placed};
use crate::plan::Plan;
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// The most that the manifests of one Application may have together: Argo CD refuses more.
const LARGEST_APPLICATION: usize = 10_000_000;

/// What stands beside the folders of a cluster's deployments.
const PAGE: &str = "\
# Manifests

A folder for each deployment, read by the Application of the same name. Rendered by kiln from `stacks/`; an edit here stops
the next build.
";

/// A file to be rendered.
struct Draft<'a> {
    path: String,
    content: Content<'a>,
    origins: Vec<String>,
    span: Span,
}

enum Content<'a> {
    Object(&'a crate::kube::Object),
    Values(&'a serde_json::Map<String, serde_json::Value>),
}

/// Renders everything. Files that cannot be are reported.
pub fn render(plan: &Plan, objects: &Objects, control: &[ControlFile], report: &mut Report) -> Tree {
    let mut drafts = manifests(plan, objects);
    let paths: Vec<String> = drafts.iter().map(|draft| draft.path.clone()).collect();
    drafts.extend(control.iter().map(of_control));
    let rendered: Vec<Result<TreeFile, Diagnostic>> = drafts.par_iter().map(file).collect();
    let mut tree = Tree::new();
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for (position, (draft, rendered)) in drafts.iter().zip(rendered).enumerate() {
        match rendered {
            Ok(file) => {
                if let Some(placed) = objects.placed.get(position) {
                    *sizes.entry(placed.deployment).or_default() += file.bytes().len();
                }
                if let Err(collision) = tree.insert(draft.path.clone(), file)
                    && !is_owned_twice(draft, report)
                {
                    report.add(
                        Diagnostic::new(Code::NameTaken, draft.span, collision.to_string())
                            .help("rename one of the two"),
                    );
                }
            }
            Err(problem) => report.add(problem),
        }
    }
    let pages = plan.definitions.clusters.keys().map(|cluster| {
        (layout::manifests_page(cluster), TreeFile::new(PAGE.as_bytes().to_vec(), Vec::new()))
    });
    let inventory = inventory::files(plan, objects, control, &paths, report);
    for (path, file) in pages.chain(inventory) {
        if let Err(collision) = tree.insert(path, file) {
            report.add(Diagnostic::nowhere(Code::NameTaken, collision.to_string()));
        }
    }
    too_large(plan, &sizes, report);
    tree
}

/// Whether the rules have said already that the object of a file has two owners.
fn is_owned_twice(draft: &Draft, report: &Report) -> bool {
    let mut problems = report.iter().filter(|problem| problem.code == Code::TwoOwners);
    problems.any(|problem| problem.place.as_ref().is_some_and(|place| place.span == draft.span))
}

fn too_large(plan: &Plan, sizes: &BTreeMap<usize, usize>, report: &mut Report) {
    for (position, size) in sizes.iter().filter(|(_, size)| **size > LARGEST_APPLICATION) {
        if let Some(deployment) = plan.deployments.get(*position) {
            report.add(
                Diagnostic::new(
                    Code::ObjectTooLarge,
                    deployment.stack.header.span,
                    format!("the manifests of `{}` have {size} bytes; Argo CD reads {LARGEST_APPLICATION} at most", deployment.name),
                )
                .help("split the stack"),
            );
        }
    }
}

/// The objects of the deployments; the first drafts, in the order of `objects`.
fn manifests<'a>(plan: &Plan, objects: &'a Objects) -> Vec<Draft<'a>> {
    let path = |placed: &Placed, detail| {
        let deployment = plan.deployments.get(placed.deployment)?;
        let component = placed.component.and_then(|component| deployment.components.get(component));
        let folder = component.map_or(DEPLOYMENT_FOLDER, |component| &*component.name);
        Some(layout::object(deployment.cluster_name, &deployment.name, folder, &placed.object, detail))
    };
    let short: Vec<String> =
        objects.placed.par_iter().map(|placed| path(placed, Detail::Name).unwrap_or_default()).collect();
    let mut taken: BTreeMap<&str, usize> = BTreeMap::new();
    for path in &short {
        *taken.entry(path).or_default() += 1;
    }
    objects
        .placed
        .iter()
        .zip(&short)
        .map(|(placed, short)| {
            let alone = taken.get(short.as_str()).is_none_or(|count| *count == 1);
            let path = if alone { short.clone() } else { path(placed, Detail::Whole).unwrap_or_default() };
            let origins = placed.origins.clone();
            Draft { path, content: Content::Object(&placed.object), origins, span: placed.span(plan) }
        })
        .collect()
}

/// What Argo CD reads, and the values of charts.
fn of_control(file: &ControlFile) -> Draft<'_> {
    let content = match &file.content {
        ControlContent::Object(object) => Content::Object(object),
        ControlContent::Values(values) => Content::Values(values),
    };
    Draft { path: file.path.clone(), content, origins: file.origins.clone(), span: file.span }
}

fn file(draft: &Draft) -> Result<TreeFile, Diagnostic> {
    let mut text = String::with_capacity(1024);
    let written = match &draft.content {
        Content::Object(object) => with_header(*object, draft, &mut text),
        Content::Values(values) => with_header(*values, draft, &mut text),
    };
    match written {
        Ok(()) => Ok(TreeFile::new(text.into_bytes(), draft.origins.clone())),
        Err(error) => Err(Diagnostic::new(
            Code::InvalidManifest,
            draft.span,
            format!("`{}` cannot be written: {error}", draft.path),
        )),
    }
}

/// The first line names the definition: file and key, but no line number, which would change when nothing did.
fn with_header<T: Serialize + ?Sized>(
    value: &T,
    draft: &Draft,
    text: &mut String,
) -> Result<(), yaml::Error> {
    text.push_str("# kiln: ");
    match draft.origins.first() {
        Some(origin) => {
            let (file, key) = origin.split_once('#').unwrap_or((origin, ""));
            text.push_str(file);
            text.push_str(", ");
            text.push_str(key);
        }
        None => text.push_str("the workspace"),
    }
    text.push('\n');
    yaml::write(value, text)
}
