//! What paths in other repositories become.

use super::super::trial::lowered;
use crate::plan::{GitTool, Release};

const GIT: &str = "[components.app]\nkind = \"git\"\nrepository = \"https://git.example.org/app.git\"\nrevision = \"refs/tags/v1.0.0\"\npath = \"deploy\"\n";

#[test]
fn a_path_is_plain_yaml_unless_said_otherwise() {
    let (lowered, messages) = lowered(GIT, &[], "app");
    assert_eq!(messages, Vec::<String>::new());
    let Some(Release::Git(release)) = lowered.release else { panic!("no release") };
    assert_eq!((release.tool, &*release.namespace), (GitTool::Directory, "shop"));
}

#[test]
fn only_a_chart_has_values() {
    let (_, messages) = lowered(&format!("{GIT}tool = \"kustomize\"\nvalues = {{ a = 1 }}\n"), &[], "app");
    assert_eq!(messages, ["`tool = \"kustomize\"` takes no `values`"]);
    let (lowered, messages) = lowered(&format!("{GIT}tool = \"helm\"\nvalues = {{ a = 1 }}\n"), &[], "app");
    assert_eq!(messages, Vec::<String>::new());
    let Some(Release::Git(release)) = lowered.release else { panic!("no release") };
    assert!(matches!(release.tool, GitTool::Helm(values) if values.len() == 1));
}
