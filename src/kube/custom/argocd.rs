//! Argo CD, `argoproj.io/v1alpha1` (`pkg/apis/application/v1alpha1/types.go`).
//!
//! Argo CD's controller strips empty structs from an Application; whoever writes one leaves them out.

mod application;
mod project;

pub use application::{
    Application, ApplicationSpec, Automated, Backoff, Destination, Directory, Helm, IgnoreDifference, Info,
    Jsonnet, JsonnetVar, Kustomize, Parameter, Retry, Source, SyncPolicy,
};
pub use project::{
    AppProject, AppProjectSpec, KindPattern, OrphanedResources, ProjectDestination, Role, SyncWindow,
};
