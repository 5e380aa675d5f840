//! The JSON Schemas of the language (draft 7, which Taplo and Even Better TOML read), from the shapes that also read
//! the definitions.
//!
//! In components any value may be an expression; there every type also allows a string with `{{` or `{%` in it.
//! Keywords such as `properties` and `minimum` only concern values of their own type, so that one schema says both.

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use crate::kinds::KINDS;
use crate::language::component::receiver::Receiver;
use crate::language::read::Read;
use crate::language::shape::{Field, Shape, TableShape};
use crate::load::{StackFile, WorkspaceFile};

/// What a string with an expression looks like.
const EXPRESSION: &str = r"\{\{|\{%";

/// A schema as a file.
#[derive(Debug, Clone, Copy)]
pub struct SchemaFile {
    /// Its name under `schema/`.
    pub name: &'static str,
    /// Which files it is for.
    pub about: &'static str,
    /// Its content.
    pub render: fn() -> String,
}

/// Every schema.
pub const FILES: &[SchemaFile] = &[
    SchemaFile { name: "workspace.schema.json", about: "the files directly in stacks/", render: workspace },
    SchemaFile { name: "stack.schema.json", about: "the files of a stack", render: stack },
];

/// The schema of the files directly in `stacks/`.
pub fn workspace() -> String {
    root::<WorkspaceFile>("kiln workspace")
}

/// The schema of the files of a stack.
pub fn stack() -> String {
    root::<StackFile>("kiln stack")
}

fn root<T: Read>(title: &str) -> String {
    let mut schemas = Schemas { definitions: IndexMap::new() };
    let mut schema = match T::shape() {
        Shape::Table(table) => schemas.table(&table, Layer::Definition),
        other => schemas.shape(&other, Layer::Definition),
    };
    // Another file may have what this one lacks.
    schema.remove("required");
    schema.insert("title".into(), title.into());
    let mut root = Map::new();
    root.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
    root.extend(schema);
    schemas.definitions.sort_keys();
    let definitions =
        schemas.definitions.into_iter().map(|(name, definition)| (name, Value::Object(definition)));
    root.insert("definitions".into(), Value::Object(definitions.collect()));
    // A tree of strings and numbers always serializes.
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}

/// Whether a value is what is written, or may be an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// It is what is written.
    Definition,
    /// It is evaluated for every deployment, after all layers are merged: required fields may be in another layer.
    Deployment,
}

struct Schemas {
    definitions: IndexMap<String, Map<String, Value>>,
}

type Object = Map<String, Value>;

impl Schemas {
    fn shape(&mut self, shape: &Shape, layer: Layer) -> Object {
        match shape {
            Shape::Text => object(json!({ "type": "string" })),
            Shape::Scalar { name, pattern, examples, numeric } => {
                scalar(name, *pattern, examples, *numeric, layer)
            }
            Shape::Integer { min, max } => {
                let mut schema = typed("integer", layer);
                schema.extend(min.map(|min| ("minimum".into(), min.into())));
                schema.extend(max.filter(|max| *max < i64::MAX).map(|max| ("maximum".into(), max.into())));
                schema
            }
            Shape::Number => typed("number", layer),
            Shape::Boolean => typed("boolean", layer),
            Shape::Choice(words) => choice(words, layer),
            Shape::List(items) => {
                let mut schema = typed("array", layer);
                schema.insert("items".into(), self.shape(items, layer).into());
                schema
            }
            Shape::Map { key, value } => {
                let value = self.shape(value, layer);
                map(*key, value, layer)
            }
            Shape::Table(table) => self.reference(table, layer),
            Shape::OneOf(shapes) => {
                let shapes: Vec<Value> = shapes.iter().map(|shape| self.shape(shape, layer).into()).collect();
                object(json!({ "anyOf": shapes }))
            }
            Shape::Any => Object::new(),
        }
    }

    /// A reference to the definition of a table, which is made when it is first asked for.
    fn reference(&mut self, table: &TableShape, layer: Layer) -> Object {
        let name = match layer {
            Layer::Definition => table.name.to_owned(),
            Layer::Deployment => format!("{}.evaluated", table.name),
        };
        if !self.definitions.contains_key(&name) {
            self.definitions.insert(name.clone(), Object::new());
            let definition = self.table(table, layer);
            self.definitions.insert(name.clone(), definition);
        }
        object(json!({ "$ref": format!("#/definitions/{name}") }))
    }

