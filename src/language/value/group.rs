//! A group of the organization's directory.

use super::{Invalid, Scalar, first_outside, quoted};

text! {
    /// The name or id of a directory group, as the identity provider puts it into tokens.
    Group
}

impl Scalar for Group {
    const NAME: &'static str = "a directory group";
    const PATTERN: Option<&'static str> = Some("^[^\\n\\r\\t]+$");
    const EXAMPLES: &'static [&'static str] = &["platform-admins", "8f1c2d3e-0000-4a5b-9c6d-7e8f90a1b2c3"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.trim().is_empty() {
            return Err(Invalid::new("a directory group must not be empty").help("write its name or id"));
        }
        if let Some((_, at)) = first_outside(text, |c| !c.is_control()) {
            return Err(Invalid::new(format!("{} has a control character", quoted(text)))
                .help("remove it")
                .at(at));
        }
        if text.trim() != text {
            return Err(Invalid::new(format!("{} has white space at an end", quoted(text)))
                .help(format!("write {}", quoted(text.trim()))));
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_any_text_without_surprises() {
        assert_eq!(Group::parse("Team A/ops").unwrap().as_str(), "Team A/ops");
        for bad in ["", " ", " a", "a\n", "a\u{7}b"] {
            assert!(Group::parse(bad).is_err(), "{bad:?}");
        }
    }
}
