"""Reads the ConfigMaps that examples/emit_corpus.rs writes with kubectl, and compares them with the corpus.

    cargo run --example emit_corpus -- tests/hostile-strings.json DIRECTORY
    python3 tests/conformance/corpus.py tests/hostile-strings.json DIRECTORY

Needs kubectl on the PATH. Exits with 1 and the first differences when kubectl makes anything but the strings of any object.
"""

import json
import pathlib
import sys
import tempfile

import api
import tools

BATCH = 400


def config_map(index, s):
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"string-{index}", "namespace": "corpus", "annotations": {"value": s, s: "key"}},
        "data": {"value": s, s: s},
    }


def main():
    corpus = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    files = [pathlib.Path(sys.argv[2], f"{index}.configmap.yaml") for index in range(len(corpus))]
    read = []
    with tempfile.TemporaryDirectory() as home, api.serve({("v1", "ConfigMap"): True}) as server:
        for start in range(0, len(files), BATCH):
            read += tools.create(files[start : start + BATCH], server, home)
    differences = [
        f"{corpus[index]!r}: {found}"
        for index, got in enumerate(read)
        if (found := tools.difference(config_map(index, corpus[index]), got))
    ]
    for difference in differences[:20]:
        print(difference, file=sys.stderr)
    if len(read) != len(corpus):
        differences.append("count")
        print(f"kubectl reads {len(read)} objects from {len(corpus)} files", file=sys.stderr)
    print(f"{len(corpus)} strings as keys and values of ConfigMaps through kubectl, {len(differences)} differences")
    sys.exit(1 if differences or len(corpus) < 300 else 0)


if __name__ == "__main__":
    main()
