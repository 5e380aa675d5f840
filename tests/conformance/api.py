"""A stand-in for the Kubernetes API: discovery, and nothing else.

`kubectl create --dry-run=client` asks the server which resources there are before it reads a file. This answers with the
kinds it is given. It keeps nothing, accepts no object and listens on 127.0.0.1 only.
"""

import collections
import contextlib
import http.server
import json
import threading


def plural(kind):
    """The name of a kind's resource; kubectl only needs it to be unique."""
    name = kind.lower()
    if name.endswith("y") and not name.endswith(("ay", "ey", "oy", "uy")):
        return name[:-1] + "ies"
    return name + "es" if name.endswith(("s", "x", "ch")) else name + "s"


def pages(kinds):
    """Path → answer, for `kinds`: (apiVersion, kind) → whether it is in a namespace."""
    resources = collections.defaultdict(list)
    for (version, kind), namespaced in sorted(kinds.items()):
        resources[version].append(
            {"name": plural(kind), "singularName": kind.lower(), "kind": kind, "namespaced": namespaced, "verbs": ["create", "get"]}
        )
    groups = collections.defaultdict(list)
    for version in resources:
        if "/" in version:
            group, name = version.split("/", 1)
            groups[group].append({"groupVersion": version, "version": name})
    answers = {
        "/version": {"major": "1", "minor": "35", "gitVersion": "v1.35.0"},
        "/api": {"kind": "APIVersions", "versions": ["v1"]},
        "/apis": {
            "kind": "APIGroupList",
            "apiVersion": "v1",
            "groups": [
                {"name": group, "versions": versions, "preferredVersion": versions[0]}
                for group, versions in sorted(groups.items())
            ],
        },
    }
    for version in set(resources) | {"v1"}:
        path = f"/apis/{version}" if "/" in version else f"/api/{version}"
        answers[path] = {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": version,
            "resources": resources[version],
        }
    return answers


@contextlib.contextmanager
def serve(kinds):
    """The address of a server that knows `kinds`; it is gone when the block is left."""
    answers = {path: json.dumps(answer).encode() for path, answer in pages(kinds).items()}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            answer = answers.get(self.path.split("?")[0])
            body = answer or b'{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 404, "reason": "NotFound"}'
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
