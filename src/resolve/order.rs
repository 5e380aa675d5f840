//! Order: the fewest layers in which every component comes after what it needs, and cycles.

use std::collections::BTreeSet;

use crate::language::reference::Want;
use crate::plan::{ComponentId, Deployment, Turn};
use crate::report::{Code, Diagnostic, Report};
use crate::source::Span;

/// Sets every component's wave; reports cycles with the line of every edge.
///
/// A reference to a volume is no order: who mounts it together starts together.
pub fn order(deployments: &mut [Deployment], report: &mut Report) {
    let edges: Vec<Vec<Edges>> = deployments
        .iter()
        .enumerate()
        .map(|(position, deployment)| {
            let edges = deployment.components.iter().map(|component| {
                let links = component.links.iter().filter(|(target, _)| target.want != Want::Volume);
                links.map(|(_, link)| (link.provider, link.span)).collect()
            });
            let mut edges: Vec<Edges> = edges.collect();
            first(position, deployment, &mut edges);
            edges
        })
        .collect();
    let waves: Vec<Vec<i32>> = {
        let mut walk = Walk {
            edges: &edges,
            deployments,
            waves: Vec::new(),
            path: Vec::new(),
            found: BTreeSet::new(),
            report,
        };
        walk.waves = edges.iter().map(|components| vec![Wave::Unseen; components.len()]).collect();
        for (deployment, components) in edges.iter().enumerate() {
            for component in 0..components.len() {
                walk.visit(ComponentId { deployment, component });
            }
        }
        walk.waves.iter().map(|waves| waves.iter().map(|wave| wave.depth()).collect()).collect()
    };
    for (deployment, waves) in deployments.iter_mut().zip(waves) {
        for (component, wave) in deployment.components.iter_mut().zip(waves) {
            component.wave = wave;
        }
    }
}

/// What a component needs, and where that is written.
type Edges = Vec<(ComponentId, Span)>;

/// Makes every component need those whose turn is first, but for what those need themselves.
fn first(position: usize, deployment: &Deployment, edges: &mut [Edges]) {
    let turns: Vec<Turn> = deployment.components.iter().map(|component| component.kind.turn()).collect();
    let firsts = turns.iter().enumerate().filter(|(_, turn)| **turn == Turn::First).map(|(index, _)| index);
    let added: Vec<(usize, usize)> = firsts
        .flat_map(|index| {
            let needed = needed(position, index, edges);
            let later = turns
                .iter()
                .enumerate()
                .filter(move |(other, turn)| **turn == Turn::AsReferred && !needed.contains(other));
            later.map(move |(other, _)| (other, index)).collect::<Vec<_>>()
        })
        .collect();
    for (component, index) in added {
        let span = deployment.components.get(index).map_or(Span::NOWHERE, |component| component.span);
        if let Some(edges) = edges.get_mut(component) {
            edges.push((ComponentId { deployment: position, component: index }, span));
        }
    }
}

/// The components of the deployment that one needs, directly or through others.
fn needed(position: usize, component: usize, edges: &[Edges]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut open = vec![component];
    while let Some(next) = open.pop() {
        let inside = edges.get(next).into_iter().flatten().filter(|(need, _)| need.deployment == position);
        for (need, _) in inside {
            if found.insert(need.component) {
                open.push(need.component);
            }
        }
    }
    found
}

#[derive(Clone, Copy)]
enum Wave {
    Unseen,
    Open,
    Known(i32),
}

impl Wave {
    fn depth(self) -> i32 {
        match self {
            Wave::Known(wave) => wave,
            Wave::Unseen | Wave::Open => 0,
        }
    }
}

struct Walk<'a, 'd> {
    edges: &'a [Vec<Edges>],
    deployments: &'a [Deployment<'d>],
    waves: Vec<Vec<Wave>>,
    /// The components being visited, each with the place of the reference that led on from it.
    path: Vec<(ComponentId, Span)>,
    /// Cycles already reported, by the places of their edges.
    found: BTreeSet<Vec<Span>>,
    report: &'a mut Report,
}

impl Walk<'_, '_> {
    fn wave(&mut self, id: ComponentId) -> Option<&mut Wave> {
        self.waves.get_mut(id.deployment)?.get_mut(id.component)
    }

    /// Visits a component and all it needs. An explicit stack, since chains may be long.
    fn visit(&mut self, start: ComponentId) {
        let edges = self.edges;
        let mut stack: Vec<(ComponentId, usize)> = vec![(start, 0)];
        while let Some((id, next)) = stack.pop() {
            if next == 0 {
                match self.wave(id) {
                    Some(wave @ Wave::Unseen) => *wave = Wave::Open,
                    _ => continue,
                }
            } else {
                self.path.pop();
            }
            let needs =
                edges.get(id.deployment).and_then(|all| all.get(id.component)).map_or(&[][..], Vec::as_slice);
            match needs.get(next) {
                Some((need, span)) => {
                    stack.push((id, next + 1));
                    self.path.push((id, *span));
                    match self.wave(*need).map(|wave| *wave) {
                        Some(Wave::Unseen) => stack.push((*need, 0)),
                        Some(Wave::Open) => self.cycle(*need),
                        _ => {}
                    }
                }
                None => {
                    let inside = needs.iter().filter(|(need, _)| need.deployment == id.deployment);
                    let depths: Vec<i32> = inside
                        .filter_map(|(need, _)| self.waves.get(need.deployment)?.get(need.component))
                        .map(|wave| wave.depth() + 1)
                        .collect();
                    if let Some(wave) = self.wave(id) {
                        *wave = Wave::Known(depths.into_iter().max().unwrap_or(0));
                    }
                }
            }
        }
    }

    fn name(&self, id: ComponentId) -> &str {
        let deployment = self.deployments.get(id.deployment);
        deployment
            .and_then(|deployment| deployment.components.get(id.component))
            .map_or("", |component| &component.name)
    }

    fn cycle(&mut self, back_to: ComponentId) {
        let Some(start) = self.path.iter().position(|(id, _)| *id == back_to) else { return };
        let cycle = self.path.get(start..).unwrap_or_default();
        let mut places: Vec<Span> = cycle.iter().map(|(_, span)| *span).collect();
        let names: Vec<&str> =
            cycle.iter().map(|(id, _)| self.name(*id)).chain([self.name(back_to)]).collect();
        let mut edges = cycle.iter().zip(names.iter().zip(names.iter().skip(1)));
        let Some(((_, first), (from, to))) = edges.next() else { return };
        let mut diagnostic = Diagnostic::new(
            Code::DependencyCycle,
            *first,
            format!("components need each other in a circle: `{}`", names.join("` → `")),
        )
        .label(format!("`{from}` needs `{to}`"))
        .help("take one of the references out, or split a component so that each part needs only what comes before it");
        for ((_, span), (from, to)) in edges {
            diagnostic = diagnostic.because(*span, format!("`{from}` needs `{to}`"));
        }
        places.sort();
        if self.found.insert(places) {
            self.report.add(diagnostic);
        }
    }
}
