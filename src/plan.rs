//! The plan: every deployment with its components, read and linked. Types only; `resolve` makes them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use crate::kube::Object;
use crate::language::chart::Chart;
use crate::language::cluster::Cluster;
use crate::language::component::common::Common;
use crate::language::component::receiver::Receiver;
use crate::language::component::route::Route;
use crate::language::component::workload::Workload;
use crate::language::reference::Target;
use crate::language::stack::PodSecurity;
use crate::language::team::Team;
use crate::language::value::{Capability, GitRevision, GitUrl, Name, RelativePath};
use crate::load::{Definitions, Stack};
use crate::report::Report;
use crate::source::{Sources, Span, Spanned};
use crate::template::{Engine, Scope};

/// Everything that is to be rendered, with every choice made.
#[derive(Debug)]
pub struct Plan<'d> {
    /// What was written.
    pub definitions: &'d Definitions,
    /// Where it was written.
    pub sources: &'d Sources,
    /// The compiled templates and expressions.
    pub engine: &'d Engine,
    /// By cluster, then by full name.
    pub deployments: Vec<Deployment<'d>>,
}

/// One instance on one cluster.
#[derive(Debug)]
pub struct Deployment<'d> {
    /// The cluster's name.
    pub cluster_name: &'d str,
    /// The cluster.
    pub cluster: &'d Cluster,
    /// The stack.
    pub stack: &'d Stack,
    /// The instance's name within its stack.
    pub instance: &'d str,
    /// The instance's full name: `<stack>-<instance>`, or the stack's name for its only instance. Unique in the workspace.
    pub name: String,
    /// The owning team's name.
    pub team_name: &'d str,
    /// The owning team.
    pub team: &'d Team,
    /// The namespace of its native components.
    pub namespace: String,
    /// The labels of the stack and the instance.
    pub labels: BTreeMap<String, String>,
    /// What expressions and templates see.
    pub scope: Scope,
    /// The placement that brought it here.
    pub placement: Span,
    /// Its components, by name.
    pub components: Vec<Component>,
    /// Who is told of its alerts.
    pub receivers: BTreeMap<String, Receiver>,
}

/// A component of a deployment.
#[derive(Debug)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its fields, as its kind reads them.
    pub kind: Box<dyn Kind>,
    /// Where it is defined.
    pub span: Span,
    /// The definitions it was made from, as `file#path`: for the index.
    pub origins: Vec<String>,
    /// Its place in the order of the deployment: 0 needs nothing, 1 needs something of 0…
    pub wave: i32,
    /// What each of its references stands for.
    pub links: BTreeMap<Target, Link>,
    /// Who refers to it, and may therefore connect to it.
    pub consumers: Vec<Consumer>,
}

/// A component, by its position in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ComponentId {
    /// The position of the deployment in [`Plan::deployments`].
    pub deployment: usize,
    /// The position of the component in [`Deployment::components`].
    pub component: usize,
}

/// What a reference stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The component referred to.
    pub provider: ComponentId,
    /// Where the reference is written.
    pub span: Span,
    /// The output; `None` for an order without a value.
    pub output: Option<Output>,
}

/// Who refers to a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Consumer {
    /// The component that refers.
    pub id: ComponentId,
    /// The ports it wants to reach: `None` for an order without a value.
    pub ports: Vec<u16>,
}

/// Something a component offers to others.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// What it is.
    pub value: OutputValue,
    /// What has to be reachable for it to be of use.
    pub endpoint: Option<Endpoint>,
}

/// What an output is.
#[derive(Debug, Clone, PartialEq)]
pub enum OutputValue {
    /// A value that is no secret.
    Plain(serde_json::Value),
    /// A key of a Secret in the provider's namespace.
    Secret {
        /// The Secret.
        name: String,
        /// The key in it.
        key: String,
    },
    /// A value with secrets in it: `{NAME}` in the text stands for one of `parts`. It becomes an environment
    /// variable made of other variables.
    Composed {
        /// The text, such as `postgres://{username}:{password}@host:5432/app`.
        text: String,
        /// The Secret and key of each part.
        parts: BTreeMap<String, (String, String)>,
    },
    /// A PersistentVolumeClaim in the provider's namespace.
    Claim(String),
}

/// Pods and ports, or an address outside the cluster.
#[derive(Debug, Clone, PartialEq)]
pub enum Endpoint {
    /// Pods of a namespace.
    Pods {
        /// The namespace.
        namespace: String,
        /// The labels that select the pods.
        labels: BTreeMap<String, String>,
        /// The ports of the containers (not of the Service).
        ports: Vec<u16>,
    },
    /// Outside the cluster.
    Outside {
        /// An address range, or everywhere.
        cidr: String,
        /// The ports.
        ports: Vec<u16>,
    },
}

/// The outputs of a component by name.
pub type Outputs = BTreeMap<String, Output>;

/// Where a component stands, as far as its outputs depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The cluster.
    pub cluster: &'a Cluster,
    /// The full name of the instance.
    pub deployment: &'a str,
    /// The namespace.
    pub namespace: &'a str,
    /// The component.
    pub component: &'a str,
}

