//! Every string survives: hostile ones from a corpus, and arbitrary ones, in every position, under a YAML 1.2 reader and
//! under YAML 1.1's rules for plain scalars. The readers of other languages are in `tests/conformance/yaml_readers/`.

use proptest::prelude::*;
use regex::Regex;
use serde_json::{Map, Number, Value, json};

fn yaml(value: &Value) -> String {
    let mut out = String::new();
    kiln::emit::yaml::write(value, &mut out).unwrap();
    out
}

fn corpus() -> Vec<String> {
    serde_json::from_str(include_str!("hostile-strings.json")).unwrap()
}

/// The string as a value, a key, an item, a nested key and a nested item.
fn positions(string: &str) -> [Value; 5] {
    [
        json!({"value": string}),
        json!({string: string}),
        json!({"list": [string, [string, string], {string: string}]}),
        json!({"nested": {string: {string: {"a": string}}}}),
        json!({"items": [{"block": string, "last": [[string]]}]}),
    ]
}

fn check_reads_back(string: &str) {
    for value in positions(string).into_iter().chain([json!(string)]) {
        let text = yaml(&value);
        assert!(text.ends_with('\n'));
        let read: Value =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{string:?}: {error}\n{text}"));
        assert_eq!(read, value, "{text}");
    }
}

