//! The rules by which `out/` is written, each by name, on a real file system.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use kiln::disk::problem::{Obstacle, ObstacleKind, Progress};
use kiln::disk::steps::{Step, Steps};
use kiln::disk::verify::{IndexForm, LastBuild};
use kiln::disk::{Edits, Lock, OutProblem, Summary, VerifyReport, apply, plan_write, verify, write};
use kiln::emit::index::Index;
use kiln::emit::tree::{Tree, TreeFile};

const INDEX: &str = "kiln.index.json";

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::new();
    for (path, text) in files {
        let origin = format!("stacks/a/a.toml#{path}");
        tree.insert(*path, TreeFile::new(text.as_bytes().to_vec(), vec![origin])).unwrap();
    }
    tree
}

/// A temporary folder with an `out` in it that need not exist.
struct Ground {
    root: tempfile::TempDir,
}

impl Ground {
    fn new() -> Self {
        Ground { root: tempfile::tempdir().unwrap() }
    }

    /// The ground after one build.
    fn built(files: &[(&str, &str)]) -> Self {
        let ground = Ground::new();
        ground.build(files).unwrap();
        ground
    }

    fn out(&self) -> PathBuf {
        self.root.path().join("out")
    }

    fn at(&self, path: &str) -> PathBuf {
        self.out().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap()
    }

    fn build(&self, files: &[(&str, &str)]) -> Result<Summary, OutProblem> {
        build(&self.out(), &tree(files), Edits::Keep)
    }

    fn force(&self, files: &[(&str, &str)]) -> Result<Summary, OutProblem> {
        build(&self.out(), &tree(files), Edits::Discard)
    }

    /// Everything beside and below `out/`: folders end in `/`.
    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        snapshot(self.root.path())
    }

    /// Everything below `out/` but the index.
    fn files(&self) -> Vec<String> {
        let found = snapshot(&self.out()).into_keys();
        found.filter(|path| path != INDEX && !path.ends_with('/')).collect()
    }
}

fn build(out: &Path, tree: &Tree, edits: Edits) -> Result<Summary, OutProblem> {
    write(tree, out, edits, Duration::ZERO, &mut || {})
}

fn snapshot(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1) {
        let entry = entry.unwrap();
        let path = entry.path().strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        if entry.file_type().is_dir() {
            found.insert(format!("{path}/"), Vec::new());
        } else if entry.file_type().is_symlink() {
            found.insert(path, fs::read_link(entry.path()).unwrap().to_str().unwrap().into());
        } else {
            found.insert(path, fs::read(entry.path()).unwrap());
        }
    }
    found
}

fn summary(written: usize, unchanged: usize, removed: usize) -> Result<Summary, OutProblem> {
    Ok(Summary { written, unchanged, removed })
}

const A: &[(&str, &str)] = &[
    ("clusters/x/gone/old.yaml", "old"),
    ("clusters/x/same.yaml", "same"),
    ("clusters/x/web.yaml", "web 1"),
    ("swap", "a file, later a folder"),
    ("turn/a/one.yaml", "1"),
    ("turn/two.yaml", "2"),
];

const B: &[(&str, &str)] = &[
    ("clusters/x/new/deep/new.yaml", "new"),
    ("clusters/x/same.yaml", "same"),
    ("clusters/x/web.yaml", "web 2"),
    ("swap/in/folder.yaml", "a folder, before a file"),
    ("turn", "a file, before a folder"),
];

const C: &[(&str, &str)] = &[("clusters/x/same.yaml", "same 3"), ("clusters/y/web.yaml", "web 3")];

/// What a build into nothing gives.
fn fresh(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    Ground::built(files).all()
}

#[test]
fn a_first_build_writes_everything_and_nothing_else() {
    let ground = Ground::new();
    assert_eq!(ground.build(A), summary(6, 0, 0));
    let paths: Vec<_> = A.iter().map(|(path, _)| path.to_string()).collect();
    assert_eq!(ground.files(), paths);
    for (path, text) in A {
        assert_eq!(ground.text(path), *text);
    }
    assert_eq!(fs::read_dir(ground.root.path()).unwrap().count(), 1);
    assert_eq!(ground.text(INDEX), Index::of(&tree(A)).render());
}

#[test]
fn an_empty_folder_is_as_good_as_none() {
    let ground = Ground::new();
    fs::create_dir(ground.out()).unwrap();
    assert_eq!(ground.build(A), summary(6, 0, 0));
    assert_eq!(ground.all(), fresh(A));
}

