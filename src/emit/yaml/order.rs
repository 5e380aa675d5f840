//! The order of keys: one list for all kinds, as people write them. Keys that are not on it follow in byte order.
//!
//! One list serves every kind because two keys of one object rarely want different orders in different kinds; where they
//! do, the more frequent kind decides.

/// A key's place; a smaller one comes first.
pub type Rank = u16;

/// The rank of every key that is not on the list.
pub const LAST: Rank = Rank::MAX;

/// How the entries of a mapping are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By rank, then by key.
    Ranked,
    /// By key alone: the keys are names that users chose.
    Bytes,
}

/// What the writer knows of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its place among the keys beside it.
    pub rank: Rank,
    /// The order inside a mapping that is its value.
    pub inside: Order,
}

/// Keys in the order people write them.
#[rustfmt::skip]
const RANKED: &[&str] = &[
    // what an object is, and references to objects
    "apiVersion", "apiGroup", "group", "kind", "metadata", "alert", "record", "name", "generateName", "server", "namespace",
    "expr", "for", "keep_firing_for", "labels", "annotations", "finalizers", "ownerReferences", "sectionName",
    "immutable", "description", "type", "value", "valueFrom",
    "key", "op", "operator", "values", "effect", "tolerationSeconds", "spec",
    // Argo CD
    "project", "source", "sources", "destination", "sourceRepos", "sourceNamespaces", "destinations",
    "clusterResourceWhitelist", "clusterResourceBlacklist", "namespaceResourceWhitelist", "namespaceResourceBlacklist",
    "orphanedResources", "roles", "policies", "goTemplate", "goTemplateOptions", "generators",
    "repoURL", "chart", "targetRevision", "ref",
    "releaseName", "valueFiles", "valuesObject", "fileParameters", "parameters", "ignoreMissingValueFiles", "skipCrds",
    "syncPolicy", "automated", "prune", "selfHeal", "allowEmpty", "managedNamespaceMetadata", "syncOptions", "retry",
    "limit", "backoff", "duration", "factor", "maxDuration", "ignoreDifferences", "jsonPointers", "jqPathExpressions",
    "syncWindows", "info",
    // data services, secrets
    "instances", "imageName", "imageCatalogRef", "primaryUpdateStrategy", "primaryUpdateMethod", "refreshInterval",
    "refreshPolicy", "secretStoreRef", "target", "creationPolicy", "deletionPolicy", "secretKey", "remoteRef", "provider",
    "property", "engineVersion", "mergePolicy", "stringData", "data", "binaryData", "dataFrom",
    // workloads
    "schedule", "timeZone", "suspend", "concurrencyPolicy", "startingDeadlineSeconds", "successfulJobsHistoryLimit",
    "failedJobsHistoryLimit", "jobTemplate", "backupOwnerReference", "cluster",
    "parallelism", "completions", "completionMode", "backoffLimit", "backoffLimitPerIndex", "activeDeadlineSeconds",
    "ttlSecondsAfterFinished", "podFailurePolicy",
    "scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "behavior", "resource", "averageUtilization",
    "averageValue", "scaleUp", "scaleDown", "stabilizationWindowSeconds", "selectPolicy",
    "minAvailable", "maxSurge", "maxUnavailable", "unhealthyPodEvictionPolicy",
    "replicas", "revisionHistoryLimit", "progressDeadlineSeconds", "minReadySeconds", "serviceName", "podManagementPolicy",
    "topologyKey", "whenUnsatisfiable", "maxSkew", "minDomains", "labelSelector", "matchLabelKeys", "weight",
    "preference", "podAffinityTerm", "clusterIP", "clusterIPs", "externalName", "loadBalancerClass",
    "externalTrafficPolicy", "internalTrafficPolicy", "sessionAffinity", "publishNotReadyAddresses",
    "namespaceSelector", "podSelector", "selector", "matchLabels", "matchExpressions",
    "strategy", "updateStrategy", "rollingUpdate", "persistentVolumeClaimRetentionPolicy", "template",
    "volumeClaimTemplates",
    // networks, routes
    "policyTypes", "ingress", "egress", "from", "to", "ipBlock", "cidr", "except",
    "ingressClassName", "gatewayClassName", "controllerName", "defaultBackend", "entryPoints", "parentRefs", "gateways",
    "targetRef", "targetRefs", "action", "host", "hosts", "hostname", "hostnames", "addresses", "http", "match", "matches", "filters",
    "headers", "queryParams", "method", "exact", "prefix", "regex", "optional", "mode", "path", "paths", "pathType",
    "listeners", "servers", "rules", "route", "routes", "receiver", "groupBy", "groupWait", "groupInterval",
    "repeatInterval", "matchers", "continue", "receivers", "inhibitRules",
    "trafficPolicy", "subsets", "groups", "endpoints", "podMetricsEndpoints",
    // containers
    "image", "imagePullPolicy", "command", "args", "workingDir",
    "port", "number", "targetPort", "containerPort", "nodePort", "hostPort", "protocol", "appProtocol", "ports",
    "allowedRoutes", "service", "backend", "backendRefs", "timeouts", "tls", "secretName",
    "interval", "scrapeTimeout", "scheme", "httpHeaders", "params", "honorLabels", "relabelings", "metricRelabelings",
    "env", "envFrom", "configMapRef", "secretRef", "configMapKeyRef", "secretKeyRef", "fieldRef", "resourceFieldRef",
    "accessModes", "storageClassName", "apiGroups", "resources", "resourceNames", "nonResourceURLs", "verbs", "roleRef", "subjects",
    "requests", "limits", "claims",
    "storageClass", "volumeMode", "volumeName", "size", "storage", "walStorage",
    "mountPath", "subPath", "subPathExpr", "readOnly", "volumeMounts", "volumeDevices",
    "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "postStart", "preStop",
    "httpGet", "tcpSocket", "grpc", "exec", "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold",
    "failureThreshold", "terminationMessagePath", "terminationMessagePolicy",
    // pods
    "serviceAccountName", "serviceAccount", "automountServiceAccountToken", "imagePullSecrets", "hostNetwork", "hostPID",
    "hostIPC", "hostUsers", "shareProcessNamespace", "dnsPolicy", "dnsConfig", "hostAliases", "enableServiceLinks",
    "restartPolicy", "terminationGracePeriodSeconds", "priorityClassName", "runtimeClassName", "schedulerName",
    "securityContext", "runAsNonRoot", "runAsUser", "runAsGroup", "fsGroup", "fsGroupChangePolicy", "supplementalGroups",
    "privileged", "allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities", "add", "drop", "seccompProfile",
    "localhostProfile", "initContainers", "containers", "ephemeralContainers", "volumes",
    "configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected", "downwardAPI", "hostPath", "csi",
    "claimName", "medium", "sizeLimit", "items", "defaultMode",
    "nodeName", "nodeSelector", "affinity", "nodeAffinity", "podAffinity", "podAntiAffinity",
    "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution", "tolerations",
    "topologySpreadConstraints",
    // a database cluster around its storage
    "postgresql", "bootstrap", "managed", "superuserSecret", "enableSuperuserAccess", "backup", "plugins", "monitoring",
    "status",
];

