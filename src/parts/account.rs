//! The ServiceAccount of a workload, and what it may do.

use k8s_openapi::api::core::v1::ServiceAccount;
use k8s_openapi::api::rbac::v1::{PolicyRule, Role, RoleBinding, RoleRef, Subject};

use super::named;
use crate::kube::Object;
use crate::language::component::identity::Identity;
use crate::plan::Site;

/// Whether the pods get a token for the Kubernetes API.
pub fn has_token(identity: Option<&Identity>) -> bool {
    identity.is_some_and(|identity| identity.token.unwrap_or(!identity.rules.is_empty()))
}

/// The ServiceAccount, and a Role with its RoleBinding when there are rules.
pub fn objects(identity: Option<&Identity>, site: &Site) -> Vec<Object> {
    let place = site.place();
    let mut metadata = named(place.component);
    if let Some(identity) = identity
        && !identity.annotations.is_empty()
    {
        let annotations = identity.annotations.iter();
        metadata.annotations =
            Some(annotations.map(|(key, value)| (key.to_string(), value.clone())).collect());
    }
    let mut objects = vec![Object::from(ServiceAccount {
        metadata,
        automount_service_account_token: (!has_token(identity)).then_some(false),
        ..ServiceAccount::default()
    })];
    let rules: Vec<PolicyRule> = identity
        .map(|identity| identity.rules.values())
        .into_iter()
        .flatten()
        .map(|rule| PolicyRule {
            api_groups: Some(rule.api_groups.clone()),
            resources: Some(rule.resources.clone()),
            resource_names: (!rule.resource_names.is_empty()).then(|| rule.resource_names.clone()),
            verbs: rule.verbs.clone(),
            non_resource_urls: None,
        })
        .collect();
    if !rules.is_empty() {
        objects.push(Object::from(Role { metadata: named(place.component), rules: Some(rules) }));
        objects.push(Object::from(RoleBinding {
            metadata: named(place.component),
            role_ref: RoleRef {
                api_group: Some("rbac.authorization.k8s.io".to_owned()),
                kind: "Role".to_owned(),
                name: place.component.to_owned(),
            },
            subjects: Some(vec![Subject {
                kind: "ServiceAccount".to_owned(),
                name: place.component.to_owned(),
                namespace: Some(place.namespace.to_owned()),
                api_group: None,
            }]),
        }));
    }
    objects
}
