//! The Grafana dashboards of a component, as Grafana's sidecar finds them: ConfigMaps with the label
//! `grafana_dashboard`, and the folder in an annotation.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;

use super::{config_map, named};
use crate::kube::{Object, Stage};
use crate::language::component::common::Common;
use crate::plan::Site;
use crate::report::{Code, Diagnostic, Report};

/// The most a ConfigMap holds, in bytes.
const LARGEST: usize = 1 << 20;

/// One ConfigMap for each dashboard.
pub fn objects(common: &Common, site: &Site, report: &mut Report) -> Vec<Object> {
    let place = site.place();
    let mut objects = Vec::new();
    for (name, dashboard) in &common.dashboards {
        let Some(id) = config_map::find("files", &dashboard.file, site, report) else { continue };
        let text = site.plan.sources.text(id);
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) {
            report.add(
                Diagnostic::new(
                    Code::InvalidValue,
                    dashboard.file.span,
                    format!("`{}` is no JSON: {error}", dashboard.file.value),
                )
                .help("export the dashboard from Grafana as JSON"),
            );
            continue;
        }
        if text.len() > LARGEST {
            report.add(Diagnostic::new(
                Code::ObjectTooLarge,
                dashboard.file.span,
                format!("the dashboard has {} bytes; a ConfigMap holds {LARGEST}", text.len()),
            ));
            continue;
        }
        let mut metadata = named(format!("{}-dashboard-{name}", place.component));
        metadata.labels = Some(BTreeMap::from([("grafana_dashboard".to_owned(), "1".to_owned())]));
        metadata.annotations = dashboard
            .folder
            .as_ref()
            .map(|folder| BTreeMap::from([("grafana_folder".to_owned(), folder.clone())]));
        // The sidecar puts the files of all namespaces into one folder, so their names tell them apart.
        let key = format!("{}-{}-{name}.json", place.deployment, place.component);
        let data = Some(BTreeMap::from([(key, text.to_owned())]));
        objects.push(Object::from(ConfigMap { metadata, data, ..ConfigMap::default() }).at(Stage::Observer));
    }
    objects
}
