//! Reads YAML as kubectl does: YAML 1.1 scalars, keys as text, merge keys, no key twice, and bounds on depth, aliases and
//! size.
//!
//! The reader below is a YAML 1.2 one that does not say how a scalar was quoted. But it borrows scalars from the text,
//! and what stands before the borrowed part tells plain scalars from quoted ones.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::ops::Range;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::scalar;

/// The largest text, in bytes.
pub const LARGEST: usize = 10 << 20;
/// The most values a text may stand for once its aliases are expanded.
const MOST_VALUES: usize = 1_000_000;
/// The most text that those values may hold, in bytes.
const MOST_TEXT: usize = 4 * LARGEST;

/// One document that is not empty.
#[derive(Debug, PartialEq)]
pub struct Document {
    /// What it says. A null stays one.
    pub value: Value,
    /// Where its first key or value stands.
    pub start: usize,
}

/// Why a text cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// The bytes to blame.
    pub at: Range<usize>,
    /// Where the first of two equal keys stands.
    pub first: Option<Range<usize>>,
}

/// Reads every document of a text.
///
/// # Errors
/// The first problem in it.
pub fn read(text: &str) -> Result<Vec<Document>, Problem> {
    if text.len() > LARGEST {
        return Err(problem(format!("it is larger than {} MiB", LARGEST >> 20), 0..0));
    }
    // The parser skips a byte order mark without counting it.
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let shift = text.len() - body.len();
    read_body(body).map_err(|found| {
        let moved = |at: Range<usize>| at.start + shift..at.end + shift;
        Problem { message: found.message, at: moved(found.at), first: found.first.map(moved) }
    })
}

fn read_body(text: &str) -> Result<Vec<Document>, Problem> {
    let reading = Reading { text, ..Reading::default() };
    let mut documents = Vec::new();
    for document in serde_yaml::Deserializer::from_str(text) {
        reading.first.set(None);
        match Seed(&reading).deserialize(document) {
            Ok(Value::Null) => {}
            Ok(value) => {
                documents.push(Document { value, start: reading.first.get().unwrap_or(reading.last.get()) });
            }
            Err(error) => return Err(reading.problem.take().unwrap_or_else(|| complaint(&error, text))),
        }
    }
    Ok(documents)
}

/// What the parser itself complains of; its messages end with the place, which the label shows already.
fn complaint(error: &serde_yaml::Error, text: &str) -> Problem {
    let at = error.location().map_or(0, |location| location.index()).min(text.len());
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or(&message).to_owned();
    problem(message, at..at)
}

fn problem(message: String, at: Range<usize>) -> Problem {
    Problem { message, at, first: None }
}

/// What is known while a text is read.
#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    values: Cell<usize>,
    bytes: Cell<usize>,
    first: Cell<Option<usize>>,
    last: Cell<usize>,
    problem: RefCell<Option<Problem>>,
}

impl Reading<'_> {
    /// Counts a value, and stops the reading when there are too many.
    fn count<E: Error>(&self, bytes: usize) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        self.bytes.set(self.bytes.get() + bytes);
        if self.values.get() > MOST_VALUES || self.bytes.get() > MOST_TEXT {
            return Err(self.stop("its aliases expand to more than can be read".to_owned(), self.here()));
        }
        Ok(())
    }

    fn stop<E: Error>(&self, message: String, at: Range<usize>) -> E {
        self.problem.replace(Some(problem(message, at)));
        E::custom("stopped")
    }

    fn here(&self) -> Range<usize> {
        self.last.get()..self.last.get()
    }

    /// The place of a borrowed part of the text.
    fn place(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let range = start..(start + part.len()).min(self.text.len());
        self.last.set(start);
        if self.first.get().is_none() {
            self.first.set(Some(start));
        }
        range
    }

    /// Whether the scalar at this place is neither quoted nor tagged, and its type therefore read off its text.
    fn is_plain(&self, at: usize) -> bool {
        let before = self.text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        let mut words = line.split_ascii_whitespace().rev().filter(|word| !word.starts_with('&'));
        !before.ends_with(['"', '\'']) && !words.next().is_some_and(|word| word.starts_with("!!"))
    }

    fn scalar<E: Error>(&self, text: &str) -> Result<Value, E> {
        let at = self.place(text);
        self.count(text.len())?;
        if !self.is_plain(at.start) {
            return Ok(Value::String(text.to_owned()));
        }
        self.number(scalar::plain(text), at)
    }

    fn number<E: Error>(&self, value: Option<Value>, at: Range<usize>) -> Result<Value, E> {
        value
            .ok_or_else(|| self.stop("this number is infinite or none, which JSON cannot say".to_owned(), at))
    }
}

