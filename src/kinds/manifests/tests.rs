//! What manifests become.

use super::super::trial::{lowered, names, objects, yaml};

const MANIFESTS: &str = r#"
[components.store]
kind = "redis"
storage.size = "1Gi"
[components.extra]
kind = "manifests"
files = ["plain.yaml"]
templates = ["made.yaml"]
values = { size = 3, host = { from = "store.host" } }
"#;

#[test]
fn files_and_templates_become_objects() {
    let files = [
        (
            "shop/files/plain.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: plain}\ndata: {mode: '0644'}\n",
        ),
        (
            "shop/templates/made.yaml",
            "{% for number in range(end=values.size) %}---\napiVersion: example.org/v1\nkind: Widget\nmetadata:\n  name: made-{{ number }}\nspec:\n  host: {{ values.host }}\n  mode: 0644\n{% endfor %}",
        ),
    ];
    let objects = objects(MANIFESTS, &files, "extra");
    assert_eq!(names(&objects), ["ConfigMap plain", "Widget made-0", "Widget made-1", "Widget made-2"]);
    assert!(yaml(&objects, "ConfigMap", "plain").contains("mode: \"0644\""));
    let widget = yaml(&objects, "Widget", "made-2");
    assert!(
        widget.contains("mode: 420") && widget.contains("host: store.shop.svc.cluster.local"),
        "{widget}"
    );
}

#[test]
fn every_wrong_file_is_reported() {
    let files = [("shop/files/plane.yaml", "a: 1\n"), ("shop/templates/made.yaml", "a: [\n")];
    let (lowered, messages) = lowered(MANIFESTS, &files, "extra");
    assert!(lowered.objects.is_empty());
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("there is no file `plain.yaml`"), "{messages:?}");
    assert!(
        messages[1].starts_with("what `shop/templates/made.yaml` gives is wrong in line"),
        "{messages:?}"
    );
}