#[test]
fn an_empty_tree_has_an_index_too() {
    let ground = Ground::built(&[]);
    assert_eq!(ground.files(), [""; 0]);
    assert_eq!(ground.build(&[]), summary(0, 0, 0));
}

#[test]
fn a_folder_to_hold_out_is_made() {
    let ground = Ground::new();
    let out = ground.root.path().join("a/b/out");
    assert_eq!(build(&out, &tree(C), Edits::Keep), summary(2, 0, 0));
}

#[test]
fn a_second_build_touches_nothing() {
    let ground = Ground::built(A);
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let paths: Vec<_> = ground.files().into_iter().chain([INDEX.to_owned()]).collect();
    for path in &paths {
        fs::File::options().write(true).open(ground.at(path)).unwrap().set_modified(past).unwrap();
    }
    let folders = || {
        let found = walkdir::WalkDir::new(ground.out()).into_iter().map(Result::unwrap);
        let folders = found.filter(|entry| entry.file_type().is_dir());
        folders.map(|entry| entry.metadata().unwrap().modified().unwrap()).collect::<Vec<_>>()
    };
    let before = folders();
    assert_eq!(ground.build(A), summary(0, 6, 0));
    for path in &paths {
        assert_eq!(fs::metadata(ground.at(path)).unwrap().modified().unwrap(), past, "{path}");
    }
    assert_eq!(folders(), before);
    assert!(plan_write(&tree(A), &ground.out()).unwrap().is_empty());
}

#[test]
fn only_changed_files_are_written() {
    let ground = Ground::built(A);
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let same = ground.at("clusters/x/same.yaml");
    fs::File::options().write(true).open(&same).unwrap().set_modified(past).unwrap();
    assert_eq!(ground.build(B), summary(4, 1, 4));
    assert_eq!(fs::metadata(&same).unwrap().modified().unwrap(), past);
}

#[test]
fn an_edited_tree_ends_like_a_first_build_and_back() {
    let ground = Ground::built(A);
    for files in [B, A, C, B, C, A] {
        ground.build(files).unwrap();
        assert_eq!(ground.all(), fresh(files));
    }
}

#[test]
fn a_plan_writes_nothing() {
    let ground = Ground::built(A);
    let before = ground.all();
    let changes = plan_write(&tree(B), &ground.out()).unwrap();
    assert!(!changes.is_empty());
    assert_eq!(
        changes.write,
        ["clusters/x/new/deep/new.yaml", "clusters/x/web.yaml", "swap/in/folder.yaml", "turn"]
    );
    assert_eq!(changes.remove, ["clusters/x/gone/old.yaml", "swap", "turn/a/one.yaml", "turn/two.yaml"]);
    assert_eq!(ground.all(), before);
    let nowhere = Ground::new();
    assert!(!plan_write(&tree(A), &nowhere.out()).unwrap().is_empty());
    assert!(!nowhere.out().exists());
}

#[test]
fn a_file_that_was_deleted_by_hand_is_written_again() {
    let ground = Ground::built(A);
    fs::remove_file(ground.at("clusters/x/web.yaml")).unwrap();
    fs::remove_dir_all(ground.at("turn")).unwrap();
    assert_eq!(ground.build(A), summary(3, 3, 0));
    assert_eq!(ground.all(), fresh(A));
}

#[test]
fn files_that_kiln_did_not_write_are_never_touched() {
    let ground = Ground::built(A);
    let foreign = ["README.md", ".gitattributes", "clusters/x/gone/mine.yaml", "turn.yaml", "other/x"];
    for path in foreign {
        ground.put(path, "mine");
    }
    ground.build(C).unwrap();
    ground.force(A).unwrap();
    ground.build(&[]).unwrap();
    for path in foreign {
        assert_eq!(ground.text(path), "mine");
    }
    let mut left = foreign.to_vec();
    left.sort();
    assert_eq!(ground.files(), left);
}

#[test]
fn folders_that_become_empty_are_removed_and_no_others() {
    let ground = Ground::built(A);
    fs::create_dir_all(ground.at("clusters/mine")).unwrap();
    fs::create_dir_all(ground.at("empty")).unwrap();
    ground.build(&[]).unwrap();
    let left: Vec<_> = snapshot(&ground.out()).into_keys().collect();
    assert_eq!(left, ["clusters/", "clusters/mine/", "empty/", INDEX]);
}

