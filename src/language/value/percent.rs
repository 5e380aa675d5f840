//! A share of a whole.

use std::fmt;

use super::{Invalid, Scalar, quoted};

/// A percentage from 0 to 100 with at most three decimals: `80%`, `99.9%`. The sign may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent {
    thousandths: u32,
}

impl Scalar for Percent {
    const NAME: &'static str = "a percentage";
    const PATTERN: Option<&'static str> = Some("^0*(100(\\.0{1,3})?|[0-9]{1,2}(\\.[0-9]{1,3})?)%?$");
    const EXAMPLES: &'static [&'static str] = &["80%", "99.9%"];
    const NUMERIC: bool = true;

    fn parse(text: &str) -> Result<Self, Invalid> {
        let number = text.strip_suffix('%').unwrap_or(text);
        let (whole, fraction) = match number.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (number, None),
        };
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
        if !digits(whole) || !fraction.is_none_or(digits) {
            return Err(Invalid::new(format!("{} is not a percentage", quoted(text)))
                .help("write a number from 0 to 100 with `%`, such as `80%`"));
        }
        let fraction = fraction.unwrap_or_default();
        if fraction.len() > 3 {
            return Err(Invalid::new(format!("{} has more than three decimals", quoted(text)))
                .help("round it, as in `99.999%`")
                .at(whole.len() + 4..number.len()));
        }
        // The padded fraction has three digits; a whole part too long to parse is beyond 100 as well.
        let thousandths =
            whole.parse::<u32>().ok().and_then(|whole| whole.checked_mul(1000)).and_then(|whole| {
                format!("{fraction:0<3}").parse::<u32>().ok().and_then(|part| whole.checked_add(part))
            });
        match thousandths {
            Some(thousandths) if thousandths <= 100_000 => Ok(Self { thousandths }),
            _ => Err(Invalid::new(format!("{} is more than `100%`", quoted(text)))),
        }
    }
}

impl Percent {
    /// In thousandths of a percent: `99.9%` is 99900.
    pub fn thousandths(self) -> u32 {
        self.thousandths
    }

    /// In percent, when it is a whole number of them.
    pub fn whole(self) -> Option<u32> {
        self.thousandths.is_multiple_of(1000).then_some(self.thousandths / 1000)
    }

    /// The exact share of one, in decimal: `99.9%` is `0.999`.
    pub fn ratio(self) -> String {
        decimal(self.thousandths, 100_000)
    }

    /// What is missing to the whole: `99.9%` leaves `0.1%`.
    pub fn complement(self) -> Self {
        Self { thousandths: 100_000_u32.saturating_sub(self.thousandths) }
    }
}

/// `number` over a power of ten, without trailing zeros.
fn decimal(number: u32, unit: u32) -> String {
    let (whole, fraction) = (number / unit, number % unit);
    if fraction == 0 {
        return whole.to_string();
    }
    let width = unit.ilog10() as usize;
    format!("{whole}.{}", format!("{fraction:0width$}").trim_end_matches('0'))
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", decimal(self.thousandths, 1000))
    }
}

canonical!(Percent);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_exact() {
        for (text, canonical, ratio) in [
            ("80", "80%", "0.8"),
            ("99.90%", "99.9%", "0.999"),
            ("100.000%", "100%", "1"),
            ("0.001", "0.001%", "0.00001"),
        ] {
            let percent = Percent::parse(text).unwrap();
            assert_eq!((percent.to_string().as_str(), percent.ratio().as_str()), (canonical, ratio));
        }
        assert_eq!(Percent::parse("99.9").unwrap().complement().to_string(), "0.1%");
        for bad in ["", "%", "101%", "100.1", "-1", "1.2345", "1.", ".5", "99999999999", "8 %", "half"] {
            assert!(Percent::parse(bad).is_err(), "{bad}");
        }
    }
}
