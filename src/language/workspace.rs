//! The workspace: where the rendered output lives, how Argo CD treats it, and the levels of the rules.

use std::collections::BTreeMap;

use super::read::{Read, Reader};
use super::shape::{Field, Shape, TableShape};
use super::value::{GitRevision, GitUrl, Name, RelativePath, VersionRequirement};
use crate::report::{Code, Severity};
use crate::source::{Node, Spanned};
use crate::{choice, table};

table! {
    /// The workspace as a whole.
    pub struct Workspace {
        /// The version of the language. This page describes version 1; a binary refuses a version that is newer than it knows.
        version: Spanned<u32>,
        /// Which versions of kiln may build this workspace, as a semantic version requirement.
        requires: Option<Spanned<VersionRequirement>>,
        /// Where Argo CD finds the rendered output.
        repository: Repository,
    }
}

table! {
    /// The Git repository that holds `out/`.
    pub struct Repository {
        /// Its address, as Argo CD clones it.
        url: GitUrl,
        /// The revision Argo CD follows, fully qualified: `refs/heads/…` or `refs/tags/…`.
        revision: GitRevision = GitRevision::constant("refs/heads/main"),
        /// The folder of the output in the repository.
        path: RelativePath = RelativePath::constant("out"),
    }
}

table! {
    /// How Argo CD is set up and treats what kiln renders.
    pub struct ArgoCd {
        /// The namespace Argo CD runs in.
        namespace: Name = Name::constant("argocd"),
        /// What happens to the objects of a deployment that is gone from the output.
        deletion: Deletion = Deletion::Confirm,
        /// The chart (a name under `charts`) that installs Argo CD itself in the bootstrap.
        chart: Option<Spanned<Name>>,
        /// Helm values for that chart, over the ones kiln writes.
        values: Option<Node>,
    }
}

choice! {
    /// What happens when a deployment disappears.
    pub enum Deletion {
        /// Argo CD asks before it deletes anything.
        Confirm = "confirm",
        /// Everything that belongs to it is deleted.
        Cascade = "cascade",
        /// The Application goes, the objects stay.
        Orphan = "orphan",
    }
}

choice! {
    /// How serious a rule is taken.
    pub enum Level {
        /// The build fails.
        Deny = "deny",
        /// It is shown, and the build goes on.
        Warn = "warn",
        /// It is not looked at.
        Off = "off",
    }
}

table! {
    /// An exception from a rule, with its reason.
    pub struct Waiver {
        /// The rule that is waived.
        rule: Spanned<String>,
        /// What it is waived for.
        r#match: WaiverMatch,
        /// Why.
        reason: String,
        /// Who answers for it.
        owner: Option<String>,
    }
}

table! {
    /// What a waiver covers: everything that agrees with all of these.
    pub struct WaiverMatch {
        /// The stack.
        stack: Option<String>,
        /// The instance, by its full name.
        instance: Option<String>,
        /// The component.
        component: Option<String>,
        /// The cluster.
        cluster: Option<String>,
    }
}

/// The rules' levels, and the waivers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Policy {
    /// The level of each rule that is named, and where.
    pub levels: BTreeMap<Code, Spanned<Level>>,
    /// The exceptions.
    pub waivers: BTreeMap<String, Waiver>,
}

impl Policy {
    /// The rules whose level can be set.
    pub const RULES: &[Code] = &[
        Code::UnpinnedImage,
        Code::PlaintextSecret,
        Code::MissingRequests,
        Code::MissingProbe,
        Code::Privileged,
    ];
}

impl Read for Policy {
    fn read(node: &Node, reader: &mut Reader) -> Option<Self> {
        let Some(table) = node.as_table() else {
            return reader.expected(node, "a table of rules and their levels");
        };
        let mut policy = Policy::default();
        for (key, value) in &table.entries {
            if &*key.name == "waivers" {
                let waivers = BTreeMap::<Name, Waiver>::read(value, reader).unwrap_or_default();
                policy.waivers =
                    waivers.into_iter().map(|(name, waiver)| (name.to_string(), waiver)).collect();
                continue;
            }
            let level = Spanned::<Level>::read(value, reader);
            match Self::RULES.iter().find(|rule| rule.name() == &*key.name) {
                Some(rule) => {
                    level.map(|level| policy.levels.insert(*rule, level));
                }
                None => reader.report.add(unknown_rule(&key.name, key.span)),
            }
        }
        for waiver in policy.waivers.values() {
            if waiver.reason.trim().is_empty() {
                reader.invalid::<()>(
                    waiver.span,
                    "a waiver without a reason",
                    Some("say why in `reason`".to_owned()),
                );
            }
            let covers = &waiver.r#match;
            if [&covers.stack, &covers.instance, &covers.component, &covers.cluster]
                .iter()
                .all(|term| term.is_none())
            {
                reader.invalid::<()>(
                    covers.span,
                    "a waiver that covers everything turns its rule off",
                    Some("narrow its `match`, or set the rule to `off`".to_owned()),
                );
            }
            if !Self::RULES.iter().any(|rule| rule.name() == waiver.rule.value) {
                reader.report.add(unknown_rule(&waiver.rule.value, waiver.rule.span));
            }
        }
        Some(policy)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }

    fn shape() -> Shape {
        Shape::Table(TableShape {
            name: "Policy",
            doc: "How serious each rule is taken: `deny` stops the build, `warn` shows, `off` does not look.",
            fields: policy_fields,
        })
    }
}

fn policy_fields() -> Vec<Field> {
    let level = |rule: &Code| Field {
        key: rule.name().to_owned(),
        doc: rule.title(),
        shape: Level::shape(),
        required: false,
        default: Some(match rule.severity() {
            Severity::Error => "\"deny\"".to_owned(),
            Severity::Warning => "\"warn\"".to_owned(),
        }),
    };
    let waivers = Field {
        key: "waivers".to_owned(),
        doc: "Exceptions from the rules, by a name of your choice.",
        shape: BTreeMap::<Name, Waiver>::shape(),
        required: false,
        default: None,
    };
    Policy::RULES.iter().map(level).chain([waivers]).collect()
}

fn unknown_rule(name: &str, span: crate::source::Span) -> crate::report::Diagnostic {
    crate::report::Diagnostic::new(Code::UnknownRule, span, format!("there is no rule `{name}`"))
        .nearest(name, Policy::RULES.iter().map(|rule| rule.name()))
}
