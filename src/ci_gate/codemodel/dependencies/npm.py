"""What is generally known of Node's library and of the packages of npm."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from ci_gate.codemodel.dependencies import tables
from ci_gate.regex import regex

#: Modules of Node that are imported without ``node:``.
BUILTIN: Final = frozenset({
    "_http_agent", "_http_common", "_stream_readable", "_tls_common", "assert", "async_hooks",
    "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram",
    "diagnostics_channel", "dns", "domain", "events", "fs", "http", "http2", "https", "inspector",
    "module", "net", "os", "path", "perf_hooks", "process", "punycode", "querystring", "readline",
    "repl", "stream", "string_decoder", "sys", "timers", "tls", "trace_events", "tty", "url",
    "util", "v8", "vm", "wasi", "worker_threads", "zlib", "bun", "electron", "vscode",
})  # fmt: skip
_NAME: Final = regex(r"^(?:@[a-z0-9~-][\w.~-]*/)?[a-z0-9~-][a-z0-9_.~-]*$")


@cache
def _brings() -> Mapping[str, frozenset[str]]:
    return {name: frozenset(given) for name, given in tables.read("npm.toml")[""].items()}


@cache
def common() -> frozenset[str]:
    """Packages that some well-known package brings along."""
    return frozenset().union(*_brings().values())


def brought(package: str) -> frozenset[str] | None:
    """All that a package brings along, at any depth; None where that is not known."""
    if package.startswith("@types/"):
        return frozenset()
    return _brings().get(package)


def is_package(name: str) -> bool:
    """Can it be the name of a package (and no alias of the project's own)?"""
    return _NAME.match(name) is not None
