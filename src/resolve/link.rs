//! References → links: what each names, and who may therefore connect to whom.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::language::reference::{Reference, Target, Want};
use crate::load::Knowledge;
use crate::plan::{ComponentId, Consumer, Deployment, Endpoint, Link, Output, OutputValue, Place};
use crate::report::{Code, Diagnostic, Report};

/// A reference that leads somewhere: the position of its component, and what it stands for.
type Found = (usize, Reference, Link);

/// Resolves every reference; links and consumers are put into the deployments.
pub fn link(
    deployments: &mut [Deployment],
    references: &[Vec<(Option<usize>, Reference)>],
    disabled: &[Vec<String>],
    knowledge: Knowledge,
    report: &mut Report,
) {
    let mut index: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (position, deployment) in deployments.iter().enumerate() {
        index.entry((deployment.cluster_name, deployment.stack.name.as_str())).or_default().push(position);
    }
    let linker = Linker { deployments, index, disabled, knowledge };
    let found: Vec<(Vec<Found>, Report)> = references
        .par_iter()
        .enumerate()
        .map(|(position, references)| {
            let mut report = Report::new();
            let mut links = Vec::new();
            for (component, reference) in references {
                let link = linker.link(position, *component, reference, &mut report);
                if let (Some(component), Some(link)) = (component, link) {
                    links.push((*component, reference.clone(), link));
                }
            }
            (links, report)
        })
        .collect();
    for (position, (links, problems)) in found.into_iter().enumerate() {
        report.append(problems);
        for (component, reference, link) in links {
            let id = ComponentId { deployment: position, component };
            consumed(deployments, id, &link);
            if let Some(component) =
                deployments.get_mut(position).and_then(|all| all.components.get_mut(component))
            {
                component.links.entry(reference.target).or_insert(link);
            }
        }
    }
    for component in deployments.iter_mut().flat_map(|deployment| &mut deployment.components) {
        component.consumers.sort();
        component.consumers.dedup();
    }
}

/// Takes down with the provider who refers to it.
fn consumed(deployments: &mut [Deployment], id: ComponentId, link: &Link) {
    let ports = match link.output.as_ref().and_then(|output| output.endpoint.as_ref()) {
        Some(Endpoint::Pods { ports, .. }) => ports.clone(),
        Some(Endpoint::Outside { .. }) | None => Vec::new(),
    };
    let provider = deployments
        .get_mut(link.provider.deployment)
        .and_then(|deployment| deployment.components.get_mut(link.provider.component));
    if let Some(provider) = provider {
        provider.consumers.push(Consumer { id, ports });
    }
}

struct Linker<'a, 'd> {
    deployments: &'a [Deployment<'d>],
    /// The deployments of a stack on a cluster.
    index: BTreeMap<(&'a str, &'a str), Vec<usize>>,
    disabled: &'a [Vec<String>],
    knowledge: Knowledge,
}

impl Linker<'_, '_> {
    /// What a reference of a component stands for; only looked at when the component could not be read.
    fn link(
        &self,
        from: usize,
        component: Option<usize>,
        reference: &Reference,
        report: &mut Report,
    ) -> Option<Link> {
        let deployment = self.deployment(from, reference, report)?;
        let target = &reference.target;
        let there = self.deployments.get(deployment)?;
        let Some(provider) = there.components.iter().position(|component| component.name == target.component)
        else {
            self.unknown_component(deployment, reference, report);
            return None;
        };
        let provider = ComponentId { deployment, component: provider };
        let output = match target.want {
            Want::Order => None,
            Want::Output => Some(self.output(provider, reference, report)?),
            Want::Volume => Some(self.volume(provider, reference, report)?),
        };
        if let (Some(output), Some(component)) = (&output, component) {
            let id = ComponentId { deployment: from, component };
            self.same_namespace(id, provider, reference, output, report)?;
        }
        Some(Link { provider, span: reference.span, output })
    }

