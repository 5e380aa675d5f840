"""Gives every YAML file of rendered trees to the programs that will read it, and compares what they make of it.

    python3 manifests.py TREE...

- every object: `kubectl create --dry-run=client`; what kubectl holds equals what PyYAML reads;
- every folder of an Application, the children of `argocd/` and `bootstrap/`: `kubectl kustomize` renders all of it;
- every Helm values file: `helm template` of an empty chart; what Helm holds equals what PyYAML reads.

Needs kubectl and helm on the PATH, and PyYAML. Exits with 1 after the differences.
"""

import collections
import json
import pathlib
import shutil
import sys
import tempfile

import yaml

import api
import tools

BATCH = 400
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def is_object(value):
    return isinstance(value, dict) and "apiVersion" in value and "kind" in value


def identity(value):
    metadata = value.get("metadata", {})
    return value["apiVersion"], value["kind"], metadata.get("namespace", ""), metadata.get("name", "")


def application_folder(tree, file):
    """The folder that Argo CD or a person applies as a whole: `manifests/<instance>`, or the one a file is in."""
    parts = file.relative_to(tree).parts[:-1]
    end = parts.index("manifests") + 2 if "manifests" in parts else len(parts)
    return tree.joinpath(*parts[:end])


class Check:
    """Reads trees, and counts what it found."""

    def __init__(self, home):
        self.home = home
        self.problems = []
        self.objects = {}
        self.values = {}
        self.folders = collections.defaultdict(list)
        self.counts = collections.Counter()

    def problem(self, file, text):
        self.problems.append(f"{file}: {text}")

    def read(self, tree):
        files = sorted(path for path in tree.rglob("*") if path.suffix in (".yaml", ".yml") and path.is_file())
        for file in files:
            try:
                value = yaml.load(file.read_bytes(), Loader=LOADER)
            except yaml.YAMLError as error:
                self.problem(file, f"PyYAML: {error}")
                continue
            self.counts["PyYAML: files"] += 1
            if is_object(value):
                self.objects[file] = value
                self.folders[application_folder(tree, file)].append(file)
            else:
                self.values[file] = value

    def kinds(self):
        kinds = collections.defaultdict(bool)
        for value in self.objects.values():
            kinds[value["apiVersion"], value["kind"]] |= "namespace" in value.get("metadata", {})
        return kinds

    def create(self, server):
        files = list(self.objects)
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            try:
                read = tools.create(batch, server, self.home)
            except RuntimeError as error:
                self.problem(f"{batch[0]} … {batch[-1]}", error)
                continue
            if len(read) != len(batch):
                self.problem(f"{batch[0]} … {batch[-1]}", f"kubectl reads {len(read)} objects from {len(batch)} files")
                continue
            for file, got in zip(batch, read):
                want = self.objects[file]
                if "namespace" not in want.get("metadata", {}):
                    got.get("metadata", {}).pop("namespace", None)
                if found := tools.difference(want, got):
                    self.problem(file, f"kubectl create: {found}")
                self.counts["kubectl create: objects"] += 1

    def kustomize(self):
        for folder, files in sorted(self.folders.items()):
            with tempfile.TemporaryDirectory(dir=self.home) as root:
                names = [f"{index}.yaml" for index in range(len(files))]
                for name, file in zip(names, files):
                    shutil.copyfile(file, pathlib.Path(root, name))
                pathlib.Path(root, "kustomization.yaml").write_text(json.dumps({"resources": names}), encoding="utf-8")
                try:
                    text = tools.run(["kubectl", "kustomize", root], self.home)
                except RuntimeError as error:
                    self.problem(folder, error)
                    continue
            got = {identity(value): value for value in yaml.load_all(text, Loader=LOADER) if value}
            want = {identity(self.objects[file]): self.objects[file] for file in files}
            for key in sorted(set(want) | set(got)):
                if found := tools.difference(want.get(key), got.get(key)):
                    self.problem(folder, f"kubectl kustomize: {' '.join(key)}: {found}")
            self.counts["kubectl kustomize: folders"] += 1
            self.counts["kubectl kustomize: objects"] += len(got)

    def helm(self):
        chart = self.home / "chart"
        (chart / "templates").mkdir(parents=True)
        (chart / "Chart.yaml").write_text("apiVersion: v2\nname: values\nversion: 0.0.0\n", encoding="utf-8")
        (chart / "templates" / "values.yaml").write_text(
            "apiVersion: v1\nkind: Values\njson: {{ .Values | toJson | quote }}\n", encoding="utf-8"
        )
        for file, want in self.values.items():
            if want is not None and not isinstance(want, dict):
                self.problem(file, "is neither an object nor Helm values")
                continue
            try:
                text = tools.run(["helm", "template", "values", str(chart), "--values", str(file)], self.home)
            except RuntimeError as error:
                self.problem(file, error)
                continue
            got = json.loads(yaml.load(text, Loader=LOADER)["json"])
            if found := tools.difference(want or {}, got):
                self.problem(file, f"helm template: {found}")
            self.counts["helm template: values files"] += 1


def main():
    trees = [pathlib.Path(argument) for argument in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as home:
        check = Check(pathlib.Path(home))
        for tree in trees:
            check.read(tree)
        with api.serve(check.kinds()) as server:
            check.create(server)
        check.kustomize()
        check.helm()
    for problem in check.problems[:20]:
        print(problem, file=sys.stderr)
    if not check.objects:
        check.problems.append("no objects")
        print("there is no object in any tree", file=sys.stderr)
    print(f"{'trees':<34}{len(trees):>8}")
    for name, count in check.counts.items():
        print(f"{name:<34}{count:>8}")
    print(f"{'problems':<34}{len(check.problems):>8}")
    sys.exit(1 if check.problems else 0)


if __name__ == "__main__":
    main()