#[test]
fn a_foreign_file_at_a_path_of_kiln_is_refused_and_listed() {
    let ground = Ground::built(A);
    ground.put("clusters/y/web.yaml", "mine");
    let before = ground.all();
    let Err(OutProblem::Refused(refusal)) = ground.build(C) else { panic!("not refused") };
    assert_eq!(refusal.foreign, ["clusters/y/web.yaml"]);
    let problem = OutProblem::Refused(refusal);
    assert_eq!(
        problem.to_string(),
        "1 file was not written by kiln at paths it needs:\n  `clusters/y/web.yaml`"
    );
    assert_eq!(problem.exit_status(), 1);
    assert!(problem.help().contains("--force"));
    assert_eq!(ground.all(), before);
    ground.force(C).unwrap();
    assert_eq!(ground.all(), fresh(C));
}

#[test]
fn a_foreign_file_with_the_right_bytes_is_adopted() {
    let ground = Ground::built(A);
    ground.put("clusters/y/web.yaml", "web 3");
    assert_eq!(ground.build(C), summary(1, 1, 5));
    assert_eq!(ground.all(), fresh(C));
}

#[test]
fn files_edited_by_hand_stop_the_build_all_of_them_together() {
    let ground = Ground::built(A);
    ground.put("clusters/x/web.yaml", "edited");
    ground.put("clusters/x/gone/old.yaml", "edited and stale");
    ground.put("clusters/x/same.yaml", "SAME");
    let before = ground.all();
    let problem = ground.build(C).unwrap_err();
    let text = problem.to_string();
    assert_eq!(
        text,
        "3 files were edited after kiln wrote them:\n  `clusters/x/gone/old.yaml`\n  `clusters/x/same.yaml`\n  \
         `clusters/x/web.yaml`"
    );
    assert_eq!(problem.exit_status(), 1);
    assert!(problem.help().contains("kiln build --force"));
    assert_eq!(ground.all(), before);
    assert!(!plan_write(&tree(A), &ground.out()).unwrap().is_empty());
}

#[test]
fn force_discards_edits() {
    let ground = Ground::built(A);
    ground.put("clusters/x/same.yaml", "edited");
    ground.put("clusters/x/gone/old.yaml", "edited and stale");
    ground.force(C).unwrap();
    assert_eq!(ground.all(), fresh(C));
}

#[test]
fn an_edit_that_is_what_kiln_would_write_now_is_no_edit() {
    let ground = Ground::built(A);
    ground.put("clusters/x/web.yaml", "web 2");
    assert_eq!(ground.build(B), summary(3, 2, 4));
}

#[test]
fn without_index_equal_files_are_adopted() {
    let ground = Ground::built(A);
    fs::remove_file(ground.at(INDEX)).unwrap();
    assert_eq!(ground.build(A), summary(0, 6, 0));
    assert_eq!(ground.all(), fresh(A));
}

#[test]
fn without_index_other_files_are_foreign_and_it_is_explained() {
    let ground = Ground::built(A);
    fs::remove_file(ground.at(INDEX)).unwrap();
    let problem = ground.build(C).unwrap_err();
    assert!(problem.to_string().contains("there is no `kiln.index.json`"), "{problem}");
    assert!(problem.help().contains("restore the index from git"));
    ground.force(C).unwrap();
    assert_eq!(ground.text("clusters/x/same.yaml"), "same 3");
    assert_eq!(ground.text("swap"), "a file, later a folder", "what is not known to be kiln's stays");
}

#[test]
fn a_conflicted_index_is_explained_and_force_is_the_way_out() {
    let ground = Ground::built(A);
    let ours = ground.text(INDEX);
    ground.build(B).unwrap();
    let theirs = ground.text(INDEX);
    // What git leaves: the files of one side, with conflicts in some, and both sides in the index.
    let text = format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> branch\n");
    ground.put(INDEX, &text);
    ground.put("clusters/x/web.yaml", "<<<<<<< HEAD\nweb 1\n=======\nweb 2\n>>>>>>> branch\n");
    let problem = ground.build(C).unwrap_err();
    assert!(problem.to_string().contains("unresolved merge conflict at line 1"), "{problem}");
    assert!(problem.help().contains("resolve the conflicts under `stacks/`"));
    assert_eq!(problem.exit_status(), 1);
    assert_eq!(ground.text(INDEX), text);
    ground.force(C).unwrap();
    assert_eq!(ground.all(), fresh(C));
}

