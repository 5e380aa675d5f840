//! What operators make for the objects that they are given: objects nobody writes, whose names are taken all the same.

use super::{Body, Key, Object};

/// The objects that come with one.
pub fn implied(object: &Object) -> Vec<Key> {
    let name = object.name();
    let key = |group: &str, kind: &str, name: String| Key {
        group: group.to_owned(),
        kind: kind.to_owned(),
        namespace: object.metadata().namespace.clone().unwrap_or_default(),
        name,
    };
    match &object.body {
        // https://cloudnative-pg.io/documentation/current/applications/
        Body::PostgresCluster(cluster) => {
            let services = ["rw", "ro", "r"].map(|role| key("", "Service", format!("{name}-{role}")));
            let initdb = cluster.spec.bootstrap.as_ref().and_then(|bootstrap| bootstrap.initdb.as_ref());
            let made = initdb.is_none_or(|initdb| initdb.secret.is_none());
            services.into_iter().chain(made.then(|| key("", "Secret", format!("{name}-app")))).collect()
        }
        Body::Pooler(_) => {
            vec![key("", "Service", name.to_owned()), key("apps", "Deployment", name.to_owned())]
        }
        Body::ExternalSecret(secret) => {
            let target = secret.spec.target.as_ref().and_then(|target| target.name.clone());
            vec![key("", "Secret", target.unwrap_or_else(|| name.to_owned()))]
        }
        _ => Vec::new(),
    }
}
