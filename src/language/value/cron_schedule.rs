//! When a CronJob runs.

use super::{Duration, Invalid, Scalar, quoted};

text! {
    /// A cron schedule: five fields (minute, hour, day of month, month, day of week), or a macro such as `@daily`.
    ///
    /// The grammar is that of the standard parser of `github.com/robfig/cron/v3`, which Kubernetes uses; stricter
    /// where it forgives: empty list items, a `*` in a range, and days that never come. The canonical form has one
    /// space between fields.
    CronSchedule
}

struct Field {
    name: &'static str,
    min: u32,
    max: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", min: 0, max: 59, names: &[] },
    Field { name: "hour", min: 0, max: 23, names: &[] },
    Field { name: "day of month", min: 1, max: 31, names: &[] },
    Field {
        name: "month",
        min: 1,
        max: 12,
        names: &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    },
    Field { name: "day of week", min: 0, max: 6, names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

const MACROS: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// The most days a month can have, January first.
const DAYS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const EVERY: &str = "@every";

impl Scalar for CronSchedule {
    const NAME: &'static str = "a cron schedule";
    const PATTERN: Option<&'static str> = Some(
        "^\\s*(@(yearly|annually|monthly|weekly|daily|midnight|hourly|every\\s+\\S+)|[^\\s@]+(\\s+\\S+){4})\\s*$",
    );
    const EXAMPLES: &'static [&'static str] = &["0 2 * * *", "*/15 8-18 * * mon-fri", "@daily"];

    fn parse(text: &str) -> Result<Self, Invalid> {
        let shown = quoted(text);
        let fields: Vec<(usize, &str)> = fields(text);
        let canonical = || fields.iter().map(|(_, field)| *field).collect::<Vec<_>>().join(" ");
        let Some((start, first)) = fields.first().copied() else {
            return Err(Invalid::new("a cron schedule must not be empty")
                .help("write minute, hour, day of month, month and day of week, such as `0 2 * * *`"));
        };
        if first.starts_with("TZ=") || first.starts_with("CRON_TZ=") {
            return Err(Invalid::new(format!(
                "{shown} sets a time zone, which Kubernetes refuses in a schedule"
            ))
            .help("remove it and write the zone in `time-zone`")
            .at(start..start + first.len()));
        }
        if first.starts_with('@') {
            check_macro(&fields, &shown)?;
            return Ok(Self(canonical()));
        }
        if fields.len() != FIELDS.len() {
            let help = match fields.len() {
                6 => "leave out the seconds: minute, hour, day of month, month, day of week",
                _ => "write minute, hour, day of month, month and day of week, such as `0 2 * * *`",
            };
            return Err(Invalid::new(format!("{shown} has {} fields; a cron schedule has 5", fields.len()))
                .help(help));
        }
        let mut sets = [0_u64; 5];
        for ((set, field), (start, written)) in sets.iter_mut().zip(&FIELDS).zip(&fields) {
            *set = field.read(written, *start)?;
        }
        let [_, _, days, months, weekdays] = sets;
        let any_weekday = weekdays & STAR != 0;
        let comes = DAYS
            .iter()
            .zip(1..)
            .any(|(last, month)| months & (1 << month) != 0 && (1..=*last).any(|day| days & (1 << day) != 0));
        if any_weekday && !comes {
            return Err(Invalid::new(format!("{shown} never runs: no month it names has such a day"))
                .help("choose a day that one of its months has"));
        }
        Ok(Self(canonical()))
    }
}

/// Marks a field that does not restrict, whatever its step.
const STAR: u64 = 1 << 63;

/// The words of `text` with their byte offsets.
fn fields(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let mut fields = Vec::new();
    for word in text.split(|c: char| c.is_ascii_whitespace()) {
        if !word.is_empty() {
            fields.push((start, word));
        }
        start += word.len() + 1;
    }
    fields
}

fn check_macro(fields: &[(usize, &str)], shown: &str) -> Result<(), Invalid> {
    match fields {
        [(_, name)] if MACROS.iter().any(|(known, _)| known == name) => Ok(()),
        [(_, name), (start, length)] if *name == EVERY => {
            let duration = Duration::parse(length).map_err(|invalid| invalid.shifted(*start))?;
            if length.contains(['d', 'w']) {
                return Err(Invalid::new(format!("{shown} has a unit that cron does not know"))
                    .help(format!("write it in hours: `@every {duration}`"))
                    .at(*start..start + length.len()));
            }
            if duration.is_zero() {
                return Err(
                    Invalid::new(format!("{shown} has no time between its runs")).at(*start..start + 1)
                );
            }
            Ok(())
        }
        _ => {
            let names: Vec<String> = MACROS.iter().map(|(name, _)| format!("`{name}`")).collect();
            Err(Invalid::new(format!("{shown} is not a macro of cron"))
                .help(format!("the macros are {} and `@every <duration>`", names.join(", "))))
        }
    }
}

impl Field {
    /// The numbers that `written`, at byte `start`, stands for, as bits.
    fn read(&self, written: &str, start: usize) -> Result<u64, Invalid> {
        let mut set = 0;
        let mut at = start;
        for item in written.split(',') {
            set |= self.item(item).map_err(|problem| {
                let whole = if item == written { String::new() } else { format!(" of {}", quoted(written)) };
                Invalid::new(format!("{}{whole} cannot be the {}: {problem}", quoted(item), self.name))
                    .help(self.form())
                    .at(at..at + item.len())
            })?;
            at += item.len() + 1;
        }
        Ok(set)
    }

