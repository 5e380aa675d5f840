//! How fast objects become YAML, beside serde_json on the same objects.

use divan::counter::BytesCount;
use k8s_openapi::api::apps::v1::Deployment;

const DEPLOYMENT: &str = r#"{
  "apiVersion": "apps/v1", "kind": "Deployment",
  "metadata": {"name": "web", "namespace": "shop", "labels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/part-of": "shop"}},
  "spec": {
    "replicas": 3, "selector": {"matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}},
    "template": {
      "metadata": {"labels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}},
      "spec": {
        "serviceAccountName": "web", "automountServiceAccountToken": false,
        "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [{
          "name": "web", "image": "registry.example.org/shop/web@sha256:9b2cf0cbd4d0bd1e1c1d2f6a9a4b2fca9b2cf0cbd4d0bd1e1c1d2f6a9a4b2fca",
          "args": ["--listen=:8080", "--workers=4", "--log-format=json"],
          "ports": [{"name": "http", "containerPort": 8080}, {"name": "metrics", "containerPort": 9090}],
          "env": [
            {"name": "DATABASE_HOST", "value": "db-rw.shop.svc.cluster.local"}, {"name": "DATABASE_PORT", "value": "5432"},
            {"name": "DATABASE_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db-app", "key": "password"}}},
            {"name": "DEBUG", "value": "no"}
          ],
          "resources": {"requests": {"cpu": "250m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
          "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 5},
          "livenessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10, "failureThreshold": 6},
          "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
          "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, {"name": "config", "mountPath": "/etc/web", "readOnly": true}]
        }],
        "volumes": [{"name": "tmp", "emptyDir": {}}, {"name": "config", "configMap": {"name": "web-config"}}],
        "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "kubernetes.io/hostname", "whenUnsatisfiable": "ScheduleAnyway"}]
      }
    }
  }
}"#;

fn main() {
    divan::main();
}

fn deployment() -> Deployment {
    serde_json::from_str(DEPLOYMENT).expect("the text is a Deployment")
}

fn yaml_text(value: &impl serde::Serialize) -> String {
    let mut out = String::new();
    kiln::emit::yaml::write(value, &mut out).expect("a Deployment has a YAML form");
    out
}

#[divan::bench]
fn yaml_typed(bencher: divan::Bencher) {
    let deployment = deployment();
    let mut out = String::new();
    bencher.counter(BytesCount::of_str(&yaml_text(&deployment))).bench_local(|| {
        out.clear();
        kiln::emit::yaml::write(divan::black_box(&deployment), &mut out)
    });
}

#[divan::bench]
fn yaml_untyped(bencher: divan::Bencher) {
    let value: serde_json::Value = serde_json::from_str(DEPLOYMENT).expect("the text is JSON");
    let mut out = String::new();
    bencher.counter(BytesCount::of_str(&yaml_text(&value))).bench_local(|| {
        out.clear();
        kiln::emit::yaml::write(divan::black_box(&value), &mut out)
    });
}

#[divan::bench]
fn yaml_config_map(bencher: divan::Bencher) {
    let file: String = (0..200)
        .map(|line| format!("    location /path/{line} {{ proxy_pass http://backend; }}\n"))
        .collect();
    let value = serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"nginx.conf": file}});
    let mut out = String::new();
    bencher.counter(BytesCount::of_str(&yaml_text(&value))).bench_local(|| {
        out.clear();
        kiln::emit::yaml::write(divan::black_box(&value), &mut out)
    });
}

#[divan::bench]
fn json_typed(bencher: divan::Bencher) {
    let deployment = deployment();
    let size = serde_json::to_string(&deployment).expect("a Deployment has a JSON form");
    bencher
        .counter(BytesCount::of_str(&size))
        .bench_local(|| serde_json::to_string(divan::black_box(&deployment)));
}
