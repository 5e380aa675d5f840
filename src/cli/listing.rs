//! Paths that differ, by how they differ.

use std::fmt::Write as _;

/// Most paths that are listed before the rest is only counted.
const LISTED: usize = 50;

/// The paths in their groups, of which at most [`LISTED`] are named.
pub fn listing(groups: &[(&str, &Vec<String>)]) -> String {
    let mut text = String::new();
    let mut left = LISTED;
    for (title, paths) in groups.iter().filter(|(_, paths)| !paths.is_empty()) {
        // A `String` takes every write.
        let _ = writeln!(text, "{title} ({}):", paths.len());
        for path in paths.iter().take(left) {
            let _ = writeln!(text, "  {path}");
        }
        if paths.len() > left {
            let _ = writeln!(text, "  … and {} more", paths.len() - left);
        }
        left = left.saturating_sub(paths.len());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_listing_names_fifty_files_and_counts_the_rest() {
        let many: Vec<String> = (0..60).map(|number| format!("a/{number}.yaml")).collect();
        let one = vec!["b.yaml".to_owned()];
        let text = listing(&[
            ("would be written", &many),
            ("edited by hand", &Vec::new()),
            ("would be removed", &one),
        ]);
        assert_eq!(text.matches(".yaml").count(), LISTED);
        assert!(text.contains("would be written (60):\n") && text.contains("  … and 10 more\n"));
        assert!(text.ends_with("would be removed (1):\n  … and 1 more\n") && !text.contains("edited"));
    }
}
