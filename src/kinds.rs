//! The table of component kinds. A new kind is one file in `kinds/` and one line here.

pub mod cronjob;
pub mod external;
pub mod git;
pub mod helm;
pub mod job;
pub mod manifests;
pub mod postgres;
pub mod redis;
pub mod service;
pub mod stateful;
pub mod worker;

mod plain;
mod store;
#[cfg(test)]
mod trial;

use crate::language::read::{Fields, Read, Reader};
use crate::language::shape::TableShape;
use crate::plan::Kind;
use crate::source::Node;

/// A kind of component.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The word under `kind`.
    pub name: &'static str,
    /// Its fields, for the schema and the reference page.
    pub shape: fn() -> TableShape,
    /// Reads its fields.
    pub read: fn(&Node, &mut Reader) -> Option<Box<dyn Kind>>,
}

macro_rules! kinds {
    ($($name:literal $module:ident :: $type:ident;)*) => {
        /// Every kind, in the order of the reference page.
        pub const KINDS: &[Entry] = &[$( Entry {
            name: $name,
            shape: || match <$module::$type as Read>::shape() {
                crate::language::shape::Shape::Table(table) => TableShape { name: $name, ..table },
                _ => TableShape { name: $name, doc: "", fields: <$module::$type as Fields>::fields },
            },
            read: |node, reader| {
                <$module::$type as Read>::read(node, reader).map(|kind| Box::new(kind) as Box<dyn Kind>)
            },
        }, )*];
    };
}

kinds! {
    "service" service::Service;
    "worker" worker::Worker;
    "stateful" stateful::Stateful;
    "job" job::Job;
    "cronjob" cronjob::Cronjob;
    "postgres" postgres::Postgres;
    "redis" redis::Redis;
    "helm" helm::Helm;
    "git" git::Git;
    "manifests" manifests::Manifests;
    "external" external::External;
}

/// The kind of this name.
pub fn find(name: &str) -> Option<&'static Entry> {
    KINDS.iter().find(|kind| kind.name == name)
}
