//! An amount of a resource, with the rules of Kubernetes' `resource.Quantity`.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use super::{Invalid, Scalar, quoted};

/// A Kubernetes quantity: a number with a sign and one of the suffixes `n u m k M G T P E`, `Ki Mi Gi Ti Pi Ei`
/// or a decimal exponent (`e3`).
///
/// The rules are those of `k8s.io/apimachinery/pkg/api/resource`: exact to the billionth, finer amounts rounded
/// away from zero, amounts with a binary suffix capped at 2⁶³−1. The canonical form is what Kubernetes stores:
/// `1000m` is `1`, `0.1` is `100m`, `3072Mi` is `3Gi`. Two quantities are equal when their amounts are: `1Ki` and
/// `1024`. Stricter than Kubernetes in one place: a number needs a digit, so `Gi` and `.` are refused.
#[derive(Clone, Copy, Debug)]
pub struct Quantity {
    nanos: i128,
    format: Format,
}

/// The family of suffixes a quantity is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Powers of 1024: `Ki`, `Mi`…
    BinarySI,
    /// Powers of 1000: `m`, none, `k`, `M`…
    DecimalSI,
    /// Powers of ten: `e3`.
    DecimalExponent,
}

const DECIMAL: &[(&str, i32)] = &[
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("", 0),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
    ("E", 18),
];
const BINARY: &[(&str, u32)] = &[("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];
const NANO: i128 = 1_000_000_000;
const MILLI: i128 = 1_000_000;
const BINARY_CAP: i128 = i64::MAX as i128 * NANO;
/// From 1e21 on Kubernetes prints decimal quantities without a suffix, a thousandfold and more too small.
const DECIMAL_END: i128 = NANO * 1_000_000_000_000_000_000_000;

impl Scalar for Quantity {
    const NAME: &'static str = "a quantity";
    const PATTERN: Option<&'static str> =
        Some("^[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$");
    const EXAMPLES: &'static [&'static str] = &["250m", "1", "512Mi", "10Gi"];
    const NUMERIC: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let sign = usize::from(text.starts_with(['+', '-']));
        let body = text.get(sign..).unwrap_or_default();
        let end = body.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(body.len());
        let (number, suffix) = body.split_at(end);
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if let Some(second) = fraction.find('.') {
            let at = sign + whole.len() + 1 + second;
            return Err(
                Invalid::new(format!("{} has more than one decimal point", quoted(text))).at(at..at + 1)
            );
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(Invalid::new(format!("{} has no number", quoted(text)))
                .help("write a number with a suffix, such as `250m` or `512Mi`"));
        }
        let scale = Scale::read(suffix)
            .ok_or_else(|| unknown_suffix(text, number, suffix).at(sign + end..text.len()))?;
        let too_large = || {
            Invalid::new(format!("{} is larger than a quantity can be", quoted(text)))
                .help("the largest is just below `1000E`")
        };
        let (amount, format) = match scale {
            Scale::Binary(power) => {
                let amount = amount(whole, fraction, 1_i128 << power);
                (amount.map_or(BINARY_CAP, |amount| amount.min(BINARY_CAP)), Format::BinarySI)
            }
            Scale::Decimal(exponent, format) => {
                let (whole, fraction) = shifted(whole, fraction, exponent).ok_or_else(too_large)?;
                (amount(&whole, &fraction, 1).filter(|a| *a < DECIMAL_END).ok_or_else(too_large)?, format)
            }
        };
        // Apimachinery writes binary amounts below one with decimal suffixes.
        let format = if format == Format::BinarySI && amount < NANO { Format::DecimalSI } else { format };
        Ok(Self { nanos: if text.starts_with('-') { -amount } else { amount }, format })
    }
}

enum Scale {
    Binary(u32),
    Decimal(i64, Format),
}

impl Scale {
    fn read(suffix: &str) -> Option<Self> {
        if let Some((_, power)) = BINARY.iter().find(|(name, _)| *name == suffix) {
            return Some(Self::Binary(*power));
        }
        if let Some((_, exponent)) = DECIMAL.iter().find(|(name, _)| *name == suffix) {
            return Some(Self::Decimal(i64::from(*exponent), Format::DecimalSI));
        }
        let exponent = suffix.strip_prefix(['e', 'E'])?;
        let digits = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        if digits.is_empty() || !digits.bytes().all(|c| c.is_ascii_digit()) {
            return None;
        }
        // Anything beyond is out of range, or nothing but a rounded-up billionth, whatever its digits.
        let size = digits.bytes().fold(0_i64, |n, c| (n * 10 + i64::from(c - b'0')).min(1 << 40));
        Some(Self::Decimal(if exponent.starts_with('-') { -size } else { size }, Format::DecimalExponent))
    }
}

