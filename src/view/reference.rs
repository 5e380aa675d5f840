//! The reference of the language as Markdown, from the shapes that also read the definitions.
//!
//! Every table is described once, where it is first needed; other places link to it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::kinds::KINDS;
use crate::language::component::common::Common;
use crate::language::component::receiver::Receiver;
use crate::language::component::workload::Workload;
use crate::language::read::{Fields as _, Read};
use crate::language::shape::{Field, Shape, TableShape};
use crate::load::{StackFile, WorkspaceFile};

const INTRODUCTION: &str = "\
# The language

kiln reads every `*.toml` under `stacks/`. The files directly in `stacks/` together define the [workspace](#workspace-files);
those in a folder of `stacks/`, at any depth, together define the [stack](#stack-files) of that name. A stack's `files/` and
`templates/` hold data, not definitions.

This page is generated from the types that read the definitions (`kiln schema --reference`). `kiln schema` gives the same as
JSON Schemas for editors.

In [components](#components), overlays, defaults and receivers any value may be an expression: a string with `{{ … }}`,
evaluated for every deployment with `params`, `instance`, `stack`, `component`, `cluster`, `team` and `workspace` in scope.
A string that is one whole `{{ … }}` keeps the type of its value.
";

/// The whole page.
pub fn render() -> String {
    let mut page = Page { text: String::new(), known: BTreeSet::new() };
    page.root::<WorkspaceFile>("Workspace files");
    page.root::<StackFile>("Stack files");
    page.section("Receivers", 2, &Receiver::shape(), "Written `[receivers.<name>]`. ");
    page.components();
    let contents = contents(&page.text);
    format!("{INTRODUCTION}\n## Contents\n\n{contents}\n{}", page.text)
}

struct Page {
    text: String,
    /// The tables that have a section.
    known: BTreeSet<&'static str>,
}

impl Page {
    /// A file's tables: its own fields first, then every table that they hold.
    fn root<T: Read>(&mut self, title: &str) {
        let Some(table) = table_of(&T::shape()) else {
            return;
        };
        self.known.insert(table.name);
        let fields = (table.fields)();
        self.heading(title, 2, table.doc);
        self.fields(&fields, table.name);
        for field in &fields {
            let (shape, written) = match &field.shape {
                Shape::Map { value, .. } => (&**value, format!("[{}.<name>]", field.key)),
                shape => (shape, format!("[{}]", field.key)),
            };
            if let Some(table) = table_of(shape) {
                self.section(&words(table.name), 3, shape, &format!("Written `{written}`. "));
            }
        }
    }

    /// A table and every table in it; `written` says how it is written, where that is always the same.
    fn section(&mut self, title: &str, depth: usize, shape: &Shape, written: &str) {
        let Some(table) = table_of(shape) else {
            return;
        };
        if !self.known.insert(table.name) {
            return;
        }
        let fields = (table.fields)();
        self.heading(title, depth, &format!("{written}{}", table.doc));
        self.fields(&fields, table.name);
        for field in &fields {
            self.tables_in(&field.shape, depth + 1);
        }
    }

    /// The sections of all tables in a shape that have none yet.
    fn tables_in(&mut self, shape: &Shape, depth: usize) {
        match shape {
            Shape::List(inner) | Shape::Map { value: inner, .. } => self.tables_in(inner, depth),
            Shape::OneOf(shapes) => {
                for shape in shapes {
                    self.tables_in(shape, depth);
                }
            }
            // Deeper headings than these are too small to find one's way by.
            Shape::Table(table) => self.section(&words(table.name), depth.min(4), shape, ""),
            _ => {}
        }
    }

    fn components(&mut self) {
        self.heading(
            "Components",
            2,
            "A component is one part of a stack. Its `kind` says what it becomes and which fields it has.",
        );
        for kind in KINDS {
            let doc = (kind.shape)().doc;
            let _ = writeln!(self.text, "- [`{}`](#kind-{}): {}", kind.name, kind.name, sentence(doc));
        }
        self.text.push('\n');
        let common = Common::fields();
        let workload: Vec<Field> =
            Workload::fields().into_iter().filter(|field| !has(&common, &field.key)).collect();
        for kind in KINDS {
            let table = (kind.shape)();
            let fields = (table.fields)();
            let is_workload = workload.iter().all(|field| has(&fields, &field.key));
            let own: Vec<Field> = fields
                .into_iter()
                .filter(|field| !(has(&common, &field.key) || is_workload && has(&workload, &field.key)))
                .collect();
            self.heading(&format!("Kind {}", kind.name), 3, table.doc);
            self.text.push_str(match is_workload {
                true => "Besides these it has the [fields of workloads](#fields-of-workloads) and the [fields of every component](#fields-of-every-component).\n\n",
                false => "Besides these it has the [fields of every component](#fields-of-every-component).\n\n",
            });
            self.fields(&own, table.name);
            for field in &own {
                self.tables_in(&field.shape, 4);
            }
        }
        for (title, doc, fields) in [
            ("Fields of workloads", "What makes a pod, in every kind that has pods of its own.", workload),
            ("Fields of every component", "Every kind has these.", common),
        ] {
            self.heading(title, 3, doc);
            self.fields(&fields, title);
            for field in &fields {
                self.tables_in(&field.shape, 4);
            }
        }
    }

    fn heading(&mut self, title: &str, depth: usize, doc: &str) {
        // A `String` takes every write.
        let _ = writeln!(self.text, "{} {title}\n\n{}\n", "#".repeat(depth), doc.trim());
    }

    fn fields(&mut self, fields: &[Field], table: &str) {
        let mut told: Option<&[(&str, &str)]> = None;
        for field in fields {
            let presence = match (&field.default, field.required) {
                (Some(default), _) => format!(", default `{default}`"),
                (None, true) => ", **required**".to_owned(),
                (None, false) => String::new(),
            };
            let _ = writeln!(
                self.text,
                "- `{}` ({}{presence}){}{}",
                field.key,
                type_text(table, field),
                if field.doc.trim().is_empty() { "" } else { ": " },
                field.doc.trim()
            );
            // Rules that follow one another have the same levels.
            if let Shape::Choice(words) = innermost(&field.shape)
                && told != Some(words)
            {
                for (word, doc) in words {
                    let _ = writeln!(self.text, "  - `\"{word}\"`: {}", doc.trim());
                }
                told = Some(words);
            }
        }
        if !fields.is_empty() {
            self.text.push('\n');
        }
    }
}

/// The type of a field in words, with links to the tables in it.
fn type_text(table: &str, field: &Field) -> String {
    match (table, field.key.as_str()) {
        ("StackFile" | "Overlay", "components") => "[components](#components) by name".to_owned(),
        ("StackFile", "receivers") => "[receivers](#receivers) by name".to_owned(),
        ("WorkspaceFile", "defaults") => "fields of [components](#components) by kind".to_owned(),
        _ => shape_text(&field.shape),
    }
}

fn shape_text(shape: &Shape) -> String {
    match shape {
        Shape::Text => "string".to_owned(),
        Shape::Scalar { name, examples, .. } => match examples.first() {
            Some(example) => format!(
                "{}, such as `\"{example}\"`",
                name.trim_start_matches("a ").trim_start_matches("an ")
            ),
            None => (*name).to_owned(),
        },
        Shape::Integer { min: Some(min), max: Some(max) }
            if *min > i64::MIN && *max < i64::from(i32::MAX) =>
        {
            format!("integer from {min} to {max}")
        }
        Shape::Integer { min: Some(0), .. } => "integer, not negative".to_owned(),
        Shape::Integer { .. } => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Boolean => "boolean".to_owned(),
        Shape::Choice(_) => "one of these words".to_owned(),
        Shape::List(items) => format!("list of {}", shape_text(items)),
        Shape::Map { value, .. } => format!("table by name: {}", shape_text(value)),
        Shape::Table(table) => {
            let title = words(table.name);
            format!("[{}](#{})", title.to_lowercase().replace("argo cd", "Argo CD"), anchor(&title))
        }
        Shape::OneOf(shapes) => {
            let mut texts: Vec<String> = shapes.iter().map(shape_text).collect();
            texts.dedup();
            texts.join(" or ")
        }
        Shape::Any => "any value".to_owned(),
    }
}

fn innermost(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(inner) | Shape::Map { value: inner, .. } => innermost(inner),
        shape => shape,
    }
}

fn table_of(shape: &Shape) -> Option<TableShape> {
    match shape {
        Shape::Table(table) => Some(*table),
        _ => None,
    }
}

fn has(fields: &[Field], key: &str) -> bool {
    fields.iter().any(|field| field.key == key)
}

/// `MountOptions` as "Mount options".
fn words(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && index > 0 {
            text.push(' ');
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
    }
    text.replace(" cd", " CD")
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}

fn sentence(doc: &str) -> &str {
    let line = doc.trim().lines().next().unwrap_or_default();
    line.split_once(". ").map_or(line, |(first, _)| first).trim_end_matches('.')
}

/// Links to every heading down to the third level.
fn contents(text: &str) -> String {
    let headings = text.lines().filter_map(|line| {
        let depth = line.bytes().take_while(|byte| *byte == b'#').count();
        let title = line.get(depth..)?.trim();
        (2..=3)
            .contains(&depth)
            .then(|| format!("{}- [{title}](#{})\n", "  ".repeat(depth - 2), anchor(title)))
    });
    headings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_leads_to_one_heading() {
        let page = render();
        let mut anchors: Vec<String> = page
            .lines()
            .filter_map(|line| line.strip_prefix('#'))
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect();
        anchors.sort();
        let twice: Vec<_> = anchors.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let links: Vec<&str> =
            page.split("](#").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect();
        assert!(links.len() > 30);
        for link in links {
            assert!(anchors.iter().any(|anchor| anchor == link), "{link}");
        }
    }
}
