"""What of a tree looks like tests of its API contract, and how its service would be started: for
the configuration that a person is to finish."""

from __future__ import annotations

import os
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.config_contract import RunnerConfig, ServiceConfig
from ci_gate.contract.hints import hints
from ci_gate.contract.service.guess import guess
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree
from ci_gate.stack.model import Stack

_COLLECTION: Final = regex(r"schema\.getpostman\.com/json/collection|\"_postman_id\"")
_ADDRESS: Final = regex(r"\"(?:raw|url)\"\s*:\s*\"(?:https?://)?\{\{(\w+)\}\}")
_DESCRIPTION: Final = regex(r"(?:^|/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$", re.I)
_VERSION: Final = regex(r"^\s*\"?(?:openapi|swagger)\"?\s*:", re.MULTILINE)
_TEST_FILE: Final = regex(r"(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_ASKS_SERVICE: Final = regex(
    r"\bdef \w+\([^)]*\bbase_url\b|\b(?:\w+_)?BASE_URL\b|https?://(?:localhost|127\.0\.0\.1):\d"
)
#: Tests that call the application in their own process.
_IN_PROCESS: Final = regex(r"\bTestClient\b|\bASGITransport\b|\btest_client\b|://testserver\b")
_HEALTH: Final = regex(r"/(?:health(?:z|[-_]?check)?|ping|livez|readyz)/?$")
_KNOWN: Final = ("baseUrl", "base_url")  # the runner sets these by itself
_BYTES: Final = 512 * 1024  # of a file that are looked at
_FILES: Final = 3  # of one kind that are suggested


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``command``: how the service would be started, in the folder ``cwd``, and ``notes`` where
    that was seen. ``health``: a path that looks made for it. ``description``: of the API, OpenAPI.
    """

    runners: tuple[RunnerConfig, ...] = ()
    command: tuple[str, ...] | None = None
    cwd: str = "."
    health: str | None = None
    description: str | None = None
    notes: tuple[str, ...] = ()


def suggestions(tree: Tree, model: CodeModel, stack: Stack) -> Suggestions:
    """Of the files of the tree; nothing is run."""
    descriptions = [path for path in tree.files if _is_description(tree, path)]
    plan = guess(tree, ServiceConfig(), hints(model, stack))
    runners = [
        *_collections(tree),
        *_pytest(tree),
        *_hurl(tree),
        *(RunnerConfig("openapi", path) for path in descriptions[:1]),
    ]
    return Suggestions(
        tuple(runners),
        plan.service.command,
        plan.service.cwd,
        _health(model),
        descriptions[0] if descriptions else None,
        tuple(re.sub(r"^contract\.service\.(\S+) is not set:", r"\1:", n) for n in plan.notes),
    )


def _collections(tree: Tree) -> Iterator[RunnerConfig]:
    known = [path for path in tree.files if path.endswith(".json") and "postman" in path.lower()]
    known += [path for path in tree.files if path.endswith("collection.json")]
    texts = {path: _head(tree, path) for path in dict.fromkeys(known)}
    found = [path for path, text in texts.items() if _COLLECTION.search(text)]
    environments = [path for path in texts if path.endswith("postman_environment.json")]
    for path in found[:_FILES]:
        names = Counter(_ADDRESS.findall(texts[path])).most_common(1)
        variables = {name: "{base_url}" for name, _ in names if name not in _KNOWN}
        beside = [e for e in environments if posixpath.dirname(e) == posixpath.dirname(path)]
        environment = beside[0] if len(beside) == 1 else None
        yield RunnerConfig("postman", path, variables, environment)


def _pytest(tree: Tree) -> Iterator[RunnerConfig]:
    """The folder that holds all tests that speak of the address of a service."""
    asking = [
        posixpath.dirname(path)
        for path in tree.files
        if _TEST_FILE.search(path) and _asks_service(_head(tree, path))
    ]
    if asking:
        yield RunnerConfig("pytest", os.path.commonpath(asking) or ".")


def _asks_service(text: str) -> bool:
    return bool(_ASKS_SERVICE.search(text)) and not _IN_PROCESS.search(text)


def _hurl(tree: Tree) -> Iterator[RunnerConfig]:
    folders = [posixpath.dirname(path) for path in tree.files if path.endswith(".hurl")]
    if folders:
        yield RunnerConfig("hurl", os.path.commonpath(folders) or ".")


def _is_description(tree: Tree, path: str) -> bool:
    return bool(_DESCRIPTION.search(path) and _VERSION.search(_head(tree, path)))


def _health(model: CodeModel) -> str | None:
    paths = [
        route.path
        for route in model.routes
        if route.method == "GET" and route.complete and _HEALTH.search(route.path)
    ]
    return min(paths, key=len, default=None)


def _head(tree: Tree, path: str) -> str:
    try:
        return tree.text(path)[:_BYTES]
    except (OSError, ValueError):
        return ""
