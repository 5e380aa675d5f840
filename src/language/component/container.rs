//! What a container runs: shared by main containers, sidecars and init steps.

use std::collections::BTreeMap;

use super::config::ConfigFile;
use super::env::EnvValue;
use super::resources::Resources;
use super::security::ContainerSecurity;
use crate::language::value::{ConfigKey, EnvName, ImageReference, Path};
use crate::source::Spanned;
use crate::{choice, table};

table! {
    /// What a container runs.
    pub struct Container {
        /// The image, with a tag or digest.
        image: Spanned<ImageReference>,
        /// When the image is pulled. Default: Kubernetes' own rule.
        image_pull: Option<PullPolicy>,
        /// The command, instead of the image's entry point.
        command: Vec<String>,
        /// The arguments, instead of the image's.
        args: Vec<String>,
        /// The folder the command starts in. Default: the image's.
        working_dir: Option<Path>,
        /// Environment variables. `$(OTHER)` in a value stands for another variable's.
        env: BTreeMap<EnvName, EnvValue>,
        /// Configuration files.
        config: BTreeMap<ConfigKey, ConfigFile>,
        /// CPU and memory.
        resources: Option<Resources>,
        /// Privileges of this container, where it needs more or less than the pod.
        container_security: Option<ContainerSecurity>,
    }
}

choice! {
    /// When an image is pulled.
    pub enum PullPolicy {
        /// At every start.
        Always = "Always",
        /// When the node has none.
        IfNotPresent = "IfNotPresent",
        /// Never.
        Never = "Never",
    }
}