    fn table(&mut self, table: &TableShape, layer: Layer) -> Object {
        let fields = (table.fields)();
        let mut schema = typed("object", layer);
        schema.insert("description".into(), table.doc.trim().into());
        let properties =
            fields.iter().map(|field| (field.key.clone(), self.field(table, field, layer).into()));
        schema.insert("properties".into(), Value::Object(properties.collect()));
        schema.insert("additionalProperties".into(), false.into());
        let required: Vec<&str> =
            fields.iter().filter(|field| field.required).map(|field| field.key.as_str()).collect();
        if layer == Layer::Definition && !required.is_empty() {
            schema.insert("required".into(), required.into());
        }
        schema
    }

    fn field(&mut self, table: &TableShape, field: &Field, layer: Layer) -> Object {
        let mut schema = match (table.name, field.key.as_str()) {
            ("StackFile", "components") => named(&field.shape, self.component()),
            ("Overlay", "components") => named(&field.shape, self.component_part()),
            ("WorkspaceFile", "defaults") => self.defaults(),
            ("StackFile", "receivers") => {
                let receiver = self.shape(&Receiver::shape(), Layer::Deployment);
                named(&field.shape, receiver)
            }
            // The kind has chosen the table that this field stands in.
            (kind, "kind") if KINDS.iter().any(|entry| entry.name == kind) => {
                object(json!({ "const": kind }))
            }
            _ => self.shape(&field.shape, layer),
        };
        let mut documented = Object::new();
        documented.insert("description".into(), field.doc.trim().into());
        if let Some(Ok(default)) = field.default.as_deref().map(serde_json::from_str::<Value>) {
            documented.insert("default".into(), default);
        }
        // The words of a choice follow the documentation of the field.
        if let Some(Value::String(words)) = schema.remove("description") {
            documented.insert("description".into(), format!("{}\n\n{words}", field.doc.trim()).into());
        }
        documented.extend(schema);
        documented
    }

    /// A component: `kind` says which fields it has; without it, another file of the stack has the kind.
    ///
    /// The conditions check it; the alternatives behind the first, which always holds, are there for editors that
    /// complete from alternatives but not from conditions.
    fn component(&mut self) -> Object {
        let kinds: Vec<Object> =
            KINDS.iter().map(|kind| self.reference(&(kind.shape)(), Layer::Deployment)).collect();
        let docs: Vec<(&str, &str)> = KINDS.iter().map(|kind| (kind.name, (kind.shape)().doc)).collect();
        let mut kind = choice(&docs, Layer::Definition);
        let words = kind.remove("description").unwrap_or_default();
        let words = format!("What the component is.\n\n{}", words.as_str().unwrap_or(""));
        kind.insert("description".into(), words.into());
        let mut conditions = vec![json!({
            "if": { "required": ["kind"] },
            "else": self.component_part(),
        })];
        conditions.extend(KINDS.iter().zip(&kinds).map(|(kind, fields)| {
            let is_kind = json!({ "properties": { "kind": { "const": kind.name } }, "required": ["kind"] });
            json!({ "if": is_kind, "then": fields })
        }));
        let alternatives: Vec<Value> =
            std::iter::once(json!({})).chain(kinds.into_iter().map(Value::Object)).collect();
        object(json!({
            "description": "A part of the stack; its `kind` says which fields it has.",
            "type": "object",
            "properties": { "kind": kind },
            "allOf": conditions,
            "anyOf": alternatives,
        }))
    }

    /// Fields of a component whose kind is written elsewhere: any that some kind has.
    fn component_part(&mut self) -> Object {
        const NAME: &str = "component";
        if self.definitions.contains_key(NAME) {
            return object(json!({ "$ref": format!("#/definitions/{NAME}") }));
        }
        let mut properties: IndexMap<String, Vec<Value>> = IndexMap::new();
        for kind in KINDS {
            let table = (kind.shape)();
            for field in (table.fields)().iter().filter(|field| field.key != "kind") {
                let schema = Value::Object(self.field(&table, field, Layer::Deployment));
                let known = properties.entry(field.key.clone()).or_default();
                if !known.iter().any(|other| rules(other) == rules(&schema)) {
                    known.push(schema);
                }
            }
        }
        let properties: Object = properties
            .into_iter()
            .map(|(key, schemas)| match <[Value; 1]>::try_from(schemas) {
                Ok([schema]) => (key, schema),
                Err(schemas) => (key, json!({ "anyOf": schemas })),
            })
            .collect();
        let definition = json!({
            "description": "Fields of a component whose kind is written elsewhere.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
        });
        self.definitions.insert(NAME.to_owned(), object(definition));
        self.component_part()
    }

