//! Scalars of the kind `postgres`.

use std::fmt;

use crate::language::value::{Invalid, Scalar};

macro_rules! text {
    ($(#[doc = $doc:literal])* $name:ident) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub(super) String);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text! {
    /// A full version of PostgreSQL.
    Version
}
text! {
    /// The name of a database or role that needs no quotes.
    Identifier
}
text! {
    /// The name of a setting of `postgresql.conf`.
    Parameter
}
text! {
    /// How long backups are kept, as Barman has it.
    Retention
}
text! {
    /// A folder of a bucket.
    Bucket
}

impl Version {
    /// The major version.
    pub fn major(&self) -> &str {
        self.0.split('.').next().unwrap_or_default()
    }
}

impl Scalar for Version {
    const NAME: &'static str = "a version of PostgreSQL";
    const PATTERN: Option<&'static str> = Some(r"^[1-9][0-9]\.[0-9]+$");
    const EXAMPLES: &'static [&'static str] = &["18.1", "17.7"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()) && !part.is_empty();
        match text.split_once('.') {
            Some((major, minor)) if number(major) && number(minor) && major.len() == 2 && minor.len() < 4 => {
                Ok(Self(text.to_owned()))
            }
            None if number(text) => Err(Invalid::new(format!("`{text}` has no minor version")).help(
                format!("pin it, such as `{text}.1`: an image without one changes under a running database"),
            )),
            _ => Err(Invalid::new(format!("`{text}` is not a version of PostgreSQL")).help("write `18.1`")),
        }
    }
}

impl Scalar for Identifier {
    const NAME: &'static str = "the name of a database or role";
    const PATTERN: Option<&'static str> = Some("^[a-z_][a-z0-9_]*$");
    const EXAMPLES: &'static [&'static str] = &["app", "misago"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = text.len() <= 63
            && !text.starts_with(|first: char| first.is_ascii_digit())
            && !text.is_empty()
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        if !valid {
            return Err(Invalid::new(format!("`{text}` is not a name that PostgreSQL takes without quotes"))
                .help("use lower-case letters, digits and `_`, at most 63, not beginning with a digit"));
        }
        if text.starts_with("pg_") || text == "postgres" {
            return Err(Invalid::new(format!("`{text}` is a name that PostgreSQL keeps for itself")));
        }
        Ok(Self(text.to_owned()))
    }
}

impl Identifier {
    /// The identifier most like the name of a component.
    pub fn of(component: &str) -> String {
        let name = component.replace('-', "_");
        match Self::parse(&name) {
            Ok(name) => name.0,
            Err(_) => "app".to_owned(),
        }
    }
}

impl Scalar for Parameter {
    const NAME: &'static str = "the name of a setting";
    const PATTERN: Option<&'static str> = Some("^[A-Za-z_][A-Za-z0-9_.]*$");
    const EXAMPLES: &'static [&'static str] = &["max_connections", "pg_stat_statements.max"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let valid = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.');
        if valid {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new(format!("`{text}` is not the name of a setting"))
            .help("write it as in `postgresql.conf`"))
    }
}

impl Scalar for Retention {
    const NAME: &'static str = "how long backups are kept";
    const PATTERN: Option<&'static str> = Some("^[1-9][0-9]*[dwm]$");
    const EXAMPLES: &'static [&'static str] = &["30d", "4w", "6m"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let number = text.strip_suffix(['d', 'w', 'm']).unwrap_or_default();
        let valid = !number.is_empty()
            && number.len() < 5
            && !number.starts_with('0')
            && number.bytes().all(|byte| byte.is_ascii_digit());
        if valid {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::new(format!("`{text}` is not how long backups are kept"))
            .help("write a number with `d` for days, `w` for weeks or `m` for months, such as `30d`"))
    }
}

impl Bucket {
    /// Who keeps the bucket.
    pub fn provider(&self) -> Provider {
        match self.0.split_once("://") {
            Some(("gs", _)) => Provider::Google,
            Some(("https", _)) => Provider::Azure,
            _ => Provider::S3,
        }
    }
}

/// Who keeps a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Amazon S3, or anything that speaks like it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

impl Scalar for Bucket {
    const NAME: &'static str = "a folder of a bucket";
    const PATTERN: Option<&'static str> = Some(r"^(s3|gs|https)://[^\s]+$");
    const EXAMPLES: &'static [&'static str] =
        &["s3://backups/misago", "gs://backups", "https://account.blob.core.windows.net/backups"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        match text.split_once("://") {
            Some(("s3" | "gs" | "https", rest))
                if !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(Invalid::new(format!("`{text}` is not a folder of a bucket"))
                .help("write `s3://bucket/folder`, `gs://bucket/folder`, or the `https://` address of an Azure container")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_its_minor_part() {
        assert!(Version::parse("18.1").is_ok() && Version::parse("9.6").is_err());
        assert_eq!(Version::parse("18").unwrap_err().message, "`18` has no minor version");
    }

    #[test]
    fn names_that_postgres_would_quote_or_keep_are_refused() {
        for name in ["", "1a", "A", "a-b", "pg_x", "postgres", "select name"] {
            assert!(Identifier::parse(name).is_err(), "{name}");
        }
        assert_eq!(
            (Identifier::of("my-db"), Identifier::of("postgres")),
            ("my_db".to_owned(), "app".to_owned())
        );
    }

    #[test]
    fn retention_and_buckets_are_checked() {
        assert!(
            Retention::parse("30d").is_ok()
                && Retention::parse("30").is_err()
                && Retention::parse("0d").is_err()
        );
        assert_eq!(Bucket::parse("gs://b").unwrap().provider(), Provider::Google);
        assert!(Bucket::parse("backups").is_err() && Bucket::parse("s3:///x").is_err());
    }
}
