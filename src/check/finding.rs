//! What a rule has found, and whose it is.

use crate::objects::Placed;
use crate::plan::ComponentId;
use crate::report::Diagnostic;

/// A problem and whose it is: what waivers match.
#[derive(Debug)]
pub struct Finding {
    /// The position of the deployment in the plan.
    pub deployment: usize,
    /// The position of the component in the deployment; `None` for what belongs to the deployment as a whole.
    pub component: Option<usize>,
    /// The problem.
    pub diagnostic: Diagnostic,
}

/// Everything a rule has found.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Finding>,
}

impl Findings {
    /// Takes down a problem of an object.
    pub fn add(&mut self, placed: &Placed, diagnostic: Diagnostic) {
        self.found.push(Finding { deployment: placed.deployment, component: placed.component, diagnostic });
    }

    /// Takes down a problem of a component.
    pub fn add_to(&mut self, id: ComponentId, diagnostic: Diagnostic) {
        self.found.push(Finding { deployment: id.deployment, component: Some(id.component), diagnostic });
    }
}

impl IntoIterator for Findings {
    type Item = Finding;
    type IntoIter = std::vec::IntoIter<Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}