#[test]
fn an_index_that_leaves_the_folder_is_refused() {
    let ground = Ground::built(A);
    fs::write(ground.root.path().join("victim"), "same").unwrap();
    let text = ground.text(INDEX).replace("clusters/x/same.yaml", "../victim");
    ground.put(INDEX, &text);
    let problem = ground.build(C).unwrap_err();
    assert!(problem.to_string().contains("`../victim`"), "{problem}");
    ground.force(C).unwrap();
    assert!(ground.root.path().join("victim").exists());
}

#[test]
fn a_folder_where_a_file_must_be_is_found_before_anything_is_written() {
    let ground = Ground::built(A);
    ground.put("clusters/y/web.yaml/mine", "mine");
    ground.put("more", "mine");
    let before = ground.all();
    let files = [("clusters/x/web.yaml", "web 2"), ("clusters/y/web.yaml", ""), ("more/x", "")];
    let problem = ground.force(&files).unwrap_err();
    let obstacle = |path: &str, kind| Obstacle { path: path.to_owned(), kind };
    assert_eq!(
        problem,
        OutProblem::Obstructed(vec![
            obstacle("clusters/y/web.yaml", ObstacleKind::Folder),
            obstacle("more", ObstacleKind::File),
        ])
    );
    assert_eq!(problem.exit_status(), 2);
    assert_eq!(ground.all(), before);
}

#[test]
fn out_that_is_a_file_is_refused() {
    let ground = Ground::new();
    fs::write(ground.out(), "mine").unwrap();
    assert!(matches!(ground.force(A), Err(OutProblem::NotAFolder { .. })));
    assert_eq!(fs::read_to_string(ground.out()).unwrap(), "mine");
}

#[test]
fn a_parent_of_out_that_is_a_file_is_explained() {
    let ground = Ground::new();
    fs::write(ground.out(), "mine").unwrap();
    let problem = build(&ground.at("deeper/out"), &tree(A), Edits::Keep).unwrap_err();
    assert!(matches!(problem, OutProblem::Io { progress: Progress::Untouched, .. }), "{problem:?}");
    assert_eq!(problem.exit_status(), 2);
}

#[cfg(unix)]
#[test]
fn links_in_out_are_never_followed() {
    use std::os::unix::fs::symlink;
    let ground = Ground::built(A);
    let elsewhere = ground.root.path().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("web.yaml"), "web 1").unwrap();
    fs::write(elsewhere.join("old.yaml"), "old").unwrap();
    fs::remove_dir_all(ground.at("clusters/x/gone")).unwrap();
    symlink(&elsewhere, ground.at("clusters/x/gone")).unwrap();
    symlink(&elsewhere, ground.at("clusters/y")).unwrap();
    fs::remove_file(ground.at("clusters/x/same.yaml")).unwrap();
    symlink(elsewhere.join("web.yaml"), ground.at("clusters/x/same.yaml")).unwrap();
    let before = ground.all();
    let problem = ground.force(C).unwrap_err();
    let link = |path: &str| Obstacle { path: path.to_owned(), kind: ObstacleKind::Symlink };
    assert_eq!(problem, OutProblem::Obstructed(vec![link("clusters/x/same.yaml"), link("clusters/y")]));
    assert_eq!(ground.all(), before);
    // A link in place of a stale folder is not kiln's, nor is what lies behind it.
    ground.force(&[]).unwrap();
    assert!(ground.at("clusters/x/gone").is_symlink());
    assert_eq!(snapshot(&elsewhere).len(), 2);
}

