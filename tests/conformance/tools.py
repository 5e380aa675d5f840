"""kubectl and Helm, run without a cluster, a configuration or a home folder."""

import json
import os
import subprocess

TIMEOUT = 300


def run(arguments, home):
    """Standard output of a program; raises with its standard error when it fails."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "KUBECONFIG": os.devnull, "HELM_NO_PLUGINS": "1"}
    done = subprocess.run(
        arguments, capture_output=True, stdin=subprocess.DEVNULL, timeout=TIMEOUT, env=environment, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments[:2])} failed: {done.stderr.decode(errors='replace').strip()[:4000]}")
    return done.stdout.decode()


def create(files, server, home):
    """The objects that `kubectl create` reads from `files`, in their order."""
    arguments = ["kubectl", "create", "--dry-run=client", "--validate=false", "-o", "json"]
    arguments += ["--server", server, "--cache-dir", f"{home}/cache"]
    for file in files:
        arguments += ["-f", str(file)]
    return list(documents(run(arguments, home)))


def documents(text):
    """Each JSON document of a text that holds one after the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        yield document
        while at < len(text) and text[at].isspace():
            at += 1


def difference(want, got, path=""):
    """The first place where two values differ, or None; 1 and True are different, 1 and 1.0 are not."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in sorted(set(want) | set(got), key=str):
            if key not in want or key not in got:
                return f"{path}/{key}: only in the {'file' if key in want else 'reading'}"
            if found := difference(want[key], got[key], f"{path}/{key}"):
                return found
        return None
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        return next((found for i, pair in enumerate(zip(want, got)) if (found := difference(*pair, f"{path}/{i}"))), None)
    same = want == got and isinstance(want, bool) == isinstance(got, bool)
    return None if same else f"{path}: the file has {want!r}, the reading {got!r}"
