//! The nearest valid name to one that is not.

/// The candidate that is most like `written`, when one is near enough to be what was meant.
pub fn nearest<'a>(written: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (written.chars().count() / 3).max(1);
    valid
        .into_iter()
        .map(|name| (distance(written, name), name))
        .filter(|(distance, name)| *distance <= allowed || is_part(written, name))
        .min()
        .map(|(_, name)| name)
}

/// "did you mean `x`?", or the list of all valid names when there are few and none is near.
pub fn advice<'a>(written: &str, valid: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut names: Vec<&str> = valid.into_iter().collect();
    names.sort_unstable();
    names.dedup();
    if let Some(name) = nearest(written, names.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    match names.len() {
        0 => None,
        1 => Some(format!("only `{}` is known here", names.join(""))),
        2..=12 => Some(format!("known here: `{}`", names.join("`, `"))),
        _ => None,
    }
}

fn distance(a: &str, b: &str) -> usize {
    if a.len() > 256 || b.len() > 256 {
        return usize::MAX;
    }
    strsim::damerau_levenshtein(&a.to_lowercase().replace('_', "-"), &b.to_lowercase().replace('_', "-"))
}

fn is_part(written: &str, name: &str) -> bool {
    written.len() >= 4
        && (name.starts_with(written) || written.len() < 256 && written.starts_with(name) && name.len() >= 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_the_name() {
        assert_eq!(nearest("replcas", ["image", "replicas"]), Some("replicas"));
        assert_eq!(nearest("time_zone", ["time-zone"]), Some("time-zone"));
        assert_eq!(nearest("zzz", ["image", "replicas"]), None);
    }

    #[test]
    fn few_names_are_listed_when_none_is_near() {
        assert_eq!(advice("zzz", ["b", "a"]).as_deref(), Some("known here: `a`, `b`"));
        assert_eq!(advice("zzz", []), None);
    }
}