#[cfg(unix)]
#[test]
fn out_that_is_a_link_is_refused() {
    let ground = Ground::new();
    fs::create_dir(ground.root.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", ground.out()).unwrap();
    let problem = ground.build(A).unwrap_err();
    assert!(problem.to_string().contains("symbolic link"), "{problem}");
    assert_eq!(snapshot(&ground.root.path().join("real")).len(), 0);
}

#[cfg(unix)]
#[test]
fn a_link_that_waits_where_kiln_writes_is_not_written_through() {
    let ground = Ground::built(A);
    let victim = ground.root.path().join("victim");
    fs::write(&victim, "mine").unwrap();
    let (after, out) = (tree(B), ground.out());
    let changes = plan_write(&after, &out).unwrap();
    let steps = Steps::new(&after, &out, &changes, Edits::Keep);
    let before = ground.files();
    for step in steps.list().iter().filter(|step| matches!(step, Step::Make(_) | Step::Stage(_))).take(4) {
        let _ = steps.take(step);
    }
    let waiting: Vec<_> = ground.files().into_iter().filter(|path| !before.contains(path)).collect();
    assert!(!waiting.is_empty());
    for path in &waiting {
        fs::remove_file(ground.at(path)).unwrap();
        std::os::unix::fs::symlink(&victim, ground.at(path)).unwrap();
    }
    ground.build(B).unwrap();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "mine");
    assert!(!ground.at("clusters/x/web.yaml").is_symlink());
}

/// Takes permission to write away. Where that has no effect (root) the folder is made immutable by replacing a path
/// it needs, so that the rule is put to the test either way.
#[cfg(unix)]
#[test]
fn a_folder_that_is_read_only_is_found_before_anything_is_written() {
    use std::os::unix::fs::PermissionsExt as _;
    let ground = Ground::built(A);
    let folder = ground.at("clusters/x");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let bites = fs::create_dir(folder.join("probe")).is_err();
    if !bites {
        fs::remove_dir(folder.join("probe")).unwrap();
        fs::create_dir_all(folder.join("new/deep/new.yaml/mine")).unwrap();
        fs::write(folder.join("new/deep/new.yaml/mine/x"), "").unwrap();
    }
    let before = ground.all();
    let result = ground.build(B);
    assert_eq!(ground.all(), before);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    let expected = match bites {
        true => Obstacle { path: "clusters/x".into(), kind: ObstacleKind::ReadOnly },
        false => Obstacle { path: "clusters/x/new/deep/new.yaml".into(), kind: ObstacleKind::Folder },
    };
    assert_eq!(result, Err(OutProblem::Obstructed(vec![expected])));
}

#[test]
fn a_failure_before_anything_old_is_touched_is_taken_back() {
    let ground = Ground::built(A);
    let (after, out) = (tree(B), ground.out());
    let changes = plan_write(&after, &out).unwrap();
    // After the comparison something appears where a new file has to wait.
    let steps = Steps::new(&after, &out, &changes, Edits::Keep);
    let staged =
        steps.list().iter().rfind(|step| matches!(step, Step::Stage(path) if path.starts_with("clusters/")));
    let before = ground.all();
    steps.take(staged.unwrap()).unwrap();
    let waiting = ground.all().into_keys().find(|path| !before.contains_key(path)).unwrap();
    let waiting = ground.root.path().join(waiting);
    fs::remove_file(&waiting).unwrap();
    fs::create_dir(&waiting).unwrap();
    let problem = apply(&after, &out, &changes, Edits::Keep).unwrap_err();
    assert!(matches!(problem, OutProblem::Io { progress: Progress::Untouched, .. }), "{problem:?}");
    fs::remove_dir(&waiting).unwrap();
    assert_eq!(ground.all(), before);
}

#[test]
fn a_failure_half_way_says_so_and_the_next_build_repairs_it() {
    let ground = Ground::built(A);
    let (after, out) = (tree(B), ground.out());
    let changes = plan_write(&after, &out).unwrap();
    fs::remove_file(ground.at("clusters/x/web.yaml")).unwrap();
    ground.put("clusters/x/web.yaml/in the way", "");
    let problem = apply(&after, &out, &changes, Edits::Keep).unwrap_err();
    assert!(matches!(problem, OutProblem::Io { progress: Progress::Partial, .. }), "{problem:?}");
    assert!(problem.help().contains("run `kiln build` again"));
    fs::remove_dir_all(ground.at("clusters/x/web.yaml")).unwrap();
    ground.build(B).unwrap();
    assert_eq!(ground.all(), fresh(B));
}

/// Builds `to` over `ground` but stops after `count` steps; says whether there were that many.
fn killed(ground: &Ground, to: &[(&str, &str)], count: usize, edits: Edits) -> bool {
    let (to, out) = (tree(to), ground.out());
    let changes = plan_write(&to, &out).unwrap();
    let steps = Steps::new(&to, &out, &changes, edits);
    for step in steps.list().iter().take(count) {
        steps.take(step).unwrap();
    }
    // A kill may come in the middle of a write as well.
    if let Some(Step::Stage(_) | Step::Write(_)) = steps.list().get(count) {
        let before = ground.all();
        steps.take(&steps.list()[count]).unwrap();
        for (path, bytes) in ground.all() {
            if !before.contains_key(&path) {
                fs::write(ground.root.path().join(path), &bytes[..bytes.len() / 2]).unwrap();
            }
        }
    }
    count < steps.list().len()
}