/// The digits with the decimal point moved `exponent` places to the right; none if far too large.
fn shifted(whole: &str, fraction: &str, exponent: i64) -> Option<(String, String)> {
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(("0".into(), String::new()));
    }
    let leading = digits.len() - significant.len();
    // Where the point falls, counted from the first significant digit.
    let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()? + exponent;
    match usize::try_from(point) {
        Err(_) => {
            let zeros = usize::try_from(point.unsigned_abs().min(40)).ok()?;
            Some(("0".into(), format!("{}{significant}", "0".repeat(zeros))))
        }
        Ok(point) if point > 40 => None,
        Ok(point) => match significant.split_at_checked(point) {
            Some((whole, fraction)) => Some((whole.into(), fraction.into())),
            None => Some((format!("{significant:0<point$}"), String::new())),
        },
    }
}

/// `whole.fraction` times `unit`, in billionths rounded up; none on overflow. `unit` is at most 2⁶⁰.
fn amount(whole: &str, fraction: &str, unit: i128) -> Option<i128> {
    let unit = unit * NANO;
    let mut total: i128 = 0;
    for digit in whole.bytes() {
        total = total.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    // Horner's rule from the right keeps the exact floor of the fraction with bounded numbers; `inexact` remembers
    // whether anything was cut.
    let (mut part, mut inexact) = (0_i128, false);
    for digit in fraction.bytes().rev() {
        let tenfold = i128::from(digit - b'0') * unit + part;
        part = tenfold / 10;
        inexact |= tenfold % 10 != 0;
    }
    total.checked_mul(unit)?.checked_add(part + i128::from(inexact))
}

fn unknown_suffix(text: &str, number: &str, suffix: &str) -> Invalid {
    let near = match suffix.trim() {
        "K" | "kB" | "KB" | "kb" | "Kb" => Some("k"),
        "ki" | "kib" | "KiB" | "Kib" | "kiB" => Some("Ki"),
        "mi" | "mib" | "MiB" | "Mib" | "miB" => Some("Mi"),
        "gi" | "gib" | "GiB" | "Gib" | "giB" => Some("Gi"),
        "ti" | "tib" | "TiB" | "Tib" | "tiB" => Some("Ti"),
        "MB" | "Mb" | "mb" => Some("M"),
        "g" | "GB" | "Gb" | "gb" => Some("G"),
        "t" | "TB" | "Tb" | "tb" => Some("T"),
        trimmed if Scale::read(trimmed).is_some() => Some(trimmed),
        _ => None,
    };
    let binary = near.filter(|near| matches!(*near, "k" | "M" | "G" | "T") && suffix.len() > 1).map(|near| {
        let prefix = near.to_ascii_uppercase();
        format!(", or `{number}{prefix}i` for powers of 1024")
    });
    let help = match near {
        Some(near) => format!("write `{number}{near}`{}", binary.unwrap_or_default()),
        None => {
            "the suffixes are `m`, `k`, `M`, `G`, `T`, `P`, `E` and `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei`".into()
        }
    };
    Invalid::new(format!("{} has an unknown suffix {}", quoted(text), quoted(suffix))).help(help)
}

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self { nanos: 0, format: Format::DecimalSI };

    /// The exact amount in billionths.
    pub fn nanos(self) -> i128 {
        self.nanos
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.nanos == 0
    }

    /// Whether it is below nothing, which no resource may be.
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }

    /// In thousandths, rounded up: CPU as the scheduler counts it.
    pub fn cpu_millis(self) -> i128 {
        ceiling(self.nanos, MILLI)
    }

    /// In whole units, rounded up: memory and storage as the scheduler counts them.
    pub fn bytes(self) -> i128 {
        ceiling(self.nanos, NANO)
    }

    /// Its family of suffixes.
    pub fn format(self) -> Format {
        self.format
    }

    /// The sum, in the suffixes of the first that is not zero; none beyond what a quantity can be.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let nanos = self.nanos.checked_add(other.nanos).filter(|sum| sum.abs() < DECIMAL_END)?;
        Some(Self { nanos, format: if self.is_zero() { other.format } else { self.format } })
    }

    /// The product with a count, such as replicas; none beyond what a quantity can be.
    pub fn checked_mul(self, count: u32) -> Option<Self> {
        let nanos =
            self.nanos.checked_mul(i128::from(count)).filter(|product| product.abs() < DECIMAL_END)?;
        Some(Self { nanos, ..self })
    }
}

