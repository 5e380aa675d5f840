//! The ConfigMap of a component: the configuration files of all its containers.

use std::collections::{BTreeMap, BTreeSet};

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{ConfigMap, ConfigMapVolumeSource, KeyToPath, Volume, VolumeMount};
use serde_json::{Map, json};

use super::{digest, named};
use crate::kube::Object;
use crate::language::component::config::ConfigFile;
use crate::language::component::env::Input;
use crate::language::value::{ConfigKey, RelativePath};
use crate::plan::{OutputValue, Site};
use crate::report::{Code, Diagnostic, Report};
use crate::source::{Content, FileId, Span, Spanned};

/// The most a ConfigMap holds, in bytes (`MaxSecretSize` of the API).
const LARGEST: usize = 1 << 20;

/// Keys of the ConfigMap and the names of their files.
type Items = Vec<(String, String)>;

/// The configuration files of a component, as they are gathered.
#[derive(Debug, Default)]
pub struct Config {
    data: BTreeMap<String, Content>,
    /// By the volume's name: the keys and their file names, or all of them.
    volumes: BTreeMap<String, Option<Items>>,
    taken: BTreeSet<String>,
}

impl Config {
    /// Nothing yet; `taken` are the names of the component's own volumes.
    pub fn new(taken: impl IntoIterator<Item = String>) -> Self {
        Self { taken: taken.into_iter().collect(), ..Self::default() }
    }

    /// Adds the files of a container, and gives its mounts.
    pub fn add(
        &mut self,
        container: &str,
        files: &BTreeMap<ConfigKey, ConfigFile>,
        site: &Site,
        report: &mut Report,
    ) -> Vec<(VolumeMount, Span)> {
        let mut folders: BTreeMap<&str, (Items, Span)> = BTreeMap::new();
        let mut mounts = Vec::new();
        for (name, file) in files {
            let content = content(file, site, report);
            let key = content.map(|content| self.keep(container, name.as_str(), content));
            match (key, &file.mount, &file.at) {
                (_, Some(mount), Some(at)) => report.add(
                    Diagnostic::new(Code::ConflictingFields, at.span, format!("`{name}` has two places"))
                        .because(mount.span, "conflicts with this")
                        .help("use `mount` for a folder or `at` for the exact path"),
                ),
                (_, None, None) => report.add(
                    Diagnostic::new(
                        Code::MissingField,
                        file.span,
                        format!("it is not said where `{name}` appears"),
                    )
                    .help("set `mount` to a folder, or `at` to the exact path"),
                ),
                (Some(key), Some(folder), None) => {
                    let entry = folders.entry(folder.value.as_str()).or_insert((Vec::new(), folder.span));
                    entry.0.push((key, name.to_string()));
                }
                (Some(key), None, Some(at)) => {
                    let volume = self.volume("config", None, container);
                    mounts.push((mount(volume, at.value.as_str(), Some(key)), at.span));
                }
                (None, _, _) => {}
            }
        }
        for (folder, (items, span)) in folders {
            let volume = self.volume(&volume_name(folder), Some(items), container);
            mounts.push((mount(volume, folder, None), span));
        }
        mounts
    }

    /// Takes over a content under its own name, or under the container's when another file has that.
    fn keep(&mut self, container: &str, name: &str, content: Content) -> String {
        let key = match self.data.get(name) {
            Some(other) if *other != content => format!("{container}-{name}"),
            _ => name.to_owned(),
        };
        self.data.insert(key.clone(), content);
        key
    }

    /// The name of the volume with these items: the wanted one, unless something else has it.
    fn volume(&mut self, wanted: &str, items: Option<Items>, container: &str) -> String {
        let mut name = wanted.to_owned();
        let mut suffix = container;
        while self.taken.contains(&name) || self.volumes.get(&name).is_some_and(|other| *other != items) {
            name = shorten(&format!("{name}-{suffix}"));
            suffix = "x";
        }
        self.volumes.insert(name.clone(), items);
        name
    }

