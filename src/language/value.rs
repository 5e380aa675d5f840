//! The scalars of the language: what a string in a definition may be read into.
//!
//! Every type is a newtype that can only hold a valid value and whose `Display` is its canonical form, the one
//! Kubernetes would store. Reading a canonical form again gives an equal value. Nothing here knows files, spans
//! or any other part of kiln, and every `parse` takes time linear in its text.

use std::ops::Range;

/// Why a text is not a value of its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// A lower-case phrase that says what is wrong, names in backticks, without a full stop.
    pub message: String,
    /// The way out, with the nearest valid form where there is one.
    pub help: Option<String>,
    /// The byte range inside the text that is to blame, when it is only a part of it.
    pub at: Option<Range<usize>>,
}

impl Invalid {
    /// A problem with the whole text.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, at: None }
    }

    /// Adds the way out.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the way out when there is one.
    pub(crate) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Narrows the blame to a byte range inside the text.
    pub fn at(mut self, range: Range<usize>) -> Self {
        self.at = Some(range);
        self
    }

    /// The same problem seen from a text in which this one begins at byte `by`.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        self.at = self.at.map(|range| range.start + by..range.end + by);
        self
    }
}

impl std::fmt::Display for Invalid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Invalid {}

/// A scalar of the language.
pub trait Scalar: Sized {
    /// What messages call it, with its article: "a quantity".
    const NAME: &'static str;
    /// A regular expression for editors, valid under ECMA-262. It accepts everything `parse` accepts, and may
    /// accept more.
    const PATTERN: Option<&'static str>;
    /// Valid values, the most typical first.
    const EXAMPLES: &'static [&'static str];
    /// Whether a bare TOML number may stand for the text.
    const NUMERIC: bool = false;
    /// Reads a value.
    ///
    /// # Errors
    /// [`Invalid`] says what is wrong with the text and how to mend it.
    fn parse(text: &str) -> Result<Self, Invalid>;
}

/// The text in backticks, for messages: control characters escaped, long texts cut.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown = String::from("`");
    for (index, c) in text.chars().enumerate() {
        if index == LONGEST {
            shown.push('…');
            break;
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown.push('`');
    shown
}

/// The first character of `text` that `valid` refuses, with its byte range.
pub(crate) fn first_outside(text: &str, valid: impl Fn(char) -> bool) -> Option<(char, Range<usize>)> {
    text.char_indices().find(|(_, c)| !valid(*c)).map(|(at, c)| (c, at..at + c.len_utf8()))
}

/// `FromStr` by `Scalar::parse`, and `Serialize` as the canonical string.
macro_rules! canonical {
    ($name:ident) => {
        from_str!($name);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
    };
}

/// `FromStr` by `Scalar::parse`.
macro_rules! from_str {
    ($name:ident) => {
        impl std::str::FromStr for $name {
            type Err = $crate::language::value::Invalid;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::language::value::Scalar>::parse(text)
            }
        }
    };
}

/// A newtype over a text that is its own canonical form.
macro_rules! text {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// A value that is fixed in kiln itself; a test reads every one of them.
            #[allow(dead_code, reason = "not every type has a value that is fixed in kiln")]
            pub(crate) fn constant(text: &'static str) -> Self {
                Self(text.to_owned())
            }

            /// The canonical text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }

        canonical!($name);
    };
}

/// An enumeration of words, each its own canonical form.
macro_rules! words {
    (
        $(#[$meta:meta])* $name:ident, $noun:literal {
            $($(#[$word_meta:meta])* $word:ident = $text:literal,)*
        }
        short: [$(($short:literal, $long:ident)),*]
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$word_meta])* $word,)*
        }

        impl $name {
            /// Every one of them.
            pub const ALL: &'static [Self] = &[$(Self::$word,)*];

            /// The word, as Kubernetes spells it.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$word => $text,)*
                }
            }
        }

        impl Scalar for $name {
            const NAME: &'static str = $noun;
            const PATTERN: Option<&'static str> = None;
            const EXAMPLES: &'static [&'static str] = &[$($text,)*];

            fn parse(text: &str) -> Result<Self, Invalid> {
                let short: &[(&str, Self)] = &[$(($short, Self::$long),)*];
                if let Some(word) = Self::ALL.iter().find(|word| word.as_str() == text) {
                    return Ok(*word);
                }
                let near = Self::ALL.iter().copied().find(|word| word.as_str().eq_ignore_ascii_case(text.trim()));
                let near = near.or_else(|| short.iter().find(|(short, _)| *short == text).map(|(_, word)| *word));
                let help = near.map_or_else(
                    || {
                        let words: Vec<String> = Self::EXAMPLES.iter().map(|word| format!("`{word}`")).collect();
                        format!("write one of {}", words.join(", "))
                    },
                    |near| format!("write `{near}`"),
                );
                Err(Invalid::new(format!("{} is not {}", quoted(text), Self::NAME)).help(help))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        canonical!($name);
    };
}

mod access_mode;
mod capability;
mod chart_version;
mod cidr;
mod config_key;
mod cron_schedule;
mod digest;
mod dns_label;
mod dns_subdomain;
mod duration;
mod env_name;
mod file_mode;
mod free_label_key;
mod git_revision;
mod git_url;
mod group;
mod hostname;
mod http_path;
mod image_reference;
mod int_or_percent;
mod kubernetes_version;
mod label_key;
mod label_value;
mod name;
mod path;
mod percent;
mod port;
mod port_name;
#[cfg(test)]
mod properties;
mod protocol;
mod quantity;
mod relative_path;
mod selector;
mod storage_class;
mod time_zone;
mod url;
mod version;

pub use access_mode::AccessMode;
pub use capability::{Capability, CapabilityKind};
pub use chart_version::ChartVersion;
pub use cidr::Cidr;
pub use config_key::ConfigKey;
pub use cron_schedule::CronSchedule;
pub use digest::Digest;
pub use dns_label::DnsLabel;
pub use dns_subdomain::DnsSubdomain;
pub use duration::Duration;
pub use env_name::EnvName;
pub use file_mode::FileMode;
pub use free_label_key::FreeLabelKey;
pub use git_revision::{GitRevision, GitTarget};
pub use git_url::GitUrl;
pub use group::Group;
pub use hostname::{HostPattern, Hostname};
pub use http_path::HttpPath;
pub use image_reference::ImageReference;
pub use int_or_percent::IntOrPercent;
pub use kubernetes_version::KubernetesVersion;
pub use label_key::LabelKey;
pub use label_value::LabelValue;
pub use name::Name;
pub use path::Path;
pub use percent::Percent;
pub use port::Port;
pub use port_name::PortName;
pub use protocol::Protocol;
pub use quantity::{Format as QuantityFormat, Quantity};
pub use relative_path::RelativePath;
pub use selector::{Operator, Requirement, Selector};
pub use storage_class::StorageClass;
pub use time_zone::TimeZone;
pub use url::Url;
pub use version::{Version, VersionRequirement};
