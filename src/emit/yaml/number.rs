//! Numbers in the form every reader takes for a number.

use std::fmt::Write;

use super::error::Error;

/// Beyond this magnitude a float no longer holds every integer, so it is written with an exponent.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Appends an integer.
pub fn integer(value: impl std::fmt::Display, out: &mut String) -> Result<(), Error> {
    write!(out, "{value}").map_err(|error| Error::Custom(error.to_string()))
}

/// Appends a float: an integral one as the integer the API server stores, others in their shortest form.
pub fn float<F: Into<f64> + Copy + std::fmt::Display + std::fmt::LowerExp>(
    value: F,
    out: &mut String,
) -> Result<(), Error> {
    let wide: f64 = value.into();
    if !wide.is_finite() {
        return Err(Error::NotFinite);
    }
    let size = wide.abs();
    if wide == 0.0 {
        out.push('0');
        Ok(())
    } else if (1e-5..=EXACT).contains(&size) {
        // Display writes an integral float without a point and never with an exponent.
        integer(value, out)
    } else {
        exponent(format_args!("{value:e}"), out)
    }
}

/// YAML 1.1 takes `1e20` for a string: it wants a point in the mantissa and a sign in the exponent.
fn exponent(shortest: std::fmt::Arguments<'_>, out: &mut String) -> Result<(), Error> {
    let text = shortest.to_string();
    let (mantissa, power) = text.split_once('e').unwrap_or((&text, "0"));
    out.push_str(mantissa);
    if !mantissa.contains('.') {
        out.push_str(".0");
    }
    out.push('e');
    if !power.starts_with('-') {
        out.push('+');
    }
    out.push_str(power);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, expect: &str) {
        let mut out = String::new();
        float(value, &mut out).unwrap();
        assert_eq!(out, expect);
        assert_eq!(out.parse::<f64>().unwrap(), value);
    }

    #[test]
    fn floats_are_numbers_under_every_reader() {
        check(1.0, "1");
        check(-0.0, "0");
        check(-2.5, "-2.5");
        check(0.1, "0.1");
        check(0.00001, "0.00001");
        check(1e-7, "1.0e-7");
        check(1.5e-9, "1.5e-9");
        check(9_007_199_254_740_992.0, "9007199254740992");
        check(1e16, "1.0e+16");
        check(-1.25e300, "-1.25e+300");
        check(5e-324, "5.0e-324");
    }

    #[test]
    fn single_precision_keeps_its_shortest_form() {
        let mut out = String::new();
        float(0.1f32, &mut out).unwrap();
        assert_eq!(out, "0.1");
    }

    #[test]
    fn infinities_and_nan_are_refused() {
        for value in [f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert_eq!(float(value, &mut String::new()), Err(Error::NotFinite));
        }
    }
}
