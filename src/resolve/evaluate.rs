//! Trees with expressions → trees with values; places stay what they were.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::report::{Code, Diagnostic, Report};
use crate::source::{Key, Node, Sources, Span, Table, Value, is_expression};
use crate::template::{Engine, Scope};

/// Evaluates trees, reporting what cannot be.
pub struct Evaluator<'a> {
    /// The compiled expressions.
    pub engine: &'a Engine,
    /// Where they are written.
    pub sources: &'a Sources,
    /// Where problems go.
    pub report: &'a mut Report,
}

impl Evaluator<'_> {
    /// The tree with every expression replaced by its value; `None` when one has none. The rest of
    /// the tree is evaluated all the same, so that every problem in it is found.
    pub fn evaluate(&mut self, node: &Node, scope: &Scope) -> Option<Node> {
        if !holds_expression(node) {
            return Some(node.clone());
        }
        let value = match &node.value {
            Value::String(text) => {
                let json = self.engine.evaluate(text, node.span, scope, self.sources, self.report)?;
                return self.node(json, node.span);
            }
            Value::Array(items) => {
                let items: Vec<Option<Node>> = items.iter().map(|item| self.evaluate(item, scope)).collect();
                Value::Array(items.into_iter().collect::<Option<Arc<[Node]>>>()?)
            }
            Value::Table(table) => {
                let entries: Vec<Option<(Key, Node)>> = table
                    .entries
                    .iter()
                    .map(|(key, item)| self.evaluate(item, scope).map(|item| (key.clone(), item)))
                    .collect();
                Value::Table(Arc::new(Table { entries: entries.into_iter().collect::<Option<_>>()? }))
            }
            scalar => scalar.clone(),
        };
        Some(Node { value, span: node.span })
    }

    /// The text of a string with expressions in it.
    pub fn text(&mut self, text: &str, span: Span, scope: &Scope) -> Option<String> {
        if !is_expression(text) {
            return Some(text.to_owned());
        }
        match self.engine.evaluate(text, span, scope, self.sources, self.report)? {
            Json::String(text) => Some(text),
            Json::Null | Json::Array(_) | Json::Object(_) => {
                self.report.add(Diagnostic::new(
                    Code::WrongType,
                    span,
                    "expected a string from this expression",
                ));
                None
            }
            scalar => Some(scalar.to_string()),
        }
    }

    fn node(&mut self, json: Json, span: Span) -> Option<Node> {
        let value = match json {
            Json::Null => {
                self.report.add(
                    Diagnostic::new(Code::InvalidExpression, span, "the expression has no value")
                        .help("give it one with `| default(value=…)`"),
                );
                return None;
            }
            Json::Bool(flag) => Value::Boolean(flag),
            Json::String(text) => Value::String(Arc::from(text)),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(integer), _) => Value::Integer(integer),
                (None, Some(float)) => Value::Float(float),
                (None, None) => Value::String(Arc::from(number.to_string())),
            },
            Json::Array(items) => Value::Array(
                items.into_iter().map(|item| self.node(item, span)).collect::<Option<Arc<[Node]>>>()?,
            ),
            Json::Object(fields) => {
                let entries = fields.into_iter().map(|(name, value)| {
                    Some((Key { name: Arc::from(name), span }, self.node(value, span)?))
                });
                Value::Table(Arc::new(Table { entries: entries.collect::<Option<_>>()? }))
            }
        };
        Some(Node { value, span })
    }
}

fn holds_expression(node: &Node) -> bool {
    match &node.value {
        Value::String(text) => is_expression(text),
        Value::Array(items) => items.iter().any(holds_expression),
        Value::Table(table) => table.entries.iter().any(|(_, item)| holds_expression(item)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => false,
    }
}
