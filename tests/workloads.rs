//! The workload kinds on small definitions: one instance of one stack on one cluster.

use kiln::load::load;
use kiln::plan::Site;
use kiln::report::Report;
use kiln::resolve::resolve;
use kiln::source::Sources;
use kiln::template::Engine;
use serde_json::{Value, json};

const WORKSPACE: &str = r#"
[workspace]
version = 1
repository = { url = "https://git.example.org/deploy.git" }

[clusters.one]
kubernetes = "1.35"
CLUSTER

[teams.a]

[placements.all]
instances = {}
clusters = {}
"#;

const CLUSTER: &str = r#"
ingress = { controller = "traefik", class = "traefik", issuer = "letsencrypt" }
storage = { block = "fast" }
secrets = { store = "vault" }
"#;

/// What a stack became.
struct Rendered {
    objects: Vec<Value>,
    problems: Vec<String>,
}

impl Rendered {
    /// The object of this kind and name, without a problem anywhere.
    fn object(&self, kind: &str, name: &str) -> &Value {
        assert!(self.problems.is_empty(), "{:#?}", self.problems);
        let found =
            self.objects.iter().find(|object| object["kind"] == kind && object["metadata"]["name"] == name);
        found.unwrap_or_else(|| panic!("no {kind} {name} among {:#?}", self.keys()))
    }

    fn keys(&self) -> Vec<String> {
        let key =
            |object: &Value| format!("{} {}", object["kind"], object["metadata"]["name"]).replace('"', "");
        self.objects.iter().map(key).collect()
    }

    fn pod(&self, kind: &str, name: &str) -> &Value {
        &self.object(kind, name)["spec"]["template"]["spec"]
    }
}

fn render_on(cluster: &str, components: &str) -> Rendered {
    let stack = format!("[stack]\nteam = \"a\"\n{components}");
    let sources = Sources::new(vec![
        ("workspace.toml".to_owned(), WORKSPACE.replace("CLUSTER", cluster).into_bytes()),
        ("shop/stack.toml".to_owned(), stack.into_bytes()),
        ("shop/templates/app.conf".to_owned(), b"listen {{ values.port }};\n".to_vec()),
        ("shop/files/logo.png".to_owned(), vec![0xff, 0xd8]),
    ]);
    let mut report = Report::new();
    let mut objects = Vec::new();
    if let Some(definitions) = load(&sources, &mut report) {
        let engine = Engine::new(&sources, &definitions, &mut report);
        let plan = resolve(&definitions, &sources, &engine, &mut report);
        for deployment in &plan.deployments {
            for component in &deployment.components {
                let site = Site { plan: &plan, deployment, component };
                let lowered = component.kind.lower(&site, &mut report);
                objects.extend(lowered.objects.iter().map(|object| serde_json::to_value(object).unwrap()));
            }
        }
    }
    let problems = report.finish();
    let problems = problems.iter().map(|problem| format!("{}: {}", problem.code, problem.message)).collect();
    Rendered { objects, problems }
}

fn render(components: &str) -> Rendered {
    render_on(CLUSTER, components)
}

/// A service with these further lines.
fn service(lines: &str) -> String {
    format!("[components.api]\nkind = \"service\"\nimage = \"example.org/api:1.2.3\"\nport = 8000\n{lines}\n")
}

#[track_caller]
fn refused(components: &str, problem: &str) {
    let rendered = render(components);
    assert_eq!(rendered.problems, [problem]);
}

