"""A small service to run contract tests against, and jobs for runners."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ci_gate.config_contract import RunnerConfig
from ci_gate.contract.runners.interface import Job


@dataclass
class Answers:
    """What the service answers to ``METHOD /path``: status, content type, body. It keeps the
    requests. ``hold`` is a path whose answer waits until the service is ended."""

    known: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    hold: str = ""
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


ITEMS = Answers(
    {
        "GET /api/items": (200, "application/json", b'[{"id": 1, "name": "pen"}]'),
        "POST /api/items": (201, "application/json", b'{"id": 2, "name": "ink"}'),
        "GET /api/items/1": (200, "application/json", b'{"id": 1, "name": "pen"}'),
        "GET /api/boom": (500, "text/html", b"<h1>no such column: \x1b[31musername</h1>\n"),
    }
)


@contextmanager
def running(answers: Answers) -> Iterator[str]:
    """The base URL of a service that gives these answers, and 404 else."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = self.path.partition("?")[0]
            answers.requests.append((f"{self.command} {self.path}", dict(self.headers)))
            if path == answers.hold:
                answers.ended.wait()
            unknown = (404, "application/json", b'{"error": "not found"}')
            status, kind, body = answers.known.get(f"{self.command} {path}", unknown)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients may leave while they wait."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        answers.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()


def job(
    tmp_path: Path, base_url: str, config: RunnerConfig, files: dict[str, str | bytes | Any]
) -> Job:
    """The job on a tree of these files; what is neither text nor bytes is written as JSON."""
    root, home = tmp_path / "tree", tmp_path / "home"
    home.mkdir(parents=True)
    for name, content in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            place.write_bytes(content)
        else:
            place.write_text(content if isinstance(content, str) else json.dumps(content))
    root.mkdir(exist_ok=True)
    return Job(config, root, home, base_url)