    /// The volumes of the pod.
    pub fn volumes(&self, site: &Site) -> Vec<Volume> {
        let source = |items: &Option<Items>| ConfigMapVolumeSource {
            name: name(site),
            items: items.as_ref().map(|items| {
                let item = |(key, path): &(String, String)| KeyToPath {
                    key: key.clone(),
                    path: path.clone(),
                    ..KeyToPath::default()
                };
                items.iter().map(item).collect()
            }),
            ..ConfigMapVolumeSource::default()
        };
        self.volumes
            .iter()
            .map(|(name, items)| Volume {
                name: name.clone(),
                config_map: Some(source(items)),
                ..Volume::default()
            })
            .collect()
    }

    /// What the pods carry so that they roll when a file changes.
    pub fn checksum(&self) -> Option<String> {
        if self.data.is_empty() {
            return None;
        }
        let mut bytes = Vec::new();
        for (key, content) in &self.data {
            let content = content.bytes();
            // Lengths keep two different sets of files from looking the same.
            bytes.extend_from_slice(format!("{}:{key}{}:", key.len(), content.len()).as_bytes());
            bytes.extend_from_slice(content);
        }
        Some(digest(&bytes))
    }

    /// The ConfigMap, when there are files.
    pub fn object(self, site: &Site, report: &mut Report) -> Option<Object> {
        if self.data.is_empty() {
            return None;
        }
        let size: usize = self.data.values().map(|content| content.bytes().len()).sum();
        if size > LARGEST {
            report.add(
                Diagnostic::new(
                    Code::ObjectTooLarge,
                    site.component.span,
                    format!(
                        "the configuration files have {size} bytes together; a ConfigMap holds {LARGEST}"
                    ),
                )
                .help("put large files into the image or on a volume"),
            );
        }
        let mut data = BTreeMap::new();
        let mut binary = BTreeMap::new();
        for (key, content) in self.data {
            match content {
                Content::Text(text) => {
                    data.insert(key, text);
                }
                Content::Binary(bytes) => {
                    binary.insert(key, ByteString(bytes));
                }
            }
        }
        Some(Object::from(ConfigMap {
            metadata: named(name(site)),
            data: (!data.is_empty()).then_some(data),
            binary_data: (!binary.is_empty()).then_some(binary),
            immutable: None,
        }))
    }
}

/// The name of a component's ConfigMap.
pub fn name(site: &Site) -> String {
    format!("{}-config", site.component.name)
}

fn mount(volume: String, path: &str, sub_path: Option<String>) -> VolumeMount {
    VolumeMount {
        name: volume,
        mount_path: path.to_owned(),
        sub_path,
        read_only: Some(true),
        ..VolumeMount::default()
    }
}

fn volume_name(folder: &str) -> String {
    let mut name = String::from("config");
    for segment in
        folder.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty())
    {
        name.push('-');
        name.push_str(&segment.to_ascii_lowercase());
    }
    shorten(&name)
}

/// At most 63 characters: a longer name keeps its beginning and gets a digest.
fn shorten(name: &str) -> String {
    match (name.len() > 63, name.get(..54)) {
        (true, Some(beginning)) => {
            let hash = digest(name.as_bytes());
            format!("{beginning}-{}", hash.get(..8).unwrap_or_default())
        }
        _ => name.to_owned(),
    }
}

