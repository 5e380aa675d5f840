//! A length of time.

use std::fmt;

use super::{Invalid, Scalar, quoted};

/// A length of time: not negative, at most 2⁶³−1 nanoseconds (about 292 years), exact to the nanosecond.
///
/// Written as Go and Prometheus do: numbers with the units `ns`, `us` (`µs`), `ms`, `s`, `m`, `h`, `d` (24 h) and
/// `w` (7 d), largest first or not, such as `1h30m`, `1.5h`, `7d`; `0` needs no unit. The canonical form is what
/// Go's `time.Duration` prints and Kubernetes stores: `1h30m0s`, `250ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

/// Units by name, in nanoseconds.
const UNITS: &[(&str, i64)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", MILLISECOND),
    ("s", SECOND),
    ("m", 60 * SECOND),
    ("h", HOUR),
    ("d", 24 * HOUR),
    ("w", 7 * 24 * HOUR),
];
const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const HOUR: i64 = 3_600 * SECOND;

impl Scalar for Duration {
    const NAME: &'static str = "a duration";
    const PATTERN: Option<&'static str> =
        Some("^\\+?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h|d|w))+)$");
    const EXAMPLES: &'static [&'static str] = &["30s", "1h30m", "7d"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        if text.is_empty() {
            return Err(Invalid::new("a duration must not be empty").help(FORM));
        }
        if text.starts_with('-') {
            return Err(Invalid::new(format!("{shown} is negative; a duration is not")).at(0..1));
        }
        let mut at = usize::from(text.starts_with('+'));
        let mut rest = text.get(at..).unwrap_or_default();
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(Invalid::new(format!("{shown} has no number")).help(FORM));
        }
        let mut total: i64 = 0;
        while !rest.is_empty() {
            let number_end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            let (number, tail) = rest.split_at(number_end);
            let unit_end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
            let (unit, next) = tail.split_at(unit_end);
            let digits = number.bytes().filter(u8::is_ascii_digit).count();
            if digits == 0 || number.len() - digits > 1 {
                let end = at + number.len().max(1).min(rest.len());
                return Err(Invalid::new(format!(
                    "{shown} is not a duration: a number is missing or malformed"
                ))
                .help(FORM)
                .maybe_at(text, at..end));
            }
            let unit_at = at + number_end..at + number_end + unit_end;
            if unit.is_empty() {
                return Err(Invalid::new(format!("{shown} has no unit after {}", quoted(number)))
                    .help(format!(
                        "write `{number}s` for seconds, `{number}m` for minutes or `{number}h` for hours"
                    ))
                    .at(at..at + number_end));
            }
            let Some((_, size)) = UNITS.iter().find(|(name, _)| *name == unit) else {
                return Err(unknown_unit(&shown, number, unit).at(unit_at));
            };
            let too_long = || {
                Invalid::new(format!("{shown} is longer than a duration can be"))
                    .help("the longest is about 292 years, `15250w`")
            };
            let part = nanos_of(number, *size).ok_or_else(too_long)?;
            total = total.checked_add(part).ok_or_else(too_long)?;
            at = unit_at.end;
            rest = next;
        }
        Ok(Self(total))
    }
}

const FORM: &str = "write numbers with units, such as `30s`, `5m`, `1h30m` or `7d`";

impl Invalid {
    /// Blames `range` when it falls on character boundaries of `text`, and everything otherwise.
    fn maybe_at(self, text: &str, range: std::ops::Range<usize>) -> Self {
        if text.get(range.clone()).is_some() { self.at(range) } else { self }
    }
}

fn unknown_unit(shown: &str, number: &str, unit: &str) -> Invalid {
    let near = match unit.trim().to_lowercase().as_str() {
        "sec" | "secs" | "second" | "seconds" | "s" => Some("s"),
        "min" | "mins" | "minute" | "minutes" | "m" => Some("m"),
        "hr" | "hrs" | "hour" | "hours" | "h" => Some("h"),
        "day" | "days" | "d" => Some("d"),
        "week" | "weeks" | "w" => Some("w"),
        "ms" | "msec" | "millis" | "milliseconds" => Some("ms"),
        _ => None,
    };
    let help = match near {
        Some(near) => format!("write `{number}{near}`"),
        None if matches!(unit, "y" | "year" | "years") => {
            "a year has no fixed length; write days, such as `365d`".into()
        }
        None if matches!(unit, "mo" | "month" | "months" | "M") => {
            "a month has no fixed length; write days, such as `30d`".into()
        }
        None => "the units are `ns`, `us`, `ms`, `s`, `m`, `h`, `d` and `w`".into(),
    };
    Invalid::new(format!("{shown} has an unknown unit {}", quoted(unit))).help(help)
}

/// `number` (digits with at most one point) times `size`, cut below a nanosecond as Go does; none if too large.
fn nanos_of(number: &str, size: i64) -> Option<i64> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let mut total: i64 = 0;
    for digit in whole.bytes() {
        total = total.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
    }
    total = total.checked_mul(size)?;
    // Horner's rule from the right keeps the exact floor of the fraction with bounded numbers.
    let mut part: i64 = 0;
    for digit in fraction.bytes().rev() {
        part = (i64::from(digit - b'0') * size + part) / 10;
    }
    total.checked_add(part)
}

