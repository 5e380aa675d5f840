//! Reads the text of a selector, as `labels.Parse` of `k8s.io/apimachinery` does.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Operator, Requirement};
use crate::language::value::{Invalid, LabelKey, LabelValue, Scalar, quoted};

/// The requirements of `text`, in the order written.
pub(super) fn read(text: &str) -> Result<Vec<Requirement>, Invalid> {
    let mut tokens = Tokens { all: tokens(text), next: 0 };
    let mut requirements = Vec::new();
    if tokens.all.is_empty() {
        return Ok(requirements);
    }
    loop {
        requirements.push(requirement(&mut tokens)?);
        let Some(token) = tokens.take() else { return Ok(requirements) };
        if token.text != "," {
            return Err(Invalid::new(format!(
                "expected `,` between two requirements, found {}",
                quoted(token.text)
            ))
            .help("separate requirements with `,`, as in `tier=web, !legacy`")
            .at(token.at));
        }
        if tokens.peek().is_none() {
            return Err(Invalid::new("a requirement is missing after the last `,`")
                .help("remove the `,` or add a requirement")
                .at(token.at));
        }
    }
}

/// A word or an operator. No word is empty or has one of the operators' characters.
#[derive(Clone)]
struct Token<'a> {
    text: &'a str,
    at: Range<usize>,
}

impl Token<'_> {
    fn is_word(&self) -> bool {
        !self.text.starts_with(special)
    }
}

struct Tokens<'a> {
    all: Vec<Token<'a>>,
    next: usize,
}

impl<'a> Tokens<'a> {
    fn peek(&self) -> Option<&Token<'a>> {
        self.all.get(self.next)
    }

    fn take(&mut self) -> Option<Token<'a>> {
        let token = self.peek().cloned();
        self.next += usize::from(token.is_some());
        token
    }

    fn take_word(&mut self) -> Option<Token<'a>> {
        if self.peek().is_some_and(Token::is_word) { self.take() } else { None }
    }

    fn expected(&self, what: &str) -> Invalid {
        match self.peek() {
            Some(token) => {
                Invalid::new(format!("expected {what}, found {}", quoted(token.text))).at(token.at.clone())
            }
            None => Invalid::new(format!("expected {what}, found the end")),
        }
        .help("write requirements such as `a=b`, `a in (b, c)`, `a` or `!a`")
    }
}

fn special(c: char) -> bool {
    matches!(c, '=' | '!' | '(' | ')' | ',' | '<' | '>')
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let white = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        let length = if rest.starts_with("==") || rest.starts_with("!=") {
            2
        } else if rest.starts_with(special) {
            1
        } else if rest.starts_with(white) {
            start += 1;
            continue;
        } else {
            rest.find(|c| special(c) || white(c)).unwrap_or(rest.len())
        };
        let at = start..start + length;
        tokens.push(Token { text: text.get(at.clone()).unwrap_or_default(), at });
        start += length;
    }
    tokens
}

fn requirement(tokens: &mut Tokens<'_>) -> Result<Requirement, Invalid> {
    let negated = tokens.peek().is_some_and(|token| token.text == "!");
    if negated {
        tokens.take();
    }
    let word = tokens.take_word().ok_or_else(|| tokens.expected("a label key"))?;
    let key = LabelKey::parse(word.text).map_err(|invalid| located(invalid, &word))?;
    if negated {
        return Ok(Requirement { key, operator: Operator::DoesNotExist });
    }
    let operator = match tokens.peek().map(|token| token.text) {
        Some("=" | "==") => Operator::In(BTreeSet::from([one_value(tokens)?])),
        Some("!=") => Operator::NotIn(BTreeSet::from([one_value(tokens)?])),
        Some("in") => Operator::In(values(tokens, &key)?),
        Some("notin") => Operator::NotIn(values(tokens, &key)?),
        Some(">") => Operator::GreaterThan(number(tokens)?),
        Some("<") => Operator::LessThan(number(tokens)?),
        _ => Operator::Exists,
    };
    Ok(Requirement { key, operator })
}

/// The value after an operator; nothing there is the empty value.
fn one_value(tokens: &mut Tokens<'_>) -> Result<LabelValue, Invalid> {
    tokens.take();
    match tokens.peek() {
        Some(token) if token.is_word() => value(tokens),
        Some(token) if token.text != "," => Err(tokens.expected("a label value")),
        _ => LabelValue::parse(""),
    }
}

fn value(tokens: &mut Tokens<'_>) -> Result<LabelValue, Invalid> {
    match tokens.take_word() {
        Some(word) => LabelValue::parse(word.text).map_err(|invalid| located(invalid, &word)),
        None => LabelValue::parse(""),
    }
}

/// The values in brackets after `in` or `notin`; nothing between two commas is the empty value.
fn values(tokens: &mut Tokens<'_>, key: &LabelKey) -> Result<BTreeSet<LabelValue>, Invalid> {
    let operator = tokens.take().map_or("in", |token| token.text);
    let open = match tokens.peek() {
        Some(token) if token.text == "(" => tokens.take(),
        _ => None,
    };
    let Some(open) = open else {
        return Err(tokens.expected(&format!("`(` after `{operator}`")));
    };
    let mut values = BTreeSet::new();
    loop {
        values.insert(value(tokens)?);
        match tokens.peek().map(|token| token.text) {
            Some(")") => {
                tokens.take();
                return Ok(values);
            }
            Some(",") => {
                tokens.take();
            }
            Some(_) => return Err(tokens.expected("`,` or `)`")),
            None => {
                return Err(Invalid::new(format!("the `(` of the values of `{key}` is never closed"))
                    .help("add a `)`")
                    .at(open.at));
            }
        }
    }
}

fn number(tokens: &mut Tokens<'_>) -> Result<i64, Invalid> {
    tokens.take();
    let word = tokens.take_word().ok_or_else(|| tokens.expected("a whole number"))?;
    // A label value first, as in Kubernetes: it has no sign.
    let value = LabelValue::parse(word.text).map_err(|invalid| located(invalid, &word))?;
    value.as_str().parse().map_err(|_| {
        Invalid::new(format!("{} is not a whole number, which `>` and `<` compare with", quoted(word.text)))
            .at(word.at)
    })
}

/// A problem of a word, seen from the whole text.
fn located(invalid: Invalid, word: &Token<'_>) -> Invalid {
    match invalid.at {
        Some(_) => invalid.shifted(word.at.start),
        None => invalid.at(word.at.clone()),
    }
}
