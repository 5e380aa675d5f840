//! `kiln schema`: the language for editors.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Global;
use super::outcome::{Failure, Outcome};
use super::terminal::Terminal;
use crate::view::{reference, schema};

/// Print or write the JSON Schemas of the language
///
/// Editors with Taplo or Even Better TOML complete and check the definitions with them: `workspace` is for the files
/// directly in `stacks/`, `stack` for those of a stack. `.taplo.toml` ties them to the files:
///
///   [[rule]]
///   include = ["stacks/*.toml"]
///   schema = { path = "schema/workspace.schema.json" }
///
///   [[rule]]
///   include = ["stacks/*/**/*.toml"]
///   schema = { path = "schema/stack.schema.json" }
#[derive(Args)]
#[command(
    verbatim_doc_comment,
    after_long_help = "Examples:
  kiln schema                      list the schemas
  kiln schema stack                print one
  kiln schema --write schema       write all of them to a folder"
)]
pub struct Schema {
    /// The schema to print
    #[arg(value_enum, conflicts_with_all = ["write", "reference"])]
    name: Option<Name>,
    /// Write all schemas to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "reference")]
    write: Option<PathBuf>,
    /// Print the reference of the language as Markdown
    #[arg(long, hide = true)]
    reference: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Name {
    /// The files directly in `stacks/`
    Workspace,
    /// The files of a stack
    Stack,
}

impl Schema {
    pub fn run(&self, _: &Global, terminal: &Terminal) -> Result<Outcome, Failure> {
        if let Some(folder) = &self.write {
            for file in schema::FILES {
                let path = folder.join(file.name);
                std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, (file.render)())).map_err(
                    |error| {
                        let text = format!("cannot write `{}`: {error}", path.display());
                        Failure::surroundings(text, "name a folder that can be written to")
                    },
                )?;
                terminal.note(&format!("wrote `{}`", path.display()));
            }
        } else if self.reference {
            terminal.data(&reference::render())?;
        } else {
            terminal.data(&match self.name {
                Some(Name::Workspace) => schema::workspace(),
                Some(Name::Stack) => schema::stack(),
                None => schema::FILES.iter().map(|file| format!("{}  {}\n", file.name, file.about)).collect(),
            })?;
        }
        Ok(Outcome::Fine)
    }
}