/// Kills a build from one tree to another at every step, and lets the next build go on to a third.
fn kill_everywhere(from: Option<&[(&str, &str)]>, to: &[(&str, &str)], then: &[(&str, &str)]) -> usize {
    let expected = fresh(then);
    let mut count = 0;
    loop {
        let ground = from.map_or_else(Ground::new, Ground::built);
        let more = killed(&ground, to, count, Edits::Keep);
        let built = ground.build(then);
        assert!(built.is_ok(), "killed after {count} steps: {}", built.unwrap_err());
        assert_eq!(ground.all(), expected, "killed after {count} steps");
        assert_eq!(ground.build(then), summary(0, then.len(), 0), "killed after {count} steps");
        if !more {
            return count;
        }
        count += 1;
    }
}

#[test]
fn a_build_killed_at_any_step_is_repaired_by_the_next() {
    assert!(kill_everywhere(Some(A), B, B) > 15);
    assert!(kill_everywhere(Some(B), A, A) > 15);
    assert!(kill_everywhere(Some(A), &[], &[]) > 5);
}

#[test]
fn a_first_build_killed_at_any_step_is_repaired_by_the_next() {
    assert!(kill_everywhere(None, A, A) > 10);
    assert!(kill_everywhere(None, A, C) > 10);
    assert!(kill_everywhere(Some(&[]), A, A) > 10);
}

#[test]
fn a_build_killed_at_any_step_is_repaired_when_the_definitions_changed_since() {
    kill_everywhere(Some(A), B, C);
    kill_everywhere(Some(A), B, A);
    kill_everywhere(Some(C), B, A);
    kill_everywhere(Some(C), A, &[]);
}

#[test]
fn builds_killed_one_after_the_other_are_repaired() {
    let expected = fresh(C);
    for first in 0.. {
        let mut more = false;
        for second in 0.. {
            let ground = Ground::built(A);
            more = killed(&ground, B, first, Edits::Keep);
            let again = killed(&ground, A, second, Edits::Keep);
            let built = ground.build(C);
            assert!(built.is_ok(), "killed after {first} and {second} steps: {}", built.unwrap_err());
            assert_eq!(ground.all(), expected, "killed after {first} and {second} steps");
            if !again {
                break;
            }
        }
        if !more {
            break;
        }
    }
}

#[test]
fn a_forced_build_killed_at_any_step_is_repaired_by_force() {
    let expected = fresh(C);
    for count in 0.. {
        let ground = Ground::built(A);
        ground.put("clusters/x/same.yaml", "edited");
        ground.put("clusters/y/web.yaml", "mine");
        let more = killed(&ground, C, count, Edits::Discard);
        ground.force(C).unwrap();
        assert_eq!(ground.all(), expected, "killed after {count} steps");
        if !more {
            break;
        }
    }
}

#[test]
fn files_keep_their_owner_while_builds_are_killed() {
    for count in 0.. {
        let ground = Ground::built(A);
        ground.put("clusters/x/gone/mine.yaml", "mine");
        ground.put("clusters/y/mine.yaml", "mine");
        let more = killed(&ground, B, count, Edits::Keep);
        ground.build(&[]).unwrap();
        assert_eq!(
            ground.files(),
            ["clusters/x/gone/mine.yaml", "clusters/y/mine.yaml"],
            "after {count} steps"
        );
        if !more {
            break;
        }
    }
}

#[test]
fn two_builds_do_not_interleave() {
    let ground = Ground::new();
    let out = ground.out();
    std::thread::scope(|scope| {
        let builds: Vec<_> = [A, B, C, A, B, C]
            .map(|files| {
                let out = &out;
                scope.spawn(move || {
                    write(&tree(files), out, Edits::Keep, Duration::from_secs(600), &mut || {})
                })
            })
            .into_iter()
            .collect();
        for build in builds {
            build.join().unwrap().unwrap();
        }
    });
    let all = ground.all();
    assert!([A, B, C].iter().any(|files| all == fresh(files)));
}

