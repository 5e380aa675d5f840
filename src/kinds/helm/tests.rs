//! What charts become.

use super::super::trial::lowered;
use crate::plan::Release;

const PROXY: &str = r#"
[components.store]
kind = "redis"
storage.size = "1Gi"
[components.vault]
kind = "redis"
storage.size = "1Gi"
password.key = "x"
"#;

#[test]
fn values_keep_their_types_and_references_become_values() {
    let chart = r#"
[components.certs]
kind = "helm"
chart = "cert-manager"
namespace = "certs"
[components.certs.values]
replicas = 2
ratio = 0.5
labels.yes = "yes"
hosts = [{ host = { from = "store.host" } }, { port = { from = "store.port" } }]
from = ["a"]
"#;
    let (lowered, messages) = lowered(&format!("{PROXY}{chart}"), &[], "certs");
    assert_eq!(messages, Vec::<String>::new());
    let Some(Release::Helm(release)) = lowered.release else { panic!("no release") };
    assert_eq!(
        (&*release.chart_name, &*release.namespace, &*release.release_name),
        ("cert-manager", "certs", "certs")
    );
    assert_eq!(
        serde_json::Value::Object(release.values),
        serde_json::json!({
            "replicas": 2,
            "ratio": 0.5,
            "labels": {"yes": "yes"},
            "hosts": [{"host": "store.shop.svc.cluster.local"}, {"port": 6379}],
            "from": ["a"],
        })
    );
}

#[test]
fn secrets_never_become_values_and_charts_have_to_be_pinned() {
    let chart = "[components.certs]\nkind = \"helm\"\nchart = \"cert-manger\"\nvalues = { a = { from = \"vault.password\" }, b = [{ from = \"vault.url\" }] }\n";
    let (_, mut messages) = lowered(&format!("{PROXY}{chart}"), &[], "certs");
    messages.sort();
    assert_eq!(
        messages,
        [
            "`vault.password` is secret and would be readable here",
            "`vault.url` is secret and would be readable here",
            "there is no chart `cert-manger`",
        ]
    );
}
