"""The double on a port: for tests in this process, or as a process that containers reach.

    python -m tests.support.github.server --host 0.0.0.0 --port 0 --state state.json --log log.json

prints its address on one line. What it knows and was asked is at /_double/state, /_double/log,
/_double/violations; POST /_double/change and /_double/faults take what faults.py describes.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from .double import Double
from .state import State


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def _exchange(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(size)
        address = f"http://{self.headers.get('Host', 'localhost')}"
        result = self.server.double.exchange(
            self.command, self.path, dict(self.headers.items()), data, address
        )
        if self.server.log is not None and not self.path.startswith("/_double/"):
            self.server.write_log()
        if result.hit.hang_up or result.hit.hang_up_after:
            self.close_connection = True
            return
        answer, content = result.answer, result.answer.data()
        self.send_response(answer.status)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-GitHub-Request-Id": "0000:0000:0000:0000",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(self.server.double.state.data["requests_left"]),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "Content-Length": str(len(content)),
        } | answer.headers
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if result.hit.cut_off:
            content = content[: len(content) // 2]
            self.close_connection = True
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _exchange

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: the double keeps its own log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, double: Double, host: str, port: int, log: Path | None = None) -> None:
        self.double = double
        self.log = log
        self._writing = threading.Lock()
        super().__init__((host, port), _Handler)
        self.store: Server | None = None
        if not double.state.store_port:  # GitHub keeps artifacts on another host: another port
            double.state.store_port = -1
            self.store = Server(double, host, 0)
            double.state.store_port = self.store.server_address[1]

    def write_log(self) -> None:
        assert self.log is not None
        known = {
            "log": self.double.log,
            "violations": self.double.violations,
            "state": self.double.state.data,
        }
        with self._writing, self.double.state.lock:
            self.log.write_text(json.dumps(known))

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def address(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        for server in filter(None, (self, self.store)):
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        for server in filter(None, (self, self.store)):
            server.shutdown()
            server.server_close()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--state", type=Path, help="JSON as /_double/state gives it")
    parser.add_argument("--log", type=Path)
    parser.add_argument("--description", default="api.github.com")
    asked = parser.parse_args(arguments)
    state = State(json.loads(asked.state.read_text()) if asked.state else None)
    server = Server(Double(state, asked.description), asked.host, asked.port, asked.log)
    server.start()
    print(server.address, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1:])