impl Duration {
    /// The duration of so many whole seconds, if it is in range.
    pub fn from_seconds(seconds: u32) -> Self {
        Self(i64::from(seconds) * SECOND)
    }

    /// A duration that is fixed in kiln itself; nothing when the text is none.
    #[allow(dead_code, reason = "defaults are declared beside the fields that have them")]
    pub(crate) fn constant(text: &'static str) -> Self {
        Self::parse(text).unwrap_or(Self(0))
    }

    /// In nanoseconds.
    pub fn nanos(self) -> i128 {
        i128::from(self.0)
    }

    /// In seconds, when it is a whole number of them.
    pub fn seconds(self) -> Option<i64> {
        (self.0 % SECOND == 0).then_some(self.0 / SECOND)
    }

    /// In milliseconds, when it is a whole number of them.
    pub fn millis(self) -> Option<i64> {
        (self.0 % MILLISECOND == 0).then_some(self.0 / MILLISECOND)
    }

    /// Whether it is no time at all.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As Go's `time.Duration` prints it, the canonical form: `1h30m0s`.
    pub fn go(self) -> String {
        self.to_string()
    }

    /// As Prometheus and its operator read it: `1h30m`, `7d`. Prometheus counts milliseconds; a finer duration is
    /// rounded up to the next one.
    pub fn prometheus(self) -> String {
        if self.0 == 0 {
            return "0s".into();
        }
        let mut millis = self.0 / MILLISECOND + i64::from(self.0 % MILLISECOND != 0);
        let mut text = String::new();
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
            let count = millis / size;
            if count > 0 {
                text.push_str(&format!("{count}{unit}"));
                millis %= size;
            }
        }
        text
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = self.0;
        if nanos == 0 {
            return f.write_str("0s");
        }
        for (unit, size) in [("ns", 1), ("µs", 1_000), ("ms", MILLISECOND)] {
            if nanos < size * 1_000 {
                return write!(f, "{}{unit}", Decimal(nanos, size));
            }
        }
        let (hours, minutes) = (nanos / HOUR, nanos / (60 * SECOND) % 60);
        if hours > 0 {
            write!(f, "{hours}h")?;
        }
        if hours > 0 || minutes > 0 {
            write!(f, "{minutes}m")?;
        }
        write!(f, "{}s", Decimal(nanos % (60 * SECOND), SECOND))
    }
}

/// A number over a power of ten, without trailing zeros.
struct Decimal(i64, i64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / self.1)?;
        let fraction = self.0 % self.1;
        if fraction > 0 {
            let width = self.1.ilog10() as usize;
            write!(f, ".{}", format!("{fraction:0width$}").trim_end_matches('0'))?;
        }
        Ok(())
    }
}

canonical!(Duration);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canonical_form_is_that_of_go() {
        for (text, go, prometheus) in [
            ("90s", "1m30s", "1m30s"),
            ("1h", "1h0m0s", "1h"),
            ("1.5h", "1h30m0s", "1h30m"),
            ("250ms", "250ms", "250ms"),
            ("1500ms", "1.5s", "1s500ms"),
            ("7d", "168h0m0s", "7d"),
            ("2w", "336h0m0s", "14d"),
            ("0", "0s", "0s"),
            ("0h", "0s", "0s"),
            ("1us", "1µs", "1ms"),
            ("1.0001ms", "1.0001ms", "2ms"),
            ("100ns", "100ns", "1ms"),
            ("1m30s1h", "1h1m30s", "1h1m30s"),
            (".5s", "500ms", "500ms"),
            ("2562047h47m16.854775807s", "2562047h47m16.854775807s", "106751d23h47m16s855ms"),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!((duration.go().as_str(), duration.prometheus().as_str()), (go, prometheus), "{text}");
        }
        assert_eq!(Duration::parse("2m").unwrap().seconds(), Some(120));
        assert_eq!(Duration::parse("1500ms").unwrap().seconds(), None);
        assert_eq!(Duration::from_seconds(5).nanos(), 5_000_000_000);
    }

    #[test]
    fn what_is_wrong_comes_with_the_way_out() {
        for (text, message, help) in [
            (
                "30",
                "`30` has no unit after `30`",
                "write `30s` for seconds, `30m` for minutes or `30h` for hours",
            ),
            ("5min", "`5min` has an unknown unit `min`", "write `5m`"),
            ("5 s", "`5 s` has an unknown unit ` s`", "write `5s`"),
            ("1y", "`1y` has an unknown unit `y`", "a year has no fixed length; write days, such as `365d`"),
            ("s", "`s` is not a duration: a number is missing or malformed", FORM),
            ("1..5s", "`1..5s` is not a duration: a number is missing or malformed", FORM),
            (
                "20000w",
                "`20000w` is longer than a duration can be",
                "the longest is about 292 years, `15250w`",
            ),
        ] {
            let invalid = Duration::parse(text).unwrap_err();
            assert_eq!((invalid.message.as_str(), invalid.help.unwrap().as_str()), (message, help));
        }
        for bad in ["", "-1s", "+", "µ", "1h-5m"] {
            assert!(Duration::parse(bad).is_err(), "{bad}");
        }
    }
}
