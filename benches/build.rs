//! How long a build of the committed `stacks/` takes in memory, whole and by phase, and how much processor time.
//!
//! The figures of the phases are wall time on as many threads as the machine has, so measure on a quiet one. The
//! processor time of whole compilations, over all threads, is printed first where the system tells it (Linux).

use std::hint::black_box;
use std::path::Path;

use divan::Bencher;
use kiln::argocd::control;
use kiln::compile::compile;
use kiln::emit::render::render;
use kiln::load::load;
use kiln::lower::lower;
use kiln::report::Report;
use kiln::resolve::resolve;
use kiln::source::Sources;
use kiln::template::Engine;

/// How many compilations the processor time is taken over.
const ROUNDS: u32 = 50;

fn main() {
    processor_time();
    divan::main();
}

fn sources() -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("stacks");
    kiln::disk::read_sources(&root).expect("the committed stacks can be read")
}

/// Ticks of a hundredth of a second that this process has run for.
fn ticks() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11).map_while(|field| field.parse::<u64>().ok());
    Some(fields.next()? + fields.next()?)
}

fn processor_time() {
    let sources = sources();
    let compiled = compile(&sources);
    match &compiled.tree {
        Some(tree) => println!("{} files", tree.files().len()),
        None => println!("the stacks have errors: the figures are for what can be compiled all the same"),
    }
    let Some(begin) = ticks() else { return };
    for _ in 0..ROUNDS {
        black_box(compile(black_box(&sources)));
    }
    if let Some(end) = ticks() {
        println!(
            "{:.1} ms of processor time for a compilation",
            (end - begin) as f64 * 10.0 / f64::from(ROUNDS)
        );
    }
}

#[divan::bench]
fn a_whole(bencher: Bencher) {
    let sources = sources();
    bencher.bench_local(|| compile(black_box(&sources)));
}

#[divan::bench]
fn b_read() -> Sources {
    sources()
}

#[divan::bench]
fn c_load(bencher: Bencher) {
    let sources = sources();
    bencher.bench_local(|| load(black_box(&sources), &mut Report::new()).is_some());
}

#[divan::bench]
fn d_resolve(bencher: Bencher) {
    let sources = sources();
    let mut report = Report::new();
    let definitions = load(&sources, &mut report).expect("the committed stacks load");
    let engine = Engine::new(&sources, &definitions, &mut report);
    bencher.bench_local(|| {
        resolve(black_box(&definitions), &sources, &engine, &mut Report::new()).deployments.len()
    });
}

#[divan::bench]
fn e_lower(bencher: Bencher) {
    let sources = sources();
    let mut report = Report::new();
    let definitions = load(&sources, &mut report).expect("the committed stacks load");
    let engine = Engine::new(&sources, &definitions, &mut report);
    let plan = resolve(&definitions, &sources, &engine, &mut report);
    bencher.bench_local(|| lower(black_box(&plan), &mut Report::new()));
}

#[divan::bench]
fn f_emit(bencher: Bencher) {
    let sources = sources();
    let mut report = Report::new();
    let definitions = load(&sources, &mut report).expect("the committed stacks load");
    let engine = Engine::new(&sources, &definitions, &mut report);
    let plan = resolve(&definitions, &sources, &engine, &mut report);
    let objects = lower(&plan, &mut report);
    let control = control(&plan, &objects, &mut report);
    bencher.bench_local(|| {
        render(black_box(&plan), black_box(&objects), black_box(&control), &mut Report::new())
    });
}
