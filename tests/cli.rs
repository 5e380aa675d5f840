//! The program from outside: exit status, stdout and stderr of every command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::CommandCargoExt as _;
use tempfile::TempDir;

const WORKSPACE: &str = r#"
[workspace]
version = 1
repository = { url = "https://git.example.org/platform/deploy.git" }

[clusters.east]
kubernetes = "1.35"

[teams.shop]

[placements.everything]
instances = {}
clusters = {}
"#;

const STACK: &str = r#"
[stack]
team = "shop"

[components.api]
kind = "service"
image = "registry.example.org/shop/api:1.4.2"
port = 8000
resources = { cpu = "100m", memory = "128Mi" }
health = { http = "/healthz" }
"#;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn good() -> TempDir {
    folder(&[("stacks/workspace.toml", WORKSPACE), ("stacks/shop/stack.toml", STACK)])
}

fn bad() -> TempDir {
    let stack = STACK.replace("port", "prot").replace("team = \"shop\"", "team = \"shops\"");
    folder(&[("stacks/workspace.toml", WORKSPACE), ("stacks/shop/stack.toml", &stack)])
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("kiln").unwrap();
    command.current_dir(folder).args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Exit status, stdout and stderr.
fn kiln(folder: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    answer(command(folder.path(), arguments).output().unwrap())
}

fn answer(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The summary line without the time it took.
fn summary(stderr: &str) -> &str {
    stderr.lines().last().and_then(|line| line.rsplit_once(" in ")).map_or(stderr, |(counts, _)| counts)
}

#[test]
fn build_writes_once_and_then_nothing() {
    let folder = good();
    let (status, stdout, stderr) = kiln(&folder, &["build"]);
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
    assert!(
        summary(&stderr).starts_with("wrote ") && summary(&stderr).ends_with(", unchanged 0, removed 0"),
        "{stderr}"
    );
    assert!(folder.path().join("out/kiln.index.json").is_file());
    let (status, _, stderr) = kiln(&folder, &["build"]);
    assert_eq!(status, 0);
    assert!(
        summary(&stderr).starts_with("wrote 0, unchanged ") && !stderr.contains("unchanged 0"),
        "{stderr}"
    );
}

#[test]
fn build_writes_the_same_wherever_it_is_started_and_wherever_to() {
    let folder = good();
    assert_eq!(kiln(&folder, &["build"]).0, 0);
    let below = folder.path().join("stacks/shop");
    assert_eq!(answer(command(&below, &["build", "--check"]).output().unwrap()).0, 0);
    assert_eq!(answer(command(&below, &["build", "--check", "--stacks", ".."]).output().unwrap()).0, 0);
    assert_eq!(kiln(&folder, &["build", "--out", "elsewhere", "--jobs", "1"]).0, 0);
    let index = |out: &str| fs::read_to_string(folder.path().join(out).join("kiln.index.json")).unwrap();
    assert_eq!(index("out"), index("elsewhere"));
}

#[test]
fn build_with_an_error_writes_nothing() {
    let folder = bad();
    let (status, stdout, stderr) = kiln(&folder, &["build"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error[unknown-field]: unknown field `prot`"), "{stderr}");
    assert!(stderr.contains("--> stacks/shop/stack.toml:8:1"), "{stderr}");
    assert!(stderr.contains("nothing was written"), "{stderr}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn build_check_names_what_would_change_and_writes_nothing() {
    let folder = good();
    let (status, stdout, stderr) = kiln(&folder, &["build", "--check"]);
    assert_eq!(status, 1);
    assert!(stdout.starts_with("would be written (") && stdout.contains("\n  clusters/east/"), "{stdout}");
    assert!(stderr.contains("run `kiln build`"), "{stderr}");
    assert!(!folder.path().join("out").exists());
    assert_eq!(kiln(&folder, &["build"]).0, 0);
    assert_eq!(kiln(&folder, &["build", "--check"]).0, 0);
    let (status, stdout, _) =
        kiln(&folder, &["build", "--check", "--format", "github", "--out", "elsewhere"]);
    assert_eq!(status, 1);
    assert!(stdout.starts_with("::error title=kiln build --check::"), "{stdout}");
}

/// Some file of the output that an editor might change.
fn rendered(folder: &TempDir) -> std::path::PathBuf {
    let mut open = vec![folder.path().join("out/clusters")];
    while let Some(next) = open.pop() {
        if next.is_file() {
            return next;
        }
        open.extend(fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()));
    }
    panic!("nothing was rendered");
}

#[test]
fn a_file_edited_by_hand_stops_the_build_until_forced() {
    let folder = good();
    assert_eq!(kiln(&folder, &["build"]).0, 0);
    let file = rendered(&folder);
    fs::write(&file, "edited: true\n").unwrap();
    let (status, _, stderr) = kiln(&folder, &["build"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("edited") && stderr.contains("--force"), "{stderr}");
    let (status, stdout, _) = kiln(&folder, &["build", "--check"]);
    assert_eq!(status, 1);
    assert!(stdout.contains("edited by hand (1):"), "{stdout}");
    let (status, stdout, _) = kiln(&folder, &["verify"]);
    assert_eq!(status, 1);
    assert!(stdout.contains("edited by hand (1):"), "{stdout}");
    assert_eq!(kiln(&folder, &["build", "--force"]).0, 0);
    assert_ne!(fs::read_to_string(file).unwrap(), "edited: true\n");
    assert_eq!(kiln(&folder, &["verify"]).0, 0);
}

#[test]
fn verify_names_missing_files_and_needs_an_index() {
    let folder = good();
    let (status, _, stderr) = kiln(&folder, &["verify"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("kiln.index.json") && stderr.contains("help:"), "{stderr}");
    assert_eq!(kiln(&folder, &["build"]).0, 0);
    fs::remove_dir_all(folder.path().join("stacks")).unwrap();
    assert_eq!(kiln(&folder, &["verify", "--out", "out"]).0, 0);
    fs::remove_file(rendered(&folder)).unwrap();
    let (status, stdout, _) = kiln(&folder, &["verify", "--out", "out"]);
    assert_eq!(status, 1);
    assert!(stdout.starts_with("missing (1):\n  clusters/"), "{stdout}");
}

#[test]
fn check_shows_every_problem_and_counts_them() {
    let (status, stdout, stderr) = kiln(&bad(), &["check"]);
    assert_eq!((status, stdout.as_str()), (1, ""));
    assert!(stderr.contains("error[unknown-team]") && stderr.contains("error[unknown-field]"), "{stderr}");
    assert!(stderr.lines().last().unwrap().contains(" errors"), "{stderr}");
    let (status, stdout, stderr) = kiln(&good(), &["check"]);
    assert_eq!((status, stdout.as_str()), (0, ""), "{stderr}");
}

#[test]
fn check_as_json_is_one_object_on_stdout() {
    let (status, stdout, _) = kiln(&bad(), &["check", "--format", "json"]);
    assert_eq!(status, 1);
    let report: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let problems = report["diagnostics"].as_array().unwrap();
    let field = problems.iter().find(|problem| problem["code"] == "unknown-field").unwrap();
    assert_eq!(field["file"], "stacks/shop/stack.toml");
    assert_eq!((field["line"].as_u64(), field["column"].as_u64()), (Some(8), Some(1)));
    assert_eq!(field["help"][0], "did you mean `port`?");
    let (status, stdout, _) = kiln(&good(), &["check", "--format", "json"]);
    assert_eq!(status, 0);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&stdout).unwrap()["errors"], 0);
}

#[test]
fn check_for_github_annotates_lines() {
    let (status, stdout, _) = kiln(&bad(), &["check", "--format", "github"]);
    assert_eq!(status, 1);
    let command =
        "::error file=stacks/shop/stack.toml,line=8,endLine=8,col=1,endColumn=4,title=unknown-field::";
    assert!(stdout.contains(command), "{stdout}");
    assert!(stdout.lines().all(|line| line.starts_with("::")), "{stdout}");
}

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = bad();
    let coloured = |output: Output| String::from_utf8(output.stderr).unwrap().contains('\x1b');
    assert!(!coloured(command(folder.path(), &["check"]).output().unwrap()), "stderr is no terminal here");
    assert!(coloured(command(folder.path(), &["check", "--color", "always"]).output().unwrap()));
    assert!(!coloured(
        command(folder.path(), &["check", "--color", "never"]).env("CLICOLOR_FORCE", "1").output().unwrap()
    ));
    assert!(!coloured(command(folder.path(), &["check"]).env("NO_COLOR", "1").output().unwrap()));
}

#[test]
fn quiet_says_problems_only() {
    let folder = good();
    assert_eq!(kiln(&folder, &["build", "--quiet"]), (0, String::new(), String::new()));
    let (status, _, stderr) = kiln(&bad(), &["check", "-q"]);
    assert_eq!(status, 1);
    assert!(stderr.contains("error[unknown-field]") && !stderr.contains("errors"), "{stderr}");
}

#[test]
fn surroundings_that_do_not_fit_are_status_2() {
    let empty = folder(&[]);
    let (status, stdout, stderr) = kiln(&empty, &["check"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.starts_with("error: there is no `stacks/`") && stderr.contains("--stacks"), "{stderr}");
    let (status, _, stderr) = kiln(&empty, &["build", "--stacks", "nowhere"]);
    assert_eq!(status, 2);
    assert!(stderr.contains("`nowhere` is not a folder"), "{stderr}");
    for arguments in [&["biuld"][..], &["build", "--jobs", "0"], &["build", "--check", "--force"], &[]] {
        let (status, stdout, stderr) = kiln(&empty, arguments);
        assert_eq!((status, stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(stderr.contains("--help") || stderr.contains("Usage: kiln"), "{stderr}");
    }
}

#[test]
fn explain_prints_a_page_a_list_or_the_nearest_code() {
    let folder = folder(&[]);
    let (status, page, stderr) = kiln(&folder, &["explain", "unknown-field"]);
    assert_eq!((status, stderr.as_str()), (0, ""));
    assert!(page.starts_with("# unknown-field\n"));
    let (status, list, _) = kiln(&folder, &["explain"]);
    assert_eq!((status, list.lines().count()), (0, kiln::report::Code::ALL.len()));
    assert!(list.lines().all(|line| line.split_whitespace().count() > 3), "{list}");
    let (status, stdout, stderr) = kiln(&folder, &["explain", "unknown-feild"]);
    assert_eq!((status, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean `unknown-field`?"), "{stderr}");
}

#[test]
fn schema_lists_prints_and_writes() {
    let folder = folder(&[]);
    let (status, list, _) = kiln(&folder, &["schema"]);
    assert_eq!(status, 0);
    assert!(list.contains("workspace.schema.json") && list.contains("stack.schema.json"), "{list}");
    let (status, stack, _) = kiln(&folder, &["schema", "stack"]);
    assert_eq!(status, 0);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&stack).unwrap()["title"], "kiln stack");
    assert_eq!(kiln(&folder, &["schema", "--write", "a/schema"]).0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("a/schema/stack.schema.json")).unwrap(), stack);
    assert_eq!(kiln(&folder, &["schema", "chart"]).0, 2);
}

#[test]
fn completions_are_there_for_each_shell() {
    let folder = folder(&[]);
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (status, script, stderr) = kiln(&folder, &["completions", shell]);
        assert_eq!((status, stderr.as_str()), (0, ""), "{shell}");
        assert!(script.contains("explain") && script.contains("stacks"), "{shell}");
    }
    assert_eq!(kiln(&folder, &["completions", "cmd"]).0, 2);
}

#[test]
fn help_teaches_every_command_with_examples() {
    let folder = folder(&[]);
    let (status, help, _) = kiln(&folder, &["--help"]);
    assert_eq!(status, 0);
    for command in ["build", "check", "verify", "explain", "schema", "completions"] {
        assert!(help.contains(&format!("  {command} ")), "{help}");
        let (status, help, _) = kiln(&folder, &[command, "--help"]);
        assert_eq!(status, 0);
        assert!(help.contains("Examples:\n  kiln "), "{help}");
    }
    assert!(help.contains("Exit status:"));
    assert_eq!(kiln(&folder, &["--version"]).1, format!("kiln {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = folder(&[]);
    // Larger than the buffer of a pipe, so that the write meets the closed end.
    let mut child = command(folder.path(), &["schema", "stack"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let (status, _, stderr) = answer(child.wait_with_output().unwrap());
    assert_eq!((status, stderr.as_str()), (0, ""));
}

#[test]
fn output_is_never_written_among_the_definitions() {
    let folder = good();
    for out in ["stacks", "stacks/out", "stacks/shop/a/b"] {
        let output = command(folder.path(), &["build", "--out", out]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{out}");
        assert!(String::from_utf8(output.stderr).unwrap().contains("with the definitions"), "{out}");
        assert!(!folder.path().join(out).join("kiln.index.json").exists(), "{out}");
    }
}
