//! What Redis becomes.

use super::super::trial::{lowered, names, objects, yaml};

const CACHE: &str = r#"
[components.cache]
kind = "redis"
replicas = 2
sentinels = 3
storage = { size = "1Gi" }
password = { key = "shop/cache" }
parameters = { maxmemory = "200mb", activedefrag = true }
"#;

fn web(output: &str) -> String {
    format!(
        "[components.web]\nkind = \"worker\"\nimage = \"registry.example.org/web:1.0.0\"\nenv.CACHE = {{ from = \"cache.{output}\" }}\n"
    )
}

#[test]
fn sentinels_find_the_servers_by_names_that_outlive_their_pods() {
    let objects = objects(&format!("{CACHE}{}", web("sentinel-url")), &[], "cache");
    assert_eq!(
        names(&objects),
        [
            "ServiceAccount cache",
            "ExternalSecret cache-credentials",
            "Service cache-read",
            "Service cache-0",
            "Service cache-1",
            "Service cache-2",
            "StatefulSet cache",
            "PodDisruptionBudget cache",
            "Service cache-sentinel",
            "Service cache-sentinel-0",
            "Service cache-sentinel-1",
            "Service cache-sentinel-2",
            "StatefulSet cache-sentinel",
            "PodDisruptionBudget cache-sentinel",
            "ConfigMap cache-scripts",
            "PodMonitor cache",
            "NetworkPolicy cache",
        ]
    );
    let scripts = yaml(&objects, "ConfigMap", "cache-scripts");
    assert!(scripts.contains("activedefrag yes\n") && scripts.contains("maxmemory 200mb\n"), "{scripts}");
    let servers = yaml(&objects, "StatefulSet", "cache");
    assert!(servers.contains("podManagementPolicy: Parallel") && servers.contains("/scripts/redis-stop.sh"));
    // A Service named `redis` would otherwise set REDIS_PORT to an address.
    assert!(servers.contains("enableServiceLinks: false"));
    let policy = yaml(&objects, "NetworkPolicy", "cache");
    assert!(policy.contains("app.kubernetes.io/name: web") && policy.contains("port: 26379"), "{policy}");
}

#[test]
fn one_server_needs_no_password_and_no_budget() {
    let cache =
        "[components.cache]\nkind = \"redis\"\nengine = \"redis\"\nmetrics = false\nstorage.size = \"1Gi\"\n";
    let objects = objects(&format!("{cache}{}", web("url")), &[], "cache");
    assert_eq!(
        names(&objects),
        [
            "ServiceAccount cache",
            "Service cache",
            "StatefulSet cache",
            "ConfigMap cache-scripts",
            "NetworkPolicy cache"
        ]
    );
    let server = yaml(&objects, "StatefulSet", "cache");
    assert!(
        server.contains("image: redis:8")
            && !server.contains("REDIS_PASSWORD")
            && !server.contains("preStop")
    );
    // No replica could confirm anything.
    assert!(server.contains("- name: MIN_REPLICAS_TO_WRITE\n          value: \"0\""), "{server}");
}

#[test]
fn sentinels_that_cannot_work_are_refused() {
    let cache = "[components.cache]\nkind = \"redis\"\nsentinels = 2\nstorage.size = \"1Gi\"\nparameters = { requirepass = \"x\" }\n";
    let (_, mut messages) = lowered(cache, &[], "cache");
    messages.sort();
    assert_eq!(
        messages,
        [
            "2 sentinels cannot agree on a new primary",
            "`requirepass` is set by kiln",
            "sentinels need a `password`",
            "sentinels need a replica to promote",
        ]
    );
}

#[test]
fn the_primary_has_no_address_under_sentinels() {
    let (_, messages) = lowered(&format!("{CACHE}{}", web("host")), &[], "cache");
    assert_eq!(messages.len(), 1, "{messages:?}");
    let (_, messages) = lowered(&format!("{CACHE}{}", web("read-host")), &[], "cache");
    assert_eq!(messages, Vec::<String>::new());
}
