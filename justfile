# Nothing here is needed to build or test: `cargo run --release -- build` and `cargo test` do that.
set shell := ["bash", "-euo", "pipefail", "-c"]

tools := env("KILN_TOOLS", env("HOME") / ".cache/kiln-tools")

_default:
    @just --list --unsorted

# Render stacks/ into out/
[group('daily')]
build *arguments:
    cargo run --release -- build {{ arguments }}

# Run the tests, all or those whose name contains a word
[group('daily')]
test *arguments:
    cargo test {{ arguments }}

# Look for problems in stacks/ without writing anything
[group('daily')]
check:
    cargo run --release -- check

# Format the code
[group('daily')]
fmt:
    cargo fmt

# Warnings are errors
[group('daily')]
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings

# Accept what the tests render: generated pages, schemas, cases
[group('daily')]
bless:
    UPDATE=1 INSTA_UPDATE=always cargo test
    cargo run --release -- build

# Regenerate docs/language.md and schema/, and open the documentation of the code
[group('docs')]
docs:
    UPDATE=1 cargo test --test generated
    cargo doc --no-deps --document-private-items --open

# Measure, on a quiet machine
[group('slow')]
bench *arguments:
    cargo bench {{ arguments }}

# Licences, bans, sources and advisories of the dependencies
[group('slow')]
deny:
    PATH="{{ tools }}/bin:$PATH" cargo deny --all-features check --hide-inclusion-graph

# Give the output to kubectl, Kustomize, Helm and Go
[group('slow')]
conformance:
    tests/conformance/run.sh

# Everything that a merge needs
[group('slow')]
ci:
    .ci/run