fn content(file: &ConfigFile, site: &Site, report: &mut Report) -> Option<Content> {
    match (&file.template, &file.file, &file.text) {
        (Some(template), None, None) => {
            let id = find("templates", template, site, report)?;
            let values = values(&file.values, site, report)?;
            let scope = site.deployment.scope.with(
                "component",
                json!({ "name": site.component.name, "kind": site.component.kind.common().kind }),
            );
            let plan = site.plan;
            plan.engine.render(id, &scope, &values, template.span, plan.sources, report).map(Content::Text)
        }
        (None, Some(file), None) => {
            let id = find("files", file, site, report)?;
            site.plan.sources.get(id).map(|source| source.content.clone())
        }
        (None, None, Some(text)) => Some(Content::Text(text.value.clone())),
        (None, None, None) => {
            report.add(
                Diagnostic::new(Code::MissingField, file.span, "it is not said what the file holds")
                    .help("set one of `template`, `file` and `text`"),
            );
            None
        }
        _ => {
            report.add(
                Diagnostic::new(Code::ConflictingFields, file.span, "the file has more than one content")
                    .help("set exactly one of `template`, `file` and `text`"),
            );
            None
        }
    }
}

/// A file of the stack's `templates/` or `files/`.
pub fn find(folder: &str, path: &Spanned<RelativePath>, site: &Site, report: &mut Report) -> Option<FileId> {
    let stack = &site.deployment.stack.name;
    let root = format!("{stack}/{folder}/");
    let found = site.plan.sources.find(&format!("{root}{}", path.value));
    if found.is_none() {
        let present = site.plan.sources.iter().filter_map(|(_, file)| file.path.strip_prefix(&root));
        report.add(
            Diagnostic::new(
                Code::UnknownFile,
                path.span,
                format!("there is no file `{}` under `{root}`", path.value),
            )
            .nearest(path.value.as_str(), present),
        );
    }
    found
}

/// What a template sees as `values`; secrets have no place in a ConfigMap.
fn values(
    inputs: &BTreeMap<crate::language::component::config::ParamName, Input>,
    site: &Site,
    report: &mut Report,
) -> Option<Map<String, serde_json::Value>> {
    let mut values = Map::new();
    let mut complete = true;
    for (name, input) in inputs {
        let value = match input {
            Input::Literal(node) => Some(node.to_json()),
            Input::From(reference) => {
                match site.link(&reference.target).and_then(|link| link.output.as_ref()) {
                    Some(output) => match &output.value {
                        OutputValue::Plain(value) => Some(value.clone()),
                        OutputValue::Secret { .. } | OutputValue::Composed { .. } => {
                            report.add(
                            Diagnostic::new(
                                Code::SecretInPlain,
                                reference.span,
                                format!("`{}` is secret, and a ConfigMap is not", reference.target),
                            )
                            .help("give it to the program as an environment variable: `env.NAME = { from = \"…\" }`"),
                        );
                            None
                        }
                        OutputValue::Claim(_) => None,
                    },
                    None => None,
                }
            }
        };
        match value {
            Some(value) => {
                values.insert(name.to_string(), value);
            }
            None => complete = false,
        }
    }
    complete.then_some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn volumes_are_named_after_their_folder() {
        assert_eq!(volume_name("/etc/nginx/conf.d"), "config-etc-nginx-conf-d");
        assert_eq!(volume_name("/"), "config");
        let long = volume_name(&"/abcdefghij".repeat(9));
        assert!(long.len() <= 63 && long != volume_name(&"/abcdefghij".repeat(10)));
    }

    #[test]
    fn one_key_with_two_contents_is_kept_twice() {
        let mut config = Config::default();
        assert_eq!(config.keep("web", "a.conf", Content::Text("1".into())), "a.conf");
        assert_eq!(config.keep("proxy", "a.conf", Content::Text("1".into())), "a.conf");
        assert_eq!(config.keep("proxy", "a.conf", Content::Text("2".into())), "proxy-a.conf");
    }

    #[test]
    fn the_checksum_sees_every_byte_and_its_place() {
        let sum = |files: &[(&str, &str)]| {
            let mut config = Config::default();
            for (name, text) in files {
                config.keep("web", name, Content::Text((*text).into()));
            }
            config.checksum()
        };
        assert_eq!(sum(&[]), None);
        assert_ne!(sum(&[("a", "bc")]), sum(&[("ab", "c")]));
        assert_eq!(sum(&[("a", "1"), ("b", "2")]), sum(&[("b", "2"), ("a", "1")]));
    }
}