#[test]
fn a_build_that_waits_too_long_fails_with_a_message() {
    let ground = Ground::built(A);
    let before = ground.all();
    let _lock = Lock::acquire(&ground.out(), Duration::ZERO, &mut || {}).unwrap();
    let mut waited = 0;
    let problem = write(&tree(B), &ground.out(), Edits::Keep, Duration::from_millis(60), &mut || waited += 1)
        .unwrap_err();
    assert_eq!((waited, problem.exit_status()), (1, 2));
    assert_eq!(problem, OutProblem::Locked { out: ground.out() });
    assert_eq!(ground.all(), before);
}

/// The lock of a process that was killed is free. The process is this test, started again with a folder to lock.
#[test]
fn a_lock_holds_between_processes_and_ends_with_its_process() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};
    const OUT: &str = "KILN_TEST_LOCK";
    if let Some(out) = std::env::var_os(OUT) {
        let _lock = Lock::acquire(Path::new(&out), Duration::ZERO, &mut || {}).unwrap();
        println!("\nlocked");
        std::thread::sleep(Duration::from_secs(600));
        return;
    }
    let ground = Ground::new();
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_lock_holds_between_processes_and_ends_with_its_process", "--nocapture"])
        .env(OUT, ground.out())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "locked"));
    assert_eq!(ground.build(A), Err(OutProblem::Locked { out: ground.out() }));
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(ground.build(A), summary(6, 0, 0));
}

#[test]
fn verify_is_clean_after_a_build() {
    let ground = Ground::built(A);
    ground.put("README.md", "mine");
    let report = verify(&ground.out()).unwrap();
    assert_eq!(report, VerifyReport { files: 6, ..VerifyReport::default() });
    assert!(report.is_clean());
}

#[test]
fn verify_names_what_is_missing_edited_and_extra() {
    let ground = Ground::built(A);
    fs::remove_file(ground.at("clusters/x/same.yaml")).unwrap();
    ground.put("clusters/x/web.yaml", "edited");
    ground.put("clusters/mine/x.yaml", "extra");
    ground.put("other/x.yaml", "in a folder of somebody else");
    fs::remove_file(ground.at("swap")).unwrap();
    fs::create_dir(ground.at("swap")).unwrap();
    let report = verify(&ground.out()).unwrap();
    assert_eq!(report.missing, ["clusters/x/same.yaml"]);
    assert_eq!(report.edited, ["clusters/x/web.yaml", "swap"]);
    assert_eq!(report.extra, ["clusters/mine/x.yaml"]);
    assert!(!report.is_clean());
}

#[test]
fn verify_sees_an_index_that_was_changed_and_a_build_that_was_killed() {
    let ground = Ground::built(A);
    let text = ground.text(INDEX);
    ground.put(INDEX, &text.replace("  ", "\t"));
    assert_eq!(verify(&ground.out()).unwrap().form, IndexForm::Altered);
    ground.put(INDEX, &text);
    killed(&ground, B, 3, Edits::Keep);
    assert_eq!(verify(&ground.out()).unwrap().build, LastBuild::Interrupted);
}

#[test]
fn verify_without_a_readable_index_is_explained() {
    let ground = Ground::new();
    let problem = verify(&ground.out()).unwrap_err();
    assert!(problem.to_string().starts_with("there is no `kiln.index.json`"), "{problem}");
    ground.build(A).unwrap();
    ground.put(INDEX, "<<<<<<< HEAD\n");
    let problem = verify(&ground.out()).unwrap_err();
    assert!(problem.to_string().contains("unresolved merge conflict"), "{problem}");
    assert_eq!(problem.exit_status(), 1);
}

#[cfg(unix)]
#[test]
fn verify_follows_no_link() {
    let ground = Ground::built(A);
    fs::rename(ground.at("turn"), ground.root.path().join("turn")).unwrap();
    std::os::unix::fs::symlink("../turn", ground.at("turn")).unwrap();
    assert_eq!(verify(&ground.out()).unwrap().edited, ["turn/a/one.yaml", "turn/two.yaml"]);
}

#[test]
fn a_path_that_leaves_the_folder_is_never_written() {
    let ground = Ground::new();
    for path in ["../x", "/x", "a/../../x", INDEX] {
        let problem = ground.force(&[(path, "")]).unwrap_err();
        assert!(matches!(problem, OutProblem::UnsafePath { .. }), "{path}");
    }
    assert_eq!(ground.all().len(), 0);
}
