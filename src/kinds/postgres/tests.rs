//! What databases become.

use super::super::trial::{lowered, names, objects, yaml};

const WEB: &str = r#"
[components.web]
kind = "worker"
image = "registry.example.org/web:1.0.0"
env.DATABASE_URL = { from = "db.url" }
"#;

const LARGE: &str = r#"
[components.db]
kind = "postgres"
version = "18.1"
replicas = 3
synchronous = 1
storage = { size = "20Gi", wal-size = "5Gi" }
password = { key = "shop/db", property = "password" }
parameters = { max_connections = 200, jit = false }
init-sql = ["CREATE EXTENSION pg_trgm"]
queries = "queries.yaml"
resources = { cpu = "500m", memory = "1Gi" }
scheduling = { spread = "zone" }
pooler = { max-connections = 500, default-pool-size = 20 }
[components.db.backup]
destination = "s3://backups/shop"
endpoint = "http://minio.example.org:9000"
schedule = "30 2 * * *"
access-key = { key = "s3", property = "id" }
secret-key = { key = "s3", property = "secret" }
"#;

fn large() -> Vec<crate::kube::Object> {
    objects(&format!("{LARGE}{WEB}"), &[("shop/files/queries.yaml", "a: 1\n")], "db")
}

#[test]
fn a_database_with_everything_has_these_objects() {
    let objects = large();
    assert_eq!(
        names(&objects),
        [
            "ExternalSecret db-credentials",
            "Cluster db",
            "ConfigMap db-queries",
            "PodMonitor db",
            "NetworkPolicy db",
            "ObjectStore db-backup",
            "ScheduledBackup db",
            "ExternalSecret db-backup",
            "Pooler db-pooler",
            "PodDisruptionBudget db-pooler",
            "PodMonitor db-pooler",
            "NetworkPolicy db-pooler",
        ]
    );
    let cluster = yaml(&objects, "Cluster", "db");
    for part in [
        "imageName: ghcr.io/cloudnative-pg/postgresql:18.1-standard-trixie",
        "max_connections: \"200\"",
        "jit: \"off\"",
        "topologyKey: topology.kubernetes.io/zone",
        "isWALArchiver: true",
        "storageClass: fast",
    ] {
        assert!(cluster.contains(part), "{part} is not in\n{cluster}");
    }
    let schedule = yaml(&objects, "ScheduledBackup", "db");
    assert!(
        schedule.contains("schedule: 0 30 2 * * *") && schedule.contains("immediate: true"),
        "{schedule}"
    );
}

#[test]
fn only_the_pods_behind_the_output_are_opened() {
    let objects = large();
    let policy = |name: &str| yaml(&objects, "NetworkPolicy", name).contains("app.kubernetes.io/name: web");
    assert!(policy("db-pooler") && !policy("db"));
    // What the object store listens on has to be reachable.
    assert!(yaml(&objects, "NetworkPolicy", "db").contains("port: 9000"));
}

#[test]
fn a_small_database_does_not_block_drains_and_takes_the_operators_secret() {
    let small = "[components.db]\nkind = \"postgres\"\nversion = \"18.1\"\nstorage.size = \"1Gi\"\n";
    let objects = objects(&format!("{small}{WEB}"), &[], "db");
    assert_eq!(names(&objects), ["Cluster db", "PodMonitor db", "NetworkPolicy db"]);
    let cluster = yaml(&objects, "Cluster", "db");
    assert!(cluster.contains("enablePDB: false") && !cluster.contains("secret:"), "{cluster}");
    assert!(yaml(&objects, "NetworkPolicy", "db").contains("app.kubernetes.io/name: web"));
}

#[test]
fn a_single_server_runs_without_an_operator() {
    let single = "[components.db]\nkind = \"postgres\"\nengine = \"statefulset\"\nversion = \"18.1\"\nstorage.size = \"1Gi\"\npassword.key = \"db\"\nparameters = { work_mem = \"8MB\" }\n";
    let objects = objects(&format!("{single}{WEB}"), &[], "db");
    assert_eq!(
        names(&objects),
        [
            "ExternalSecret db-credentials",
            "ServiceAccount db",
            "Service db",
            "StatefulSet db",
            "PodMonitor db",
            "NetworkPolicy db",
        ]
    );
    let set = yaml(&objects, "StatefulSet", "db");
    for part in
        ["image: postgres:18.1-alpine", "runAsUser: 70", "work_mem=8MB", "value: /data/pgdata", "pg_isready"]
    {
        assert!(set.contains(part), "{part} is not in\n{set}");
    }
}

#[test]
fn what_cannot_work_is_refused_all_at_once() {
    let single = LARGE.replace("kind = \"postgres\"", "kind = \"postgres\"\nengine = \"statefulset\"");
    let (_, messages) = lowered(&single, &[("shop/files/queries.yaml", "")], "db");
    assert_eq!(messages.iter().filter(|message| message.contains("need `engine")).count(), 6, "{messages:?}");
    let wrong = "[components.db]\nkind = \"postgres\"\nversion = \"18.1\"\nstorage.size = \"1Gi\"\nreplicas = 2\nsynchronous = 2\nimage = \"example.org/postgres:17.2\"\nparameters = { port = 5433 }\nqueries = \"querys.yaml\"\nbackup = { destination = \"s3://b\", access-key.key = \"x\" }\n";
    let (_, mut messages) = lowered(wrong, &[("shop/files/queries.yaml", "")], "db");
    messages.sort();
    assert_eq!(
        messages,
        [
            "2 of 2 servers cannot confirm a commit beside the primary",
            "`access-key` and `secret-key` belong together",
            "`port` is set by the operator, which refuses another value",
            "the tag of `example.org/postgres:17.2` does not begin with the version `18.1`",
            "there is no file `querys.yaml` under `shop/files/`",
        ]
    );
}
