//! The fields of components: one file per group that kinds share.

pub mod alert;
pub mod common;
pub mod config;
pub mod container;
pub mod env;
pub mod health;
pub mod identity;
pub mod metrics;
pub mod network;
pub mod output;
pub mod patch;
pub mod receiver;
pub mod replication;
pub mod resources;
pub mod route;
pub mod scale;
pub mod scheduling;
pub mod secret;
pub mod security;
pub mod values;
pub mod volume;
pub mod workload;