/// Keys whose value, if it is a mapping, has keys that users chose.
#[rustfmt::skip]
const FREE: &[&str] = &[
    "labels", "annotations", "data", "stringData", "binaryData", "matchLabels", "nodeSelector", "limits", "requests",
    "parameters", "hard", "overhead", "capacity", "allocatable", "default", "defaultRequest", "min", "max",
    "maxLimitRequestRatio", "env", "params", "podLabels", "podAnnotations", "additionalLabels", "additionalAnnotations",
    "commonLabels", "commonAnnotations", "extraLabels", "extraAnnotations", "externalLabels", "volumeAttributes",
    "tags", "queryParams",
];

const SLOTS: usize = 2048;
const EMPTY: u16 = u16::MAX;

/// Both lists as an open-addressed table of indices into [`RANKED`] and, beyond it, [`FREE`]: looking a key up costs a few
/// nanoseconds, and every key of the output is looked up.
#[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
static TABLE: [u16; SLOTS] = {
    let mut table = [EMPTY; SLOTS];
    let mut index = 0;
    while index < RANKED.len() + FREE.len() {
        let key = if index < RANKED.len() { RANKED[index] } else { FREE[index - RANKED.len()] };
        let mut slot = hash(key.as_bytes());
        while table[slot] != EMPTY {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = index as u16;
        index += 1;
    }
    table
};

#[allow(clippy::indexing_slicing, reason = "the places are below the length, which is not 0")]
const fn hash(key: &[u8]) -> usize {
    let length = key.len();
    if length == 0 {
        return 0;
    }
    let sample = key[0] as usize
        | (key[length - 1] as usize) << 8
        | (key[length / 2] as usize) << 16
        | (key[length / 4] as usize) << 24;
    ((sample ^ length << 4).wrapping_mul(0x9e37_79b1) >> 15) % SLOTS
}

/// Looks a key up.
pub fn of(key: &str) -> Word {
    let mut word = Word { rank: LAST, inside: Order::Ranked };
    let mut slot = hash(key.as_bytes());
    // The table is never full, so an empty slot ends every chain.
    while let Some(&index) = TABLE.get(slot)
        && index != EMPTY
    {
        let index = usize::from(index);
        if RANKED.get(index).is_some_and(|ranked| *ranked == key) {
            word.rank = index as Rank;
        } else if index >= RANKED.len() && FREE.get(index - RANKED.len()).is_some_and(|free| *free == key) {
            word.inside = Order::Bytes;
        }
        slot = (slot + 1) % SLOTS;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_key_is_found_at_its_place() {
        for (index, key) in RANKED.iter().enumerate() {
            assert_eq!(usize::from(of(key).rank), index, "{key} stands twice");
        }
        for key in FREE {
            assert_eq!(of(key).inside, Order::Bytes);
        }
        assert!(RANKED.len() + FREE.len() < SLOTS / 2);
    }

    #[test]
    fn other_keys_come_last() {
        for key in ["", "a", "zebra", "Metadata", "app.kubernetes.io/name", "é"] {
            assert_eq!(of(key), Word { rank: LAST, inside: Order::Ranked });
        }
    }

    #[test]
    fn kinds_read_as_people_write_them() {
        for keys in [
            "apiVersion kind metadata spec status",
            "apiVersion kind metadata type data",
            "apiVersion kind metadata roleRef subjects",
            "name namespace labels annotations",
            "name image imagePullPolicy command args workingDir ports env envFrom resources volumeMounts livenessProbe readinessProbe startupProbe lifecycle securityContext",
            "serviceAccountName securityContext initContainers containers volumes nodeSelector affinity tolerations",
            "replicas selector strategy template",
            "replicas serviceName selector updateStrategy template volumeClaimTemplates",
            "schedule concurrencyPolicy jobTemplate",
            "type selector ports",
            "name port targetPort protocol",
            "name containerPort protocol",
            "name value valueFrom",
            "path port scheme",
            "apiGroups resources verbs",
            "project source destination syncPolicy ignoreDifferences revisionHistoryLimit",
            "repoURL chart targetRevision path helm",
            "alert expr for labels annotations",
            "record expr labels",
            "scaleTargetRef minReplicas maxReplicas metrics behavior",
            "podSelector policyTypes ingress egress",
            "from ports",
            "parentRefs hostnames rules",
            "matches filters backendRefs timeouts",
            "path pathType backend",
            "secretKey remoteRef",
            "refreshInterval secretStoreRef target data",
            "instances imageName storage postgresql bootstrap backup monitoring",
        ] {
            let written: Vec<&str> = keys.split(' ').collect();
            let mut sorted = written.clone();
            sorted.sort_by_key(|key| (of(key).rank, *key));
            assert_eq!(sorted, written);
        }
    }
}