    /// The deployment a reference leads to: on the same cluster, the instance it names.
    fn deployment(&self, from: usize, reference: &Reference, report: &mut Report) -> Option<usize> {
        let here = self.deployments.get(from)?;
        let Target { stack, instance, .. } = &reference.target;
        if stack.is_none() && instance.is_none() {
            return Some(from);
        }
        let stack = stack.as_deref().unwrap_or(&here.stack.name);
        let positions = self.index.get(&(here.cluster_name, stack)).map_or(&[][..], Vec::as_slice);
        let candidates: Vec<(usize, &Deployment)> = positions
            .iter()
            .filter_map(|position| Some((*position, self.deployments.get(*position)?)))
            .collect();
        let found = match instance {
            Some(instance) => candidates.iter().find(|(_, deployment)| deployment.instance == instance),
            None => match candidates.as_slice() {
                [only] => Some(only),
                several => {
                    let same = several.iter().find(|(_, deployment)| deployment.instance == here.instance);
                    if same.is_none() && !several.is_empty() {
                        self.ambiguous(here, stack, several, reference, report);
                        return None;
                    }
                    same
                }
            },
        };
        if found.is_none() {
            self.unknown_instance(here, stack, instance.as_deref(), &candidates, reference, report);
        }
        found.map(|(position, _)| *position)
    }

    fn ambiguous(
        &self,
        here: &Deployment,
        stack: &str,
        several: &[(usize, &Deployment)],
        reference: &Reference,
        report: &mut Report,
    ) {
        if self.knowledge == Knowledge::Partial {
            return;
        }
        let names: Vec<String> = several
            .iter()
            .map(|(_, deployment)| {
                let instance = Some(deployment.instance.to_owned());
                Target { stack: Some(stack.to_owned()), instance, ..reference.target.clone() }.to_string()
            })
            .collect();
        report.add(
            Diagnostic::new(
                Code::AmbiguousReference,
                reference.span,
                format!(
                    "`{}` could mean {} instances of `{stack}` on `{}`",
                    reference.target,
                    several.len(),
                    here.cluster_name
                ),
            )
            .help(format!("name one of them: `{}`", names.join("`, `"))),
        );
    }

    fn unknown_instance(
        &self,
        here: &Deployment,
        stack: &str,
        instance: Option<&str>,
        candidates: &[(usize, &Deployment)],
        reference: &Reference,
        report: &mut Report,
    ) {
        if self.knowledge == Knowledge::Partial {
            return; // what is missing may be among what could not be read
        }
        let elsewhere = self.deployments.iter().find(|deployment| {
            deployment.stack.name == stack && instance.is_none_or(|instance| deployment.instance == instance)
        });
        let message = match instance {
            Some(instance) => {
                format!("cluster `{}` has no instance `{instance}` of stack `{stack}`", here.cluster_name)
            }
            None => format!("cluster `{}` has no instance of stack `{stack}`", here.cluster_name),
        };
        let mut diagnostic = Diagnostic::new(Code::UnknownInstance, reference.span, message)
            .because(here.placement, format!("which brings `{}` to `{}`", here.name, here.cluster_name));
        diagnostic = match (elsewhere, instance) {
            (Some(other), _) => diagnostic
                .because(other.placement, format!("it is on `{}`", other.cluster_name))
                .help("place both on the same clusters, or refer to an `external` component that stands for the other"),
            (None, Some(instance)) if !candidates.is_empty() => {
                diagnostic.nearest(instance, candidates.iter().map(|(_, deployment)| deployment.instance))
            }
            (None, _) => diagnostic.nearest(stack, self.deployments.iter().map(|deployment| deployment.stack.name.as_str())),
        };
        report.add(diagnostic);
    }

