//! Layout: the only place that makes paths. Injective, legal on every system, distinct when case is folded.

use std::borrow::Cow;

use crate::kube::Object;
use crate::parts::digest;

/// The longest segment, in bytes: what every common file system allows, less room for a temporary name.
const LONGEST: usize = 200;

/// The folder of a cluster.
pub fn cluster(cluster: &str) -> String {
    format!("clusters/{}", segment(cluster))
}

/// What is applied once, by hand.
pub fn bootstrap(cluster: &str, file: &str) -> String {
    format!("{}/bootstrap/{file}", self::cluster(cluster))
}

/// What the root Application of a cluster reads.
pub fn argocd(cluster: &str) -> String {
    format!("{}/argocd", self::cluster(cluster))
}

/// The AppProject of a team.
pub fn project(cluster: &str, team: &str) -> String {
    format!("{}/projects/{}.yaml", argocd(cluster), segment(team))
}

/// An Application.
pub fn application(cluster: &str, name: &str) -> String {
    format!("{}/applications/{}.yaml", argocd(cluster), segment(name))
}

/// What the Applications of a cluster's deployments read, each a folder of it.
pub fn all_manifests(cluster: &str) -> String {
    format!("{}/manifests", self::cluster(cluster))
}

/// The file that keeps [`all_manifests`] in place when no deployment is left. Argo CD reads no Markdown.
pub fn manifests_page(cluster: &str) -> String {
    format!("{}/README.md", all_manifests(cluster))
}

/// The folder of a deployment's manifests.
pub fn manifests(cluster: &str, deployment: &str) -> String {
    format!("{}/{}", all_manifests(cluster), segment(deployment))
}

/// The values of a component's chart.
pub fn values(cluster: &str, deployment: &str, component: &str) -> String {
    format!("{}/values/{}.yaml", self::cluster(cluster), segment(&format!("{deployment}.{component}")))
}

/// A page of the inventory.
pub fn inventory(page: &str) -> String {
    format!("inventory/{page}.json")
}

/// The file of an object. `folder` is its component. The group and the namespace are in the name where the kind
/// and the name alone do not tell two objects of a folder apart.
pub fn object(cluster: &str, deployment: &str, folder: &str, object: &Object, detail: Detail) -> String {
    let kind = object.kind().to_lowercase();
    let name = object.name();
    let file = match detail {
        Detail::Name => format!("{kind}-{name}"),
        Detail::Whole => {
            let key = object.key();
            format!("{kind}-{name}.{}.{}", key.namespace, key.group)
        }
    };
    format!("{}/{}/{}.yaml", manifests(cluster, deployment), segment(folder), segment(&file))
}

/// How much of an object's identity its file name has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// Kind and name.
    Name,
    /// Namespace and group as well.
    Whole,
}

/// A text as one segment of a path: as it is where that is safe everywhere, else with a digest that keeps two
/// texts apart.
pub fn segment(text: &str) -> Cow<'_, str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    let safe = !text.is_empty()
        && text.len() <= LONGEST
        && text.chars().all(plain)
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !is_reserved(text);
    if safe {
        return Cow::Borrowed(text);
    }
    let mut kept: String = text
        .chars()
        .map(|c| if plain(c.to_ascii_lowercase()) { c.to_ascii_lowercase() } else { '-' })
        .take(LONGEST - 20)
        .collect();
    kept = kept.trim_matches('.').to_owned();
    let digest = digest(text.as_bytes());
    // `~` is in no safe text, so what is made here equals nothing that is kept as it is.
    Cow::Owned(format!("{kept}~{}", digest.get(..12).unwrap_or(&digest)))
}

/// Names that Windows keeps for devices, and files that Argo CD takes for a chart or a kustomization.
fn is_reserved(text: &str) -> bool {
    let stem = text.split('.').next().unwrap_or_default();
    let device = matches!(stem, "con" | "prn" | "aux" | "nul")
        || stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit());
    device
        || matches!(
            text,
            "chart" | "kustomization" | "chart.yaml" | "kustomization.yaml" | "kustomization.yml"
        )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_of_kubernetes_are_kept() {
        for name in ["backend", "deployment-web", "role-system.x", "a_b", "_deployment"] {
            assert_eq!(segment(name), name);
        }
    }

    #[test]
    fn hostile_names_stay_apart_and_legal() {
        let long = "a".repeat(250);
        let longer = "a".repeat(251);
        let names = [
            "A", "a", "con", "CON", "nul.yaml", "..", ".", "", "a/b", "a\\b", "a:b", "ä", "a ", "a.", &long,
            &longer,
        ];
        let made: BTreeSet<String> = names.iter().map(|name| segment(name).to_lowercase()).collect();
        assert_eq!(made.len(), names.len());
        for segment in made {
            assert!(
                segment.len() <= 255 && !segment.contains(['/', '\\', ':', ' ']) && !segment.starts_with('.'),
                "{segment}"
            );
        }
    }

    #[test]
    fn no_file_is_named_like_a_chart() {
        assert_ne!(segment("kustomization"), "kustomization");
        assert_ne!(segment("chart"), "chart");
    }
}
