"""Reads the documents that examples/emit_corpus.rs writes with PyYAML, and compares them with the corpus.

    cargo run --example emit_corpus -- tests/hostile-strings.json DIRECTORY
    python3 tests/conformance/yaml_readers/read.py tests/hostile-strings.json DIRECTORY

Needs PyYAML. Exits with 1 and the first differences when a reader makes anything but the string of any document.
"""

import json
import pathlib
import sys

import yaml

LOADERS = [loader for loader in (yaml.SafeLoader, getattr(yaml, "CSafeLoader", None)) if loader]


def document(s):
    return {
        "value": s,
        "key": {s: s},
        "list": [s, [s, s], {s: s}],
        "nested": {s: {s: [s, {"block": s, "last": [[s]]}]}},
    }


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: read.py CORPUS.json DIRECTORY")
    corpus = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    directory = pathlib.Path(sys.argv[2])
    differences = 0
    for index, s in enumerate(corpus):
        for name, want in ((f"{index}.yaml", document(s)), (f"{index}.root.yaml", s)):
            text = (directory / name).read_bytes()
            for loader in LOADERS:
                try:
                    got = yaml.load(text, Loader=loader)
                except yaml.YAMLError as error:
                    got = error
                if got == want and not isinstance(got, yaml.YAMLError):
                    continue
                differences += 1
                if differences <= 20:
                    print(f"{loader.__name__}: {name}: {s!r}: read {got!r}")
    print(f"{len(corpus)} strings, {2 * len(corpus)} documents, {len(LOADERS)} readers, {differences} differences")
    sys.exit(1 if differences or not corpus else 0)


if __name__ == "__main__":
    main()