    /// Default fields by kind.
    fn defaults(&mut self) -> Object {
        let kinds = KINDS.iter().map(|kind| {
            let fields = self.reference(&(kind.shape)(), Layer::Deployment);
            (kind.name.to_owned(), Value::Object(fields))
        });
        let kinds: Object = kinds.collect();
        object(json!({ "type": "object", "properties": kinds, "additionalProperties": false }))
    }
}

/// A schema of the JSON type, or of an expression that gives a value of it.
fn typed(name: &str, layer: Layer) -> Object {
    match layer {
        Layer::Definition => object(json!({ "type": name })),
        Layer::Deployment => object(json!({ "type": [name, "string"], "pattern": EXPRESSION })),
    }
}

fn scalar(name: &str, pattern: Option<&str>, examples: &[&str], numeric: bool, layer: Layer) -> Object {
    let mut schema = match numeric {
        true => object(json!({ "type": ["string", "number"] })),
        false => object(json!({ "type": "string" })),
    };
    schema.insert("title".into(), name.into());
    match (pattern, layer) {
        (None, _) => None,
        (Some(pattern), Layer::Definition) => schema.insert("pattern".into(), pattern.into()),
        (Some(pattern), Layer::Deployment) => {
            schema.insert("pattern".into(), format!("{EXPRESSION}|(?:{pattern})").into())
        }
    };
    if !examples.is_empty() {
        schema.insert("examples".into(), examples.into());
    }
    schema
}

/// A few words, with what each means where editors look for it.
fn choice(words: &[(&str, &str)], layer: Layer) -> Object {
    let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let docs: Vec<&str> = words.iter().map(|(_, doc)| doc.trim()).collect();
    let list: Vec<String> = words.iter().map(|(word, doc)| format!("- `{word}`: {}", doc.trim())).collect();
    let mut schema = match layer {
        Layer::Definition => object(json!({ "enum": names })),
        Layer::Deployment => {
            object(json!({ "anyOf": [{ "enum": names }, { "type": "string", "pattern": EXPRESSION }] }))
        }
    };
    schema.insert("description".into(), list.join("\n").into());
    schema.insert("x-taplo".into(), json!({ "docs": { "enumValues": docs } }));
    schema
}

fn map(key: Option<&str>, value: Object, layer: Layer) -> Object {
    let mut schema = typed("object", layer);
    schema.insert("additionalProperties".into(), value.into());
    schema.extend(key.map(|key| ("propertyNames".into(), json!({ "pattern": key }))));
    schema
}

/// A map with the keys of `shape` and other values.
fn named(shape: &Shape, value: Object) -> Object {
    let key = match shape {
        Shape::Map { key, .. } => *key,
        _ => None,
    };
    map(key, value, Layer::Definition)
}

/// What a schema checks, without what it tells.
fn rules(schema: &Value) -> Object {
    let telling = ["description", "default", "examples", "title", "x-taplo"];
    let entries = schema.as_object().into_iter().flatten();
    entries
        .filter(|(key, _)| !telling.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// The entries of a JSON object.
fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_with_schemas_of_their_own_exist() {
        for (shape, keys) in [
            (WorkspaceFile::shape(), &["defaults"][..]),
            (StackFile::shape(), &["components", "receivers"]),
            (crate::language::stack::Overlay::shape(), &["components"]),
        ] {
            let Shape::Table(table) = shape else { panic!() };
            let fields = (table.fields)();
            assert!(["WorkspaceFile", "StackFile", "Overlay"].contains(&table.name));
            assert!(keys.iter().all(|key| fields.iter().any(|field| field.key == *key)));
        }
    }

    #[test]
    fn tables_of_one_name_are_one_table() {
        // Definitions are found by name: two tables that share one would be taken for each other.
        let mut seen: std::collections::BTreeMap<&str, &str> = std::collections::BTreeMap::new();
        let mut shapes: Vec<Shape> = KINDS.iter().map(|kind| Shape::Table((kind.shape)())).collect();
        shapes.extend([WorkspaceFile::shape(), StackFile::shape(), Receiver::shape()]);
        while let Some(shape) = shapes.pop() {
            match shape {
                Shape::List(inner) | Shape::Map { value: inner, .. } => shapes.push(*inner),
                Shape::OneOf(inner) => shapes.extend(inner),
                Shape::Table(table) => match seen.insert(table.name, table.doc) {
                    None => shapes.extend((table.fields)().into_iter().map(|field| field.shape)),
                    Some(doc) => assert_eq!(doc, table.doc, "two tables are called {}", table.name),
                },
                _ => {}
            }
        }
        assert!(seen.len() > 20);
    }
}