impl Place<'_> {
    /// The labels that select the component's pods. They never change while the component lives.
    pub fn selector(&self) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("app.kubernetes.io/name".to_owned(), self.component.to_owned()),
            ("app.kubernetes.io/instance".to_owned(), self.deployment.to_owned()),
        ])
    }

    /// The DNS name of a Service of the component's namespace.
    pub fn host(&self, service: &str) -> String {
        format!("{service}.{}.svc.cluster.local", self.namespace)
    }
}

/// When a component comes among those of its deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// After what it refers to.
    AsReferred,
    /// Before everything that it does not need itself.
    First,
}

/// The fields of a component, and what becomes of them. One implementation a kind, in `kinds/`.
pub trait Kind: Debug + Send + Sync {
    /// The fields every kind has.
    fn common(&self) -> &Common;

    /// The fields of a pod, for kinds that have one.
    fn workload(&self) -> Option<&Workload> {
        None
    }

    /// What others may refer to.
    fn outputs(&self, place: &Place) -> Outputs;

    /// Why there is no output of this name, when there is more to say than which there are.
    fn missing_output(&self, _name: &str) -> Option<String> {
        None
    }

    /// The PersistentVolumeClaim of a volume that others may mount.
    fn claim(&self, component: &str, volume: &str) -> Option<String> {
        let volume_fields = self.workload()?.volumes.get(volume)?;
        volume_fields.size.is_some().then(|| claim_name(component, volume))
    }

    /// How requests from outside reach it, for kinds that have routes.
    fn routes(&self) -> Option<&BTreeMap<Name, Route>> {
        None
    }

    /// When it comes, beside what its references say.
    fn turn(&self) -> Turn {
        Turn::AsReferred
    }

    /// The capabilities it brings to its cluster.
    fn provides(&self) -> &[Spanned<Capability>] {
        &[]
    }

    /// The chart it installs, by its name under `charts`: what that provides, the component provides.
    fn chart(&self) -> Option<&Spanned<Name>> {
        None
    }

    /// The namespace it lives in, when not its deployment's own, and the Pod Security level that one needs.
    fn own_namespace(&self) -> Option<(&str, PodSecurity)> {
        None
    }

    /// What it becomes.
    fn lower(&self, site: &Site, report: &mut Report) -> Lowered;
}

/// The name of the PersistentVolumeClaim of a component's volume.
pub fn claim_name(component: &str, volume: &str) -> String {
    format!("{component}-{volume}")
}

/// A component in its surroundings: what lowering may look at.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    /// The whole plan.
    pub plan: &'a Plan<'a>,
    /// The component's deployment.
    pub deployment: &'a Deployment<'a>,
    /// The component.
    pub component: &'a Component,
}

impl<'a> Site<'a> {
    /// The component's place.
    pub fn place(&self) -> Place<'a> {
        Place {
            cluster: self.deployment.cluster,
            deployment: &self.deployment.name,
            namespace: self
                .component
                .kind
                .own_namespace()
                .map_or(&*self.deployment.namespace, |(name, _)| name),
            component: &self.component.name,
        }
    }

    /// What a reference stands for; `None` when it was reported as wrong.
    pub fn link(&self, target: &Target) -> Option<&'a Link> {
        self.component.links.get(target)
    }

    /// The component at a position of the plan, in its surroundings.
    pub fn at(&self, id: ComponentId) -> Option<Site<'a>> {
        let deployment = self.plan.deployments.get(id.deployment)?;
        let component = deployment.components.get(id.component)?;
        Some(Site { plan: self.plan, deployment, component })
    }
}

/// What a component becomes.
#[derive(Debug, Default)]
pub struct Lowered {
    /// Its objects. Namespace, common labels and annotations, waves and patches are added by `lower`.
    pub objects: Vec<Object>,
    /// What Argo CD renders for it, as an Application of its own.
    pub release: Option<Release>,
}

/// Something that Argo CD renders.
#[derive(Debug, Clone, PartialEq)]
pub enum Release {
    /// A Helm chart with values that kiln writes.
    Helm(Box<HelmRelease>),
    /// A path in another Git repository.
    Git(GitRelease),
}

/// A Helm chart with values that kiln writes.
#[derive(Debug, Clone, PartialEq)]
pub struct HelmRelease {
    /// The chart, pinned.
    pub chart: Chart,
    /// The name of the chart in its repository.
    pub chart_name: String,
    /// The name of the release.
    pub release_name: String,
    /// The namespace.
    pub namespace: String,
    /// The values.
    pub values: serde_json::Map<String, serde_json::Value>,
}

/// A path in another Git repository.
#[derive(Debug, Clone, PartialEq)]
pub struct GitRelease {
    /// The repository.
    pub repository: GitUrl,
    /// The revision.
    pub revision: GitRevision,
    /// The path in it.
    pub path: RelativePath,
    /// The namespace.
    pub namespace: String,
    /// How Argo CD renders the path.
    pub tool: GitTool,
}

/// How Argo CD renders a path.
#[derive(Debug, Clone, PartialEq)]
pub enum GitTool {
    /// Plain YAML, sub-folders too.
    Directory,
    /// Kustomize.
    Kustomize,
    /// A Helm chart in the repository, with these values.
    Helm(serde_json::Map<String, serde_json::Value>),
}