    fn unknown_component(&self, deployment: usize, reference: &Reference, report: &mut Report) {
        let Some(there) = self.deployments.get(deployment) else { return };
        let name = reference.target.component.as_str();
        let disabled =
            self.disabled.get(deployment).is_some_and(|names| names.iter().any(|other| other == name));
        if let Some(definition) = there.stack.components.get(name) {
            if disabled {
                report.add(
                    Diagnostic::new(
                        Code::UnknownComponent,
                        reference.span,
                        format!("`{name}` is not part of `{}`", there.name),
                    )
                    .because(definition.span, "`enabled` is false for this instance")
                    .help("make `enabled` of both depend on the same parameter"),
                );
            }
            return;
        }
        if there.stack.unread.contains(&format!("components.{name}")) {
            return;
        }
        report.add(
            Diagnostic::new(
                Code::UnknownComponent,
                reference.span,
                format!("stack `{}` has no component `{name}`", there.stack.name),
            )
            .nearest(name, there.stack.components.keys().map(String::as_str)),
        );
    }

    fn output(&self, provider: ComponentId, reference: &Reference, report: &mut Report) -> Option<Output> {
        let deployment = self.deployments.get(provider.deployment)?;
        let component = deployment.components.get(provider.component)?;
        let mut outputs = component.kind.outputs(&place(deployment, provider.component)?);
        let name = reference.target.output.as_str();
        if let Some(output) = outputs.remove(name) {
            return Some(output);
        }
        let mut diagnostic = Diagnostic::new(
            Code::UnknownOutput,
            reference.span,
            format!("`{}` has no output `{name}`", reference.target.component),
        )
        .because(component.span, format!("of the kind `{}`, defined here", component.kind.common().kind));
        diagnostic = match component.kind.missing_output(name) {
            Some(help) => diagnostic.help(help),
            None => diagnostic.nearest(name, outputs.keys().map(String::as_str)),
        };
        report.add(diagnostic);
        None
    }

    fn volume(&self, provider: ComponentId, reference: &Reference, report: &mut Report) -> Option<Output> {
        let deployment = self.deployments.get(provider.deployment)?;
        let component = deployment.components.get(provider.component)?;
        let name = reference.target.output.as_str();
        if let Some(claim) = component.kind.claim(&component.name, name) {
            return Some(Output { value: OutputValue::Claim(claim), endpoint: None });
        }
        let volumes = component.kind.workload().map(|workload| &workload.volumes);
        let claims = volumes.into_iter().flatten().filter(|(_, volume)| volume.size.is_some());
        report.add(
            Diagnostic::new(
                Code::UnknownVolume,
                reference.span,
                format!("`{}` has no volume `{name}` that others can mount", reference.target.component),
            )
            .because(component.span, "defined here")
            .nearest(name, claims.map(|(name, _)| name.as_str()))
            .help("others can mount a volume that has a `size`, of a kind that is no `stateful`"),
        );
        None
    }

    /// Secrets and claims can only be used in the namespace they are in.
    fn same_namespace(
        &self,
        id: ComponentId,
        provider: ComponentId,
        reference: &Reference,
        output: &Output,
        report: &mut Report,
    ) -> Option<()> {
        let from = place(self.deployments.get(id.deployment)?, id.component)?;
        let to = place(self.deployments.get(provider.deployment)?, provider.component)?;
        let bound = match output.value {
            OutputValue::Secret { .. } | OutputValue::Composed { .. } => "a secret",
            OutputValue::Claim(_) => "a volume",
            OutputValue::Plain(_) => return Some(()),
        };
        if from.namespace == to.namespace {
            return Some(());
        }
        report.add(
            Diagnostic::new(
                Code::SecretElsewhere,
                reference.span,
                format!(
                    "`{}` is {bound} in the namespace `{}` and cannot be used in `{}`",
                    reference.target, to.namespace, from.namespace
                ),
            )
            .help(match output.value {
                OutputValue::Claim(_) => "give both the same namespace, or a volume each",
                _ => "fetch it from the store here as well: `secrets.<name> = { key = \"…\" }` and `{ secret = \"<name>\" }`",
            }),
        );
        None
    }
}

fn place<'a>(deployment: &'a Deployment, component: usize) -> Option<Place<'a>> {
    let component = deployment.components.get(component)?;
    Some(Place {
        cluster: deployment.cluster,
        deployment: &deployment.name,
        namespace: component.kind.own_namespace().map_or(&*deployment.namespace, |(name, _)| name),
        component: &component.name,
    })
}