/// YAML 1.1's rules for what a plain scalar is, of every reader and of the type repository (yaml.org/type), together.
struct Resolver(Vec<(&'static str, Regex)>);

impl Resolver {
    fn new() -> Self {
        let rules = [
            (
                "bool, type repository",
                "y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF",
            ),
            ("null, type repository", "~|null|Null|NULL|"),
            ("merge, type repository", "<<"),
            ("value, type repository", "="),
            ("int 2, type repository", "[-+]?0b[0-1_]+"),
            ("int 8, type repository", "[-+]?0[0-7_]+"),
            ("int 10, type repository", "[-+]?(0|[1-9][0-9_]*)"),
            ("int 16, type repository", "[-+]?0x[0-9a-fA-F_]+"),
            ("int 60, type repository", "[-+]?[1-9][0-9_]*(:[0-5]?[0-9])+"),
            ("float 10, type repository", r"[-+]?([0-9][0-9_]*)?\.[0-9.]*([eE][-+][0-9]+)?"),
            ("float 60, type repository", r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*"),
            ("infinity, type repository", r"[-+]?\.(inf|Inf|INF)"),
            ("not a number, type repository", r"\.(nan|NaN|NAN)"),
            ("date, type repository", "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
            (
                "timestamp, type repository",
                r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?",
            ),
            ("float, PyYAML", r"[-+]?[0-9][0-9_]*\.[0-9_]*([eE][-+][0-9]+)?|\.[0-9_]+([eE][-+][0-9]+)?"),
            ("float, go-yaml", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"),
            // go-yaml takes the underscores out and gives the rest to ParseInt with base 0.
            ("int, go-yaml", "[-+]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|[0-9][0-9_]*)"),
            ("date, go-yaml", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"),
            ("int, core schema", "[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+"),
        ];
        Resolver(rules.map(|(name, rule)| (name, Regex::new(&format!("^(?:{rule})$")).unwrap())).into())
    }

    /// What some reader takes a plain scalar for, unless all take it for a string.
    fn other_than_string(&self, scalar: &str) -> Option<&'static str> {
        self.0.iter().find(|(_, rule)| rule.is_match(scalar)).map(|(name, _)| *name)
    }

    fn check(&self, string: &str) {
        let value = yaml(&json!({"k": string}));
        let key = yaml(&json!({string: {}}));
        let item = yaml(&json!([string]));
        let root = yaml(&json!(string));
        for written in [
            value.strip_prefix("k: ").unwrap(),
            key.strip_suffix(": {}\n").unwrap().trim_start_matches("? ").trim_end_matches('\n'),
            item.strip_prefix("- ").unwrap(),
            &root,
        ] {
            let scalar = written.strip_suffix('\n').unwrap_or(written);
            if !scalar.starts_with(['"', '\'', '|']) {
                assert_eq!(scalar, string);
                assert_eq!(self.other_than_string(scalar), None, "{scalar:?}");
            }
        }
    }
}

#[test]
fn hostile_strings_are_many_and_distinct() {
    let corpus = corpus();
    let distinct: std::collections::BTreeSet<_> = corpus.iter().collect();
    assert_eq!(distinct.len(), corpus.len());
    assert!(corpus.len() >= 400);
}

#[test]
fn hostile_strings_read_back_in_every_position() {
    for string in corpus() {
        check_reads_back(&string);
    }
}

#[test]
fn hostile_strings_left_plain_are_strings_to_every_reader() {
    let resolver = Resolver::new();
    assert_eq!(resolver.other_than_string("12:30:45"), Some("int 60, type repository"));
    assert_eq!(resolver.other_than_string("12:30pm"), None);
    for string in corpus() {
        resolver.check(&string);
    }
}

#[test]
fn hostile_strings_may_all_be_keys_of_one_mapping() {
    let object: Map<String, Value> =
        corpus().into_iter().map(|string| (string.clone(), Value::String(string))).collect();
    let value = json!({"data": object, "list": corpus()});
    assert_eq!(serde_yaml::from_str::<Value>(&yaml(&value)).unwrap(), value);
}

#[test]
fn lines_are_blocks_and_long_lines_are_never_folded() {
    assert_eq!(yaml(&json!({"a": "x\n\ty\n"})), "a: |\n  x\n  \ty\n");
    let long = "word ".repeat(400) + "end";
    assert_eq!(yaml(&json!({"a": &long})), format!("a: {long}\n"));
    assert_eq!(yaml(&json!({"a": format!("{long}\n{long}\n")})), format!("a: |\n  {long}\n  {long}\n"));
}

/// Strings from the characters and words that YAML readers treat apart.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(" \n\t-?:,[]{}#&*!|>'\"%@`\\.=~<+_0123456789eExXoObBaynY/$é日\r\u{85}\u{2028}\u{feff}\u{a0}\u{7f}\u{200b}😀".chars().collect::<Vec<_>>())
            .prop_map(String::from),
        1 => prop::sample::select(vec!["\n\n", "\n ", " \n", ": ", " #", "---", "...", "<<", "yes", "null", ".inf", ".nan", "2024-01-01", "  ", "\n\t", "0x"])
            .prop_map(String::from),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => hostile().prop_map(Value::String),
        1 => any::<bool>().prop_map(Value::Bool),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<u64>().prop_map(Value::from),
        1 => any::<f64>().prop_filter_map("finite", |float| Number::from_f64(float).map(Value::Number)),
    ];
    let key = prop_oneof![
        2 => hostile(),
        1 => prop::sample::select(vec!["metadata", "name", "spec", "kind", "labels", "data", "env", "a", "z"]).prop_map(String::from),
    ];
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let entry = prop_oneof![9 => inner.clone(), 1 => Just(Value::Null)];
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::Array),
            prop::collection::vec((key.clone(), entry), 0..6)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// What the API stores: no null entries, and an integral float is an integer.
fn stored(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), stored(value)))
            .collect(),
        Value::Array(items) => items.iter().map(stored).collect(),
        Value::Number(number) => match number.as_f64() {
            Some(float)
                if number.is_f64() && float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0 =>
            {
                json!(float as i64)
            }
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

fn reversed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map.iter().rev().map(|(key, value)| (key.clone(), reversed(value))).collect(),
        Value::Array(items) => items.iter().map(reversed).collect(),
        other => other.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_strings_read_back_in_every_position(string in prop_oneof![hostile(), any::<String>()]) {
        check_reads_back(&string);
        Resolver::new().check(&string);
    }

    #[test]
    fn arbitrary_values_read_back_as_what_the_api_stores(value in tree()) {
        let text = yaml(&value);
        prop_assert_eq!(serde_yaml::from_str::<Value>(&text).unwrap(), stored(&value), "{}", text);
    }

    #[test]
    fn the_order_of_keys_in_the_input_does_not_show(value in tree()) {
        prop_assert_eq!(yaml(&reversed(&value)), yaml(&value));
    }
}