/// The quotient rounded up.
fn ceiling(nanos: i128, unit: i128) -> i128 {
    nanos.div_euclid(unit) + i128::from(nanos.rem_euclid(unit) != 0)
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nanos == 0 {
            return f.write_str("0");
        }
        // Below 1024, or with a fraction, binary suffixes would lose something or confuse.
        let binary =
            self.format == Format::BinarySI && self.nanos.abs() >= 1024 * NANO && self.nanos % NANO == 0;
        if binary {
            let (mut number, mut power) = (self.nanos / NANO, 0);
            while number % 1024 == 0 && power < 60 {
                number /= 1024;
                power += 10;
            }
            let suffix = BINARY.iter().find(|(_, p)| *p == power).map_or("", |(name, _)| *name);
            return write!(f, "{number}{suffix}");
        }
        let (mut number, mut exponent) = (self.nanos, -9);
        while number % 1000 == 0 {
            number /= 1000;
            exponent += 3;
        }
        if self.format == Format::DecimalExponent {
            return if exponent == 0 { write!(f, "{number}") } else { write!(f, "{number}e{exponent}") };
        }
        let suffix = DECIMAL.iter().find(|(_, e)| *e == exponent).map_or("", |(name, _)| *name);
        write!(f, "{number}{suffix}")
    }
}

impl PartialEq for Quantity {
    fn eq(&self, other: &Self) -> bool {
        self.nanos == other.nanos
    }
}

impl Eq for Quantity {}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Quantity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.nanos.cmp(&other.nanos)
    }
}

impl Hash for Quantity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.nanos.hash(state);
    }
}

canonical!(Quantity);

#[cfg(test)]
mod tests {
    use super::*;

    fn canonical(text: &str) -> String {
        Quantity::parse(text).map_or_else(|_| "!".into(), |quantity| quantity.to_string())
    }

    #[test]
    fn canonical_forms_are_those_of_apimachinery() {
        let table = include_str!("../../../tests/data/quantities.tsv");
        let mut rows = 0;
        for row in table.lines().filter(|row| !row.starts_with('#')) {
            let (input, expected) = row.split_once('\t').unwrap();
            assert_eq!(canonical(input), expected, "{input}");
            rows += 1;
        }
        assert!(rows > 300);
    }

    #[test]
    fn numbers_without_digits_and_beyond_the_suffixes_are_refused() {
        for text in
            ["Gi", ".", "+", "-", "e3", "1e21", "1000E", "1e99999999999999999999", "1".repeat(9999).as_str()]
        {
            assert_eq!(canonical(text), "!", "{text}");
        }
        assert_eq!(canonical(&format!("0.{}1Gi", "0".repeat(9999))), "1n");
    }

    #[test]
    fn amounts_compare_and_convert_whatever_their_suffix() {
        let read = |text| Quantity::parse(text).unwrap();
        assert_eq!(read("1Ki"), read("1024"));
        assert!(read("999m") < read("1"));
        assert_eq!(read("250m").cpu_millis(), 250);
        assert_eq!(read("1.5Gi").bytes(), 1_610_612_736);
        assert_eq!(read("100u").cpu_millis(), 1);
        assert_eq!(read("512Mi").checked_mul(3).unwrap().to_string(), "1536Mi");
        assert_eq!(read("0").checked_add(read("512Mi")).unwrap().to_string(), "512Mi");
    }

    #[test]
    fn an_unknown_suffix_names_the_likely_one() {
        let invalid = Quantity::parse("3Gb").unwrap_err();
        assert_eq!(invalid.message, "`3Gb` has an unknown suffix `Gb`");
        assert_eq!(invalid.help.unwrap(), "write `3G`, or `3Gi` for powers of 1024");
        assert_eq!(invalid.at, Some(1..3));
        assert_eq!(Quantity::parse("2gi").unwrap_err().help.unwrap(), "write `2Gi`");
        assert_eq!(Quantity::parse("2 Gi").unwrap_err().help.unwrap(), "write `2Gi`");
    }
}
