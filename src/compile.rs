//! The pipeline, one phase a line.

use crate::argocd::control;
use crate::check::check;
use crate::emit::render::render;
use crate::emit::tree::Tree;
use crate::load::load;
use crate::lower::lower;
use crate::report::Report;
use crate::resolve::resolve;
use crate::source::Sources;
use crate::template::Engine;

/// What the compiler makes of the sources.
#[derive(Debug)]
pub struct Compiled {
    /// The output; `None` while there are errors.
    pub tree: Option<Tree>,
    /// Every problem that was found.
    pub report: Report,
}

/// Compiles a workspace. A pure function of the sources.
pub fn compile(sources: &Sources) -> Compiled {
    let mut report = Report::new();
    let Some(definitions) = load(sources, &mut report) else {
        return Compiled { tree: None, report };
    };
    let engine = Engine::new(sources, &definitions, &mut report);
    let plan = resolve(&definitions, sources, &engine, &mut report);
    let objects = lower(&plan, &mut report);
    check(&plan, &objects, &mut report);
    let control = control(&plan, &objects, &mut report);
    let tree = render(&plan, &objects, &control, &mut report);
    let tree = (!report.has_errors()).then_some(tree);
    Compiled { tree, report }
}
