//! What a plain YAML scalar means under YAML 1.1, as kubectl's reader has it.

use serde_json::{Number, Value};

/// The value of a plain scalar; `None` for infinities and not-a-number, which JSON has no word for.
pub fn plain(text: &str) -> Option<Value> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Value::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf"
        | "-.Inf" | "-.INF" => return None,
        _ if text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => {
            return number(text).unwrap_or_else(|| Some(Value::String(text.to_owned())));
        }
        _ => Value::String(text.to_owned()),
    })
}

/// A float as JSON: whole ones without a fraction, as Go writes them.
pub fn float(number: f64) -> Option<Value> {
    /// Beyond this a float no longer holds every whole number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        return Some(Value::from(number as i64));
    }
    Number::from_f64(number).map(Value::Number)
}

fn number(text: &str) -> Option<Option<Value>> {
    let digits = text.replace('_', "");
    if let Some(whole) = integer(&digits) {
        return Some(Some(whole));
    }
    if !is_float(&digits) {
        return None;
    }
    match digits.parse::<f64>() {
        Ok(number) if number.is_finite() => Some(float(number)),
        _ => None,
    }
}

/// A whole number with an optional sign and one of the prefixes `0x`, `0b`, `0o` and `0`.
fn integer(digits: &str) -> Option<Value> {
    let (negative, magnitude) = match digits.as_bytes().first()? {
        b'-' => (true, digits.get(1..)?),
        b'+' => (false, digits.get(1..)?),
        _ => (false, digits),
    };
    let lower = magnitude.to_ascii_lowercase();
    let (radix, body) = if let Some(body) = lower.strip_prefix("0x") {
        (16, body)
    } else if let Some(body) = lower.strip_prefix("0b") {
        (2, body)
    } else if let Some(body) = lower.strip_prefix("0o") {
        (8, body)
    } else if lower.len() > 1 && lower.starts_with('0') {
        (8, lower.get(1..)?)
    } else {
        (10, lower.as_str())
    };
    if !body.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let magnitude = u64::from_str_radix(body, radix).ok()?;
    if !negative {
        return Some(Value::from(magnitude));
    }
    i64::try_from(-i128::from(magnitude)).ok().map(Value::from)
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = !whole.is_empty() || !fraction.is_empty();
    let exponent = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    some && digits(whole) && digits(fraction) && exponent
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_and_booleans_of_yaml_1_1() {
        let cases = [
            ("012", json!(10)),
            ("-012", json!(-10)),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("0b11", json!(3)),
            ("1_000", json!(1000)),
            ("08", json!(8)),
            ("1e3", json!(1000)),
            ("12e03", json!(12000)),
            (".5", json!(0.5)),
            ("1.", json!(1)),
            ("+1", json!(1)),
            ("1.20", json!(1.2)),
            ("y", json!(true)),
            ("Off", json!(false)),
            ("~", Value::Null),
            ("18446744073709551615", json!(18446744073709551615u64)),
            ("-9223372036854775808", json!(i64::MIN)),
        ];
        for (text, value) in cases {
            assert_eq!(plain(text), Some(value), "{text}");
        }
    }

    #[test]
    fn text_that_only_looks_like_a_number_stays_text() {
        for text in [
            "1e",
            "1:30",
            "12:30:45",
            "2024-01-01",
            "v1.2",
            "=",
            "-",
            "+",
            ".",
            "0x",
            "1.2.3",
            "1-2",
            "--1",
            "_1",
            "0b2x",
            "1e400",
            "10Gi",
        ] {
            assert_eq!(plain(text), Some(Value::String(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn infinities_have_no_value() {
        assert_eq!((plain(".inf"), plain("-.INF"), plain(".NaN")), (None, None, None));
    }
}