#[test]
fn a_service_is_restricted_and_says_nothing_twice() {
    let rendered = render(&service(""));
    assert_eq!(
        rendered.pod("Deployment", "api"),
        &json!({
            "automountServiceAccountToken": false,
            "containers": [{
                "name": "api",
                "image": "example.org/api:1.2.3",
                "ports": [{ "containerPort": 8000, "name": "http" }],
                "securityContext": {
                    "allowPrivilegeEscalation": false,
                    "capabilities": { "drop": ["ALL"] },
                    "readOnlyRootFilesystem": true,
                },
            }],
            "enableServiceLinks": false,
            "securityContext": { "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } },
            "serviceAccountName": "api",
        })
    );
    assert_eq!(rendered.object("Service", "api")["spec"]["ports"], json!([{ "name": "http", "port": 8000 }]));
    let keys = ["Deployment api", "Service api", "ServiceAccount api", "NetworkPolicy api"];
    assert_eq!(rendered.keys(), keys);
}

#[test]
fn selectors_have_no_version() {
    let rendered = render(&service("labels = { tier = \"web\" }"));
    let spec = &rendered.object("Deployment", "api")["spec"];
    let selector = json!({ "app.kubernetes.io/instance": "shop", "app.kubernetes.io/name": "api" });
    assert_eq!(spec["selector"]["matchLabels"], selector);
    let labels = &spec["template"]["metadata"]["labels"];
    assert_eq!((&labels["app.kubernetes.io/version"], &labels["tier"]), (&json!("1.2.3"), &json!("web")));
}

#[test]
fn an_autoscaler_decides_the_replicas_alone() {
    let rendered = render(&service("scale = { min = 2, max = 6, cpu = 70 }\nresources = { cpu = \"0.25\" }"));
    assert_eq!(rendered.object("Deployment", "api")["spec"]["replicas"], Value::Null);
    assert_eq!(rendered.object("HorizontalPodAutoscaler", "api")["spec"]["minReplicas"], 2);
    assert_eq!(rendered.object("PodDisruptionBudget", "api")["spec"]["maxUnavailable"], 1);
    assert!(rendered.pod("Deployment", "api")["topologySpreadConstraints"].is_array());
    refused(
        &service("scale = { min = 1, max = 2, cpu = 70 }"),
        "missing-field: scaling by cpu needs `resources.cpu`: the aim is a share of the request",
    );
    refused(
        &service("scale = { min = 3, max = 2, memory = 70 }\nresources = { memory = \"1Gi\" }"),
        "invalid-value: the fewest replicas (3) are more than the most (2)",
    );
    refused(
        &service("replicas = 2\nscale = { min = 1, max = 2, memory = 70 }\nresources = { memory = \"1Gi\" }"),
        "conflicting-fields: `replicas` and `scale` exclude each other",
    );
}

#[test]
fn a_budget_needs_two_replicas() {
    assert!(!render(&service("replicas = 1")).keys().contains(&"PodDisruptionBudget api".to_owned()));
    assert!(render(&service("replicas = 2")).keys().contains(&"PodDisruptionBudget api".to_owned()));
}

#[test]
fn amounts_are_canonical_and_memory_is_limited_to_its_request() {
    let rendered = render(&service("resources = { cpu = \"1000m\", memory = \"3072Mi\" }"));
    assert_eq!(
        rendered.pod("Deployment", "api")["containers"][0]["resources"],
        json!({ "requests": { "cpu": "1", "memory": "3Gi" }, "limits": { "memory": "3Gi" } })
    );
    refused(
        &service("resources = { memory = \"2Gi\", memory-limit = \"1Gi\" }"),
        "invalid-value: the memory limit `1Gi` is below the request `2Gi`",
    );
}

#[test]
fn a_volume_of_one_node_is_let_go_before_it_is_taken() {
    let rendered = render(&service("volumes.data = { size = \"1024Mi\", mount = \"/data\" }"));
    assert_eq!(rendered.object("Deployment", "api")["spec"]["strategy"], json!({ "type": "Recreate" }));
    let claim = rendered.object("PersistentVolumeClaim", "api-data");
    assert_eq!(claim["spec"]["resources"]["requests"]["storage"], "1Gi");
    refused(
        &service("volumes.data = { size = \"1Gi\", access = \"shared\", mount = \"/data\" }"),
        "missing-fact: the cluster `one` has no storage class for the shared volume `data`",
    );
    refused(
        &service("volumes.data = { size = \"1Gi\", scratch = \"1Gi\" }"),
        "conflicting-fields: the volume `data` is more than one thing",
    );
}

#[test]
fn a_stateful_claims_volumes_for_each_pod() {
    let rendered = render(
        "[components.search]\nkind = \"stateful\"\nimage = \"search:8\"\nport = 9200\n\
         metrics = {}\nvolumes.data = { size = \"10Gi\", mount = \"/data\" }\n",
    );
    let spec = &rendered.object("StatefulSet", "search")["spec"];
    assert_eq!(spec["serviceName"], "search-headless");
    assert_eq!(spec["volumeClaimTemplates"][0]["kind"], "PersistentVolumeClaim");
    assert_eq!(spec["template"]["spec"]["volumes"], Value::Null);
    assert_eq!(rendered.object("Service", "search-headless")["spec"]["clusterIP"], "None");
    // Two Services with the same labels: by Service each pod would be scraped twice.
    assert!(rendered.keys().contains(&"PodMonitor search".to_owned()));
}

#[test]
fn another_component_mounts_a_claim() {
    let worker = "[components.worker]\nkind = \"worker\"\nimage = \"w:1\"\n\
                  volumes.static = { volume = \"api.static\", mount = \"/static\", read-only = true }\n";
    let rendered = render(&(service("volumes.static = { size = \"1Gi\", mount = \"/static\" }") + worker));
    let pod = rendered.pod("Deployment", "worker");
    let volume =
        json!({ "name": "static", "persistentVolumeClaim": { "claimName": "api-static", "readOnly": true } });
    assert_eq!(pod["volumes"], json!([volume]));
}

#[test]
fn configuration_rolls_the_pods() {
    let config = |port: u16| {
        service(&format!(
            "config.\"app.conf\" = {{ template = \"app.conf\", values = {{ port = {port} }}, mount = \"/etc/app\" }}\n\
             config.\"logo.png\" = {{ file = \"logo.png\", at = \"/srv/logo.png\" }}"
        ))
    };
    let (one, two) = (render(&config(80)), render(&config(81)));
    let map = one.object("ConfigMap", "api-config");
    assert_eq!(map["data"], json!({ "app.conf": "listen 80;\n" }));
    assert_eq!(map["binaryData"], json!({ "logo.png": "/9g=" }));
    let sum = |rendered: &Rendered| {
        rendered.object("Deployment", "api")["spec"]["template"]["metadata"]["annotations"].clone()
    };
    assert_ne!(sum(&one), sum(&two));
    assert_eq!(
        one.pod("Deployment", "api")["containers"][0]["volumeMounts"],
        json!([
            { "name": "config-etc-app", "mountPath": "/etc/app", "readOnly": true },
            { "name": "config", "mountPath": "/srv/logo.png", "subPath": "logo.png", "readOnly": true },
        ])
    );
    refused(
        &service("config.x = { file = \"logo.pmg\", at = \"/x\" }"),
        "unknown-file: there is no file `logo.pmg` under `shop/files/`",
    );
}

#[test]
fn secrets_come_from_the_clusters_store() {
    let secret =
        service("env.DSN = { secret = \"dsn\" }\nsecrets.dsn = { key = \"shop/dsn\", refresh = \"90m\" }");
    let rendered = render(&secret);
    let spec = &rendered.object("ExternalSecret", "api")["spec"];
    assert_eq!(spec["refreshInterval"], "1h30m0s");
    assert_eq!(spec["target"], json!({ "name": "api-secrets" }));
    let env = &rendered.pod("Deployment", "api")["containers"][0]["env"];
    assert_eq!(env[0]["valueFrom"]["secretKeyRef"], json!({ "name": "api-secrets", "key": "dsn" }));
    assert_eq!(
        render_on("", &secret).problems,
        ["missing-fact: the cluster `one` has no store to fetch `dsn` from"]
    );
    refused(&service("env.DSN = { secret = \"dns\" }"), "unknown-secret: the component has no secret `dns`");
}

#[test]
fn routes_share_an_ingress_until_annotations_or_tls_differ() {
    let rendered = render(&service(
        "routes.web = { host = \"a.example.org\" }\nroutes.api = { host = \"a.example.org\", path = \"/api\" }\n\
         routes.plain = { host = \"b.example.org\", tls = false }",
    ));
    let ingress = rendered.object("Ingress", "api");
    assert_eq!(ingress["spec"]["rules"].as_array().map(Vec::len), Some(1));
    assert_eq!(ingress["spec"]["tls"], json!([{ "hosts": ["a.example.org"], "secretName": "api-tls" }]));
    let plain = rendered.object("Ingress", "api-plain");
    assert_eq!(plain["spec"]["tls"], Value::Null);
    refused(
        &service("routes.web = { host = \"a.example.org\", port = \"htp\" }"),
        "unknown-port: the component has no port `htp`",
    );
}

#[test]
fn sidecars_open_their_own_ports() {
    let rendered = render(&service(
        "ports = { proxy = 8080 }\nroutes.web = { host = \"a.example.org\", port = \"proxy\" }\n\
         [components.api.sidecars.nginx]\nimage = \"nginx:1.27\"\nports = { web = 8080 }\n\
         health = { tcp = true }\nmetrics = { port = 9113 }",
    ));
    let containers = &rendered.pod("Deployment", "api")["containers"];
    assert_eq!(containers[0]["ports"], json!([{ "containerPort": 8000, "name": "http" }]));
    assert_eq!(containers[1]["readinessProbe"]["tcpSocket"], json!({ "port": "web" }));
    assert_eq!(
        rendered.object("Service", "api")["spec"]["ports"],
        json!([
            { "name": "http", "port": 8000 },
            { "name": "proxy", "port": 8080 },
            { "name": "metrics", "port": 9113 },
        ])
    );
    assert_eq!(rendered.object("ServiceMonitor", "api")["spec"]["endpoints"], json!([{ "port": "metrics" }]));
    refused(
        &service("[components.api.sidecars.nginx]\nimage = \"nginx:1.27\"\nmounts = { statik = \"/s\" }"),
        "unknown-volume: the component has no volume `statik`",
    );
}

#[test]
fn probes_ask_ports_that_are_open() {
    let worker = "[components.worker]\nkind = \"worker\"\nimage = \"w:1\"\n";
    refused(
        &format!("{worker}health = {{ http = \"/\" }}\n"),
        "missing-field: it is not known which port is asked",
    );
    refused(
        &format!("{worker}health = {{ tcp = true, port = 81 }}\n"),
        "unknown-port: nothing opens port 81",
    );
    refused(
        &service("health = { http = \"/\", command = [\"true\"] }"),
        "conflicting-fields: more than one thing is asked",
    );
}

#[test]
fn a_probe_of_its_own_stands_in_for_no_other() {
    let rendered = render(&service("health = { ready = { http = \"/ready\" } }"));
    let container = &rendered.pod("Deployment", "api")["containers"][0];
    assert_eq!(container["readinessProbe"], json!({ "httpGet": { "path": "/ready", "port": "http" } }));
    assert_eq!((&container["livenessProbe"], &container["startupProbe"]), (&Value::Null, &Value::Null));
    let rendered = render(&service("health = { http = \"/\", interval = \"60s\", start-within = \"5m\" }"));
    let startup = &rendered.pod("Deployment", "api")["containers"][0]["startupProbe"];
    assert_eq!((&startup["periodSeconds"], &startup["failureThreshold"]), (&json!(60), &json!(5)));
}

#[test]
fn an_annotation_that_is_there_anyway_makes_no_ingress_of_its_own() {
    let annotations = "{ \"traefik.ingress.kubernetes.io/router.entrypoints\" = \"websecure\" }";
    let rendered = render(&service(&format!(
        "routes.web = {{ host = \"a.example.org\", annotations = {annotations} }}"
    )));
    assert_eq!(rendered.object("Ingress", "api")["spec"]["rules"][0]["host"], "a.example.org");
}

#[test]
fn traffic_is_let_through_where_it_is_asked_for() {
    let worker =
        "[components.worker]\nkind = \"worker\"\nimage = \"w:1\"\nenv.API = { from = \"api.url\" }\n";
    let rendered = render(&(service("") + worker));
    let pods = |name: &str| json!({ "podSelector": { "matchLabels": { "app.kubernetes.io/instance": "shop", "app.kubernetes.io/name": name } } });
    let ports = json!([{ "port": 8000 }]);
    let api = &rendered.object("NetworkPolicy", "api")["spec"];
    assert_eq!(api["ingress"], json!([{ "from": [pods("worker")], "ports": ports }]));
    let worker = &rendered.object("NetworkPolicy", "worker")["spec"];
    assert_eq!(worker["ingress"], Value::Null);
    assert_eq!(worker["egress"][0], json!({ "to": [pods("api")], "ports": ports }));
}

#[test]
fn steps_run_in_order_and_a_job_without_a_hook_is_named_by_its_content() {
    let job = |hook: &str, last: &str| {
        render(&format!(
            "[components.migrate]\nkind = \"job\"\nimage = \"m:1\"\nhook = \"{hook}\"\nsteps = [[\"a\"], [\"{last}\"]]\n"
        ))
    };
    let hooked = job("pre-sync", "b");
    let annotations = &hooked.object("Job", "migrate")["metadata"]["annotations"];
    // In the phase PreSync there would be no namespace yet.
    assert_eq!(annotations["argocd.argoproj.io/hook"], "Sync");
    let pod = hooked.pod("Job", "migrate");
    assert_eq!(
        (&pod["initContainers"][0]["name"], &pod["initContainers"][0]["command"]),
        (&json!("step-1"), &json!(["a"]))
    );
    assert_eq!((&pod["containers"][0]["command"], &pod["restartPolicy"]), (&json!(["b"]), &json!("Never")));
    let (one, two) = (job("none", "b"), job("none", "c"));
    assert!(one.keys()[0].starts_with("Job migrate-") && one.keys()[0] != two.keys()[0]);
    assert_eq!(one.keys(), job("none", "b").keys());
}

#[test]
fn a_cron_job_never_overlaps_itself_unless_it_is_said() {
    let rendered = render(
        "[components.nightly]\nkind = \"cronjob\"\nimage = \"n:1\"\nschedule = \"0 2 * * *\"\n\
         time-zone = \"America/Los_Angeles\"\n",
    );
    let spec = &rendered.object("CronJob", "nightly")["spec"];
    let expected = ("0 2 * * *", "America/Los_Angeles", "Forbid");
    assert_eq!(
        (&spec["schedule"], &spec["timeZone"], &spec["concurrencyPolicy"]),
        (&json!(expected.0), &json!(expected.1), &json!(expected.2))
    );
}

#[test]
fn an_identity_with_rules_gets_a_token_and_a_way_to_the_api() {
    let rendered = render(&service("identity.rules.read = { resources = [\"pods\"], verbs = [\"get\"] }"));
    assert_eq!(rendered.pod("Deployment", "api")["automountServiceAccountToken"], Value::Null);
    assert_eq!(rendered.object("Role", "api")["rules"][0]["apiGroups"], json!([""]));
    assert_eq!(rendered.object("RoleBinding", "api")["subjects"][0]["namespace"], "shop");
    let egress = rendered.object("NetworkPolicy", "api")["spec"]["egress"].to_string();
    assert!(egress.contains("6443"));
}
