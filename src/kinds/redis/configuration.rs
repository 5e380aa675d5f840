//! The scripts that start, probe and stop the pods, and the settings of the definition.

use crate::kube::Object;
use crate::parts::digest;

use super::super::store::{Labels, config_map};
use super::Redis;

const SHARED: &[(&str, &str)] = &[
    ("common.sh", include_str!("common.sh")),
    ("redis-live.sh", include_str!("redis-live.sh")),
    ("redis-ready.sh", include_str!("redis-ready.sh")),
    ("redis-start.sh", include_str!("redis-start.sh")),
];

const SENTINELS: &[(&str, &str)] = &[
    ("redis-stop.sh", include_str!("redis-stop.sh")),
    ("sentinel-live.sh", include_str!("sentinel-live.sh")),
    ("sentinel-ready.sh", include_str!("sentinel-ready.sh")),
    ("sentinel-start.sh", include_str!("sentinel-start.sh")),
];

/// The ConfigMap of scripts and settings.
#[derive(Debug)]
pub struct Configuration {
    name: String,
    files: Labels,
}

impl Configuration {
    /// The scripts that this form of Redis needs, and its settings.
    pub fn of(redis: &Redis, component: &str) -> Self {
        let sentinels = if redis.has_sentinels() { SENTINELS } else { &[] };
        let mut files: Labels = SHARED
            .iter()
            .chain(sentinels)
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let parameters: String = redis
            .parameters
            .iter()
            .map(|(name, setting)| format!("{name} {}\n", setting.value.text("yes", "no")))
            .collect();
        if !parameters.is_empty() {
            files.insert("parameters.conf".to_owned(), parameters);
        }
        Self { name: format!("{component}-scripts"), files }
    }

    /// The name of the ConfigMap.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A digest of the content: it changes when the pods have to start anew.
    pub fn checksum(&self) -> String {
        // With their lengths, which keep the end of one file apart from the beginning of the next.
        let written = self.files.iter().map(|(name, text)| format!("{name} {}\n{text}", text.len()));
        digest(written.collect::<String>().as_bytes())
    }

    /// The ConfigMap.
    pub fn object(self) -> Object {
        config_map(self.name, self.files).into()
    }
}