/// Reads a value.
struct Seed<'r, 't>(&'r Reading<'t>);

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.count(0).map(|()| Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value, E> {
        self.0.count(0).map(|()| Value::Bool(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        self.0.count(0).map(|()| Value::from(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        self.0.count(0).map(|()| Value::from(number))
    }

    fn visit_u128<E: Error>(self, number: u128) -> Result<Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_i128<E: Error>(self, number: i128) -> Result<Value, E> {
        self.visit_f64(number as f64)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        self.0.count(0)?;
        self.0.number(scalar::float(number), self.0.here())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value, E> {
        self.0.scalar(text)
    }

    /// Text that is not as it stands in the file: a block, with escapes, or over several lines. Never a number.
    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.0.count(text.len()).map(|()| Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.count(0)?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Seed(self.0))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.count(0)?;
        let mut map = Map::new();
        let mut places: Vec<(String, Range<usize>)> = Vec::new();
        let mut merged = Vec::new();
        while let Some(key) = entries.next_key_seed(KeySeed(self.0))? {
            let value = entries.next_value_seed(Seed(self.0))?;
            if key.merge {
                merged.push((value, key.at));
                continue;
            }
            if map.contains_key(&key.name) {
                let first = places.iter().find(|(name, _)| *name == key.name).map(|(_, at)| at.clone());
                let message = format!("the key `{}` is there twice", key.name);
                self.0.problem.replace(Some(Problem { message, at: key.at, first }));
                return Err(A::Error::custom("stopped"));
            }
            places.push((key.name.clone(), key.at));
            map.insert(key.name, value);
        }
        for (value, at) in merged {
            self.0.merge(&mut map, value, at)?;
        }
        Ok(Value::Object(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Value, A::Error> {
        Err(self.0.stop("tags such as `!name` mean nothing to Kubernetes".to_owned(), self.0.here()))
    }
}

impl Reading<'_> {
    /// Puts the entries of a merge key into the mapping; what is there already wins.
    fn merge<E: Error>(&self, map: &mut Map<String, Value>, value: Value, at: Range<usize>) -> Result<(), E> {
        let sources = match value {
            Value::Array(items) => items,
            other => vec![other],
        };
        for source in sources {
            let Value::Object(entries) = source else {
                return Err(self.stop("`<<` merges mappings only".to_owned(), at));
            };
            for (key, value) in entries {
                map.entry(key).or_insert(value);
            }
        }
        Ok(())
    }
}

/// A key as text.
struct Key {
    name: String,
    at: Range<usize>,
    merge: bool,
}

/// Reads a key.
struct KeySeed<'r, 't>(&'r Reading<'t>);

impl KeySeed<'_, '_> {
    fn key<E: Error>(&self, value: Value, at: Range<usize>) -> Result<Key, E> {
        let name = match value {
            Value::String(text) => text,
            Value::Null => return Err(self.0.stop("a key is missing here".to_owned(), at)),
            other => other.to_string(),
        };
        Ok(Key { name, at, merge: false })
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_, '_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_, '_> {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a key")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key, E> {
        let value = self.0.scalar(text)?;
        let at = self.0.place(text);
        let merge = text == "<<" && self.0.is_plain(at.start);
        Ok(Key { merge, ..self.key(value, at)? })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Key, E> {
        self.key(Value::String(text.to_owned()), self.0.here())
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Key, E> {
        self.key(Value::Bool(flag), self.0.here())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Key, E> {
        self.key(Value::from(number), self.0.here())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Key, E> {
        self.key(Value::from(number), self.0.here())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Key, E> {
        let value = self.0.number(scalar::float(number), self.0.here())?;
        self.key(value, self.0.here())
    }

    fn visit_unit<E: Error>(self) -> Result<Key, E> {
        self.key(Value::Null, self.0.here())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Key, A::Error> {
        Err(self.0.stop("a list cannot be a key".to_owned(), self.0.here()))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Key, A::Error> {
        Err(self.0.stop("a mapping cannot be a key".to_owned(), self.0.here()))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<Key, A::Error> {
        Err(self.0.stop("tags such as `!name` mean nothing to Kubernetes".to_owned(), self.0.here()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn one(text: &str) -> Value {
        let mut documents = read(text).unwrap();
        assert_eq!(documents.len(), 1, "{text}");
        documents.remove(0).value
    }

    #[test]
    fn plain_scalars_follow_yaml_1_1_and_quoted_ones_stay_text() {
        let text = "# grüße\nmode: 0644\nquoted: \"0644\"\nsingle: 'yes'\nflag: yes\nblock: |\n  on\nm: 1_000\nflow: {a: off, 'b': 'off'}\n";
        assert_eq!(
            one(text),
            json!({"mode": 420, "quoted": "0644", "single": "yes", "flag": true, "block": "on\n", "m": 1000, "flow": {"a": false, "b": "off"}})
        );
        assert_eq!(one("\u{feff}mode: 0644\r\nnext: no\r\n"), json!({"mode": 420, "next": false}));
        assert_eq!(
            one("a: &x 0644\nb: *x\nc: !!str 0644\nd: &y '0644'\ne: *y\n"),
            json!({"a": 420, "b": 420, "c": "0644", "d": "0644", "e": "0644"})
        );
        assert_eq!(
            one("a: plain over\n  two lines\nb: 2024-01-01\n"),
            json!({"a": "plain over two lines", "b": "2024-01-01"})
        );
    }

    #[test]
    fn keys_become_text() {
        assert_eq!(
            one("y: 1\nno: 3\n012: 4\n8080: 5\n'012': 6\n1.5: 7\n"),
            json!({"true": 1, "false": 3, "10": 4, "8080": 5, "012": 6, "1.5": 7})
        );
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_with_both_places() {
        let text = "a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n";
        let problem = read(text).unwrap_err();
        assert_eq!(problem.message, "the key `c` is there twice");
        assert_eq!((problem.at, problem.first), (24..25, Some(10..11)));
    }

    #[test]
    fn merge_keys_are_merged_and_lose_against_what_is_written() {
        let text = "base: &base {a: 1, b: 2}\nuse:\n  <<: *base\n  b: 3\n";
        assert_eq!(one(text)["use"], json!({"b": 3, "a": 1}));
        assert_eq!(one("'<<': 1\n"), json!({"<<": 1}));
    }

    #[test]
    fn empty_documents_are_no_documents() {
        assert_eq!(read("").unwrap(), []);
        assert_eq!(read("# only a comment\n").unwrap(), []);
        let documents = read("---\n# nothing\n---\na: 1\n---\nb: 2\n...\n").unwrap();
        assert_eq!(documents.iter().map(|document| document.start).collect::<Vec<_>>(), [18, 27]);
    }

    #[test]
    fn syntax_is_complained_of_at_its_place() {
        let problem = read("a: 1\nb: [1, 2\nc: 3\n").unwrap_err();
        assert!(problem.at.start >= 8, "{problem:?}");
        assert!(!problem.message.contains("line"), "{problem:?}");
        assert!(read("a: *nothing\n").is_err());
        assert!(read("a: !custom 1\n").is_err());
        assert!(read("a: .inf\n").is_err());
        assert!(read("? [a]\n: 1\n").is_err());
        assert!(read("~: 1\n").is_err());
    }

    #[test]
    fn aliases_and_depth_are_bounded() {
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..12 {
            let items = vec![format!("*a{}", level - 1); 10].join(", ");
            laughs.push_str(&format!("a{level}: &a{level} [{items}]\n"));
        }
        assert!(read(&laughs).is_err());
        assert!(read(&"[".repeat(5000)).is_err());
        assert!(read(&format!("{}{}", "[".repeat(1000), "]".repeat(1000))).is_err());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_every_place_lies_in_the_text(text in "[-a-c0-9:&*!<>|?'\"\\[\\]{},#~%@ .\n\t\u{feff}äé_]{0,60}") {
            if let Err(problem) = read(&text) {
                proptest::prop_assert!(problem.at.start <= problem.at.end && problem.at.end <= text.len());
            }
        }
    }
}
