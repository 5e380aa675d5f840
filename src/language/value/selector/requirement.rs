//! One condition of a selector.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::language::value::{LabelKey, LabelValue};

/// A condition on one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    /// The label it looks at.
    pub key: LabelKey,
    /// What it asks of it.
    pub operator: Operator,
}

/// What a requirement asks of a label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// It is there with one of the values.
    In(BTreeSet<LabelValue>),
    /// It is missing, or has none of the values.
    NotIn(BTreeSet<LabelValue>),
    /// It is there.
    Exists,
    /// It is missing.
    DoesNotExist,
    /// It is there with a greater whole number.
    GreaterThan(i64),
    /// It is there with a smaller whole number.
    LessThan(i64),
}

impl Requirement {
    /// The label is there with this value.
    pub fn equals(key: LabelKey, value: LabelValue) -> Self {
        Self { key, operator: Operator::In(BTreeSet::from([value])) }
    }

    /// Whether these labels meet it.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(self.key.as_str()).map(String::as_str);
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match &self.operator {
            Operator::In(values) => value.is_some_and(|value| values.contains(value)),
            Operator::NotIn(values) => value.is_none_or(|value| !values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
            Operator::GreaterThan(than) => number().is_some_and(|number| number > *than),
            Operator::LessThan(than) => number().is_some_and(|number| number < *than),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        let set = |f: &mut fmt::Formatter<'_>, values: &BTreeSet<LabelValue>, one: &str, many: &str| {
            let values: Vec<&str> = values.iter().map(LabelValue::as_str).collect();
            match values.as_slice() {
                [value] => write!(f, "{key}{one}{value}"),
                values => write!(f, "{key} {many} ({})", values.join(",")),
            }
        };
        match &self.operator {
            Operator::In(values) => set(f, values, "=", "in"),
            Operator::NotIn(values) => set(f, values, "!=", "notin"),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan(than) => write!(f, "{key}>{than}"),
            Operator::LessThan(than) => write!(f, "{key}<{than}"),
        }
    }
}
