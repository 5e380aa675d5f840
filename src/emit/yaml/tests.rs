//! Whole documents, byte for byte.

use serde::Serialize;
use serde_json::{Value, json};

use super::{DEPTH_LIMIT, Error, write};

fn text<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = String::new();
    write(value, &mut out).unwrap();
    out
}

fn error<T: Serialize + ?Sized>(value: &T) -> Error {
    let mut out = String::from("before\n");
    let error = write(value, &mut out).unwrap_err();
    assert_eq!(out, "before\n");
    error
}

const DEPLOYMENT: &str = r#"apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  labels:
    app.kubernetes.io/name: web
    name: web
    version: "1.20"
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: web
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/name: web
    spec:
      containers:
      - name: web
        image: registry.example/web:1.2
        args:
        - --listen=:8080
        - -c
        - "on"
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: MODE
          value: "yes"
        - name: PASSWORD
          valueFrom:
            secretKeyRef:
              name: web
              key: password
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 128Mi
        readinessProbe:
          httpGet:
            path: /ready
            port: http
        securityContext:
          readOnlyRootFilesystem: true
          capabilities:
            drop:
            - ALL
      volumes:
      - name: tmp
        emptyDir: {}
"#;

fn deployment() -> Value {
    json!({
        "spec": {
            "template": {
                "spec": {
                    "volumes": [{"emptyDir": {}, "name": "tmp"}],
                    "containers": [{
                        "env": [
                            {"value": "yes", "name": "MODE"},
                            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"key": "password", "name": "web"}}},
                        ],
                        "args": ["--listen=:8080", "-c", "on"],
                        "image": "registry.example/web:1.2",
                        "name": "web",
                        "ports": [{"containerPort": 8080, "name": "http"}],
                        "readinessProbe": {"httpGet": {"port": "http", "path": "/ready"}},
                        "resources": {
                            "limits": {"memory": "128Mi"},
                            "requests": {"memory": "128Mi", "cpu": "100m"},
                        },
                        "securityContext": {"capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true},
                    }],
                },
                "metadata": {"labels": {"app.kubernetes.io/name": "web"}},
            },
            "strategy": {"rollingUpdate": {"maxUnavailable": 0, "maxSurge": "25%"}, "type": "RollingUpdate"},
            "selector": {"matchLabels": {"app.kubernetes.io/name": "web"}},
            "replicas": 2,
        },
        "metadata": {
            "namespace": "shop",
            "name": "web",
            "labels": {"version": "1.20", "name": "web", "app.kubernetes.io/name": "web"},
            "annotations": null,
        },
        "kind": "Deployment",
        "apiVersion": "apps/v1",
    })
}

#[test]
fn a_deployment_reads_as_people_write_it() {
    assert_eq!(text(&deployment()), DEPLOYMENT);
}

#[test]
fn typed_and_untyped_objects_give_the_same_bytes() {
    let typed: k8s_openapi::api::apps::v1::Deployment = serde_json::from_value(deployment()).unwrap();
    assert_eq!(text(&typed), DEPLOYMENT);
    assert_eq!(text(&serde_json::to_value(&typed).unwrap()), DEPLOYMENT);
}

#[test]
fn the_order_of_the_input_does_not_show() {
    fn reversed(value: Value) -> Value {
        match value {
            Value::Object(map) => map.into_iter().rev().map(|(key, value)| (key, reversed(value))).collect(),
            Value::Array(items) => items.into_iter().map(reversed).collect(),
            scalar => scalar,
        }
    }
    assert_eq!(text(&reversed(deployment())), DEPLOYMENT);
}

