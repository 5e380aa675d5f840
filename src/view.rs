//! Read-only answers: what can be told of the language and of a compiled workspace, one question a file.

pub mod reference;
pub mod schema;