    fn item(&self, item: &str) -> Result<u64, String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        let (low, high, star) = if matches!(range, "*" | "?") {
            (self.min, self.max, STAR)
        } else if let Some((low, high)) = range.split_once('-') {
            (self.number(low)?, self.number(high)?, 0)
        } else {
            let number = self.number(range)?;
            (number, if step.is_some() { self.max } else { number }, 0)
        };
        if low > high {
            return Err(format!("{} comes after {}", quoted(&low.to_string()), quoted(&high.to_string())));
        }
        let step = match step.map(whole_number) {
            None => 1,
            Some(None) => return Err("its step is not a number".into()),
            Some(Some(0)) => return Err("its step is zero".into()),
            Some(Some(step)) => step,
        };
        let bits = (low..=high).step_by(step as usize).fold(0_u64, |bits, number| bits | 1 << number);
        // As in robfig/cron, a step above one restricts the field.
        Ok(bits | if step > 1 { 0 } else { star })
    }

    fn number(&self, text: &str) -> Result<u32, String> {
        let number = match whole_number(text) {
            Some(number) => number,
            None => {
                let named =
                    self.names.iter().zip(self.min..).find(|(name, _)| text.eq_ignore_ascii_case(name));
                named.map(|(_, number)| number).ok_or_else(|| {
                    if text.is_empty() {
                        "a number is missing".into()
                    } else {
                        format!("{} is not a number", quoted(text))
                    }
                })?
            }
        };
        if number < self.min || number > self.max {
            let sunday = if self.max == 6 && number == 7 { "; Sunday is `0`" } else { "" };
            return Err(format!("it goes from {} to {}{sunday}", self.min, self.max));
        }
        Ok(number)
    }

    fn form(&self) -> String {
        let names = match (self.names.first(), self.names.last()) {
            (Some(first), Some(last)) => format!(" or a name from `{first}` to `{last}`"),
            _ => String::new(),
        };
        format!(
            "write `*`, a number from {} to {}{names}, a range `a-b`, a step `*/n` or a list",
            self.min, self.max
        )
    }
}

/// A number of digits only.
fn whole_number(text: &str) -> Option<u32> {
    text.bytes().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

impl CronSchedule {
    /// The five fields, with a macro replaced by what it means; none for `@every`.
    pub fn five_field(&self) -> Option<&str> {
        match MACROS.iter().find(|(name, _)| *name == self.0) {
            Some((_, fields)) => Some(fields),
            None if self.0.starts_with(EVERY) => None,
            None => Some(&self.0),
        }
    }

    /// With seconds before the five fields, as CloudNativePG reads schedules; `@every` stays as it is.
    pub fn six_field(&self) -> String {
        self.five_field().map_or_else(|| self.0.clone(), |fields| format!("0 {fields}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schedules_are_those_of_kubernetes() {
        for (text, canonical, six) in [
            ("0 2 * * *", "0 2 * * *", "0 0 2 * * *"),
            (" */15  8-18\t* * MON-fri ", "*/15 8-18 * * MON-fri", "0 */15 8-18 * * MON-fri"),
            ("0 0 ? jan,Dec 0/2", "0 0 ? jan,Dec 0/2", "0 0 0 ? jan,Dec 0/2"),
            ("@daily", "@daily", "0 0 0 * * *"),
            ("@every 1h30m", "@every 1h30m", "@every 1h30m"),
            ("0 0 29 2 *", "0 0 29 2 *", "0 0 0 29 2 *"),
            ("0 0 31 2 mon", "0 0 31 2 mon", "0 0 0 31 2 mon"),
        ] {
            let schedule = CronSchedule::parse(text).unwrap();
            assert_eq!((schedule.as_str(), schedule.six_field().as_str()), (canonical, six));
        }
    }

    #[test]
    fn what_kubernetes_refuses_or_never_runs_is_refused() {
        for (text, message) in [
            ("", "a cron schedule must not be empty"),
            ("* * * *", "`* * * *` has 4 fields; a cron schedule has 5"),
            ("60 * * * *", "`60` cannot be the minute: it goes from 0 to 59"),
            ("0 0 * * 7", "`7` cannot be the day of week: it goes from 0 to 6; Sunday is `0`"),
            ("0 5-2 * * *", "`5-2` cannot be the hour: `5` comes after `2`"),
            ("*/0 * * * *", "`*/0` cannot be the minute: its step is zero"),
            ("1,,2 * * * *", "`` of `1,,2` cannot be the minute: a number is missing"),
            ("0 0 30 feb *", "`0 0 30 feb *` never runs: no month it names has such a day"),
            (
                "TZ=UTC 0 0 * * *",
                "`TZ=UTC 0 0 * * *` sets a time zone, which Kubernetes refuses in a schedule",
            ),
            ("@reboot", "`@reboot` is not a macro of cron"),
            ("@every 1d", "`@every 1d` has a unit that cron does not know"),
            ("* * * foo *", "`foo` cannot be the month: `foo` is not a number"),
        ] {
            assert_eq!(CronSchedule::parse(text).unwrap_err().message, message);
        }
        assert_eq!(CronSchedule::parse("0 0,99 * * *").unwrap_err().at, Some(4..6));
    }
}