#[test]
fn a_config_file_is_a_block_literal() {
    let config = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "nginx"}, "data": {
        "nginx.conf": "server {\n  listen 80;\n\n\tlocation / {\n    return 200 \"a: b # c\";\n  }\n}\n",
        "motd": "  two spaces first\nthen none",
        "kept": "a\n\n\n",
        "kind": "sorted by name",
    }});
    assert_eq!(
        text(&config),
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: nginx\ndata:\n  kept: |+\n    a\n\n\n  kind: sorted by name\n  \
         motd: |2-\n      two spaces first\n    then none\n  nginx.conf: |\n    server {\n      listen 80;\n\n    \
         \tlocation / {\n        return 200 \"a: b # c\";\n      }\n    }\n"
    );
}

#[test]
fn sequences_stand_under_their_key() {
    let value = json!({"a": [[1, [2, 3]], {"b": {"c": []}, "d": "x\ny"}, "p\nq\n", [], {}], "e": {}});
    assert_eq!(
        text(&value),
        "a:\n- - 1\n  - - 2\n    - 3\n- b:\n    c: []\n  d: |-\n    x\n    y\n- |\n  p\n  q\n- []\n- {}\ne: {}\n"
    );
}

#[test]
fn documents_may_be_any_value() {
    assert_eq!(text("a: b"), "\"a: b\"\n");
    assert_eq!(text("a\nb\n"), "|\n  a\n  b\n");
    assert_eq!(text(" a\nb\n"), "\" a\\nb\\n\"\n");
    assert_eq!(text(&[1, 2]), "- 1\n- 2\n");
    assert_eq!(text(&json!({})), "{}\n");
    assert_eq!(text(&json!([])), "[]\n");
    assert_eq!(text(&true), "true\n");
    assert_eq!(text(&u64::MAX), "18446744073709551615\n");
    assert_eq!(text(&i64::MIN), "-9223372036854775808\n");
    assert_eq!(text(&1.0), "1\n");
}

#[test]
fn documents_are_appended() {
    let mut out = String::from("# origin\n");
    write(&json!({"b": 1, "a": 2}), &mut out).unwrap();
    assert_eq!(out, "# origin\na: 2\nb: 1\n");
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(Option<&'static str>),
    Tuple(u8, u8),
    Struct { name: char, kind: () },
}

#[test]
fn variants_are_named_by_a_string_or_a_key() {
    let shapes = [
        Shape::Unit,
        Shape::Newtype(Some("on")),
        Shape::Newtype(None),
        Shape::Tuple(1, 2),
        Shape::Struct { name: 'y', kind: () },
    ];
    assert_eq!(
        text(&shapes),
        "- Unit\n- Newtype: \"on\"\n- {}\n- Tuple:\n  - 1\n  - 2\n- Struct:\n    name: \"y\"\n"
    );
}

#[test]
fn absent_values_leave_no_entry() {
    assert_eq!(text(&json!({"a": null, "b": {"c": null}, "d": 1, "e": null})), "b: {}\nd: 1\n");
    assert_eq!(error(&json!(null)), Error::NullDocument);
    assert_eq!(error(&json!({"a": [1, null]})), Error::NullItem);
}

#[test]
fn keys_are_quoted_like_values() {
    let keys = std::collections::BTreeMap::from([(1, "a"), (-20, "b")]);
    assert_eq!(text(&keys), "\"-20\": b\n\"1\": a\n");
    assert_eq!(text(&std::collections::BTreeMap::from([(true, 1)])), "\"true\": 1\n");
    assert_eq!(
        text(&json!({"on": 1, "": 2, "a b": 3, "a\nb": 4})),
        "\"\": 2\n\"a\\nb\": 4\na b: 3\n\"on\": 1\n"
    );
    let pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
    assert_eq!(error(&pairs), Error::Key);
}

#[test]
fn keys_too_long_for_a_simple_key_are_explicit() {
    let long = "k".repeat(1001);
    assert_eq!(
        text(&json!({&long: 1, "a": [{&long: {"b": ["c"]}, "x": 1}]})),
        format!("a:\n- ? {long}\n  :\n    b:\n    - c\n  x: 1\n? {long}\n: 1\n")
    );
}

#[test]
fn a_key_that_stands_twice_is_an_error() {
    struct Twice;
    impl Serialize for Twice {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map([("a", 1), ("b", 2), ("a", 3)])
        }
    }
    assert_eq!(error(&Twice), Error::DuplicateKey("a".into()));
}

#[test]
fn nesting_ends_at_the_limit() {
    let nested = |depth| {
        (1..depth)
            .fold(json!([]), |inner, level| if level % 2 == 0 { json!([inner]) } else { json!({"k": inner}) })
    };
    let deep = text(&nested(DEPTH_LIMIT));
    assert!(deep.ends_with("[]\n"));
    assert_eq!(error(&nested(DEPTH_LIMIT + 1)), Error::TooDeep);
}

#[test]
fn values_without_a_yaml_form_are_refused() {
    struct Raw;
    impl Serialize for Raw {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_bytes(b"raw")
        }
    }
    assert_eq!(error(&Raw), Error::Bytes);
    assert_eq!(error(&f64::NAN), Error::NotFinite);
    assert!(matches!(error(&u128::MAX), Error::Custom(_)));
    let date: toml::Table = toml::from_str("at = 2024-01-01").unwrap();
    assert!(matches!(error(&date), Error::Private(_)));
}
