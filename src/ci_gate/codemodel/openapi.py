"""The contract's OpenAPI description, as far as rules compare it with the code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

import yaml

from ci_gate.codemodel.places import is_outside
from ci_gate.repository import Tree

_NAMES: Final = re.compile(r"(?:^|/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$")
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options"})
_MAX_SIZE: Final = 2_000_000


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; ``query`` are the names of its query parameters, ``body`` says
    whether it takes one."""

    method: str
    path: str
    query: tuple[str, ...] = ()
    body: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """``path`` is the file; ``problem`` says why nothing could be read."""

    path: str
    operations: tuple[Operation, ...] = ()
    bases: tuple[str, ...] = ()
    problem: str | None = None
    _by_key: dict[tuple[str, str], Operation] = field(default_factory=dict, compare=False)

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation of a route: the same template, with or without the servers' base path."""
        shape = _shape(path)
        for base in ("", *self.bases):
            found = self._by_key.get((method, shape.removeprefix(base) or "/"))
            if found is not None and shape.startswith(base):
                return found
        for item in self.operations:
            if item.method == method and shape.endswith(_shape(item.path)) and item.path != "/":
                return item
        return None


def find_description(tree: Tree, named: str | None = None) -> Description | None:
    """The description that the configuration names, else the one file that is called so."""
    if named is not None:
        return read(tree, named)
    found = sorted(
        path
        for path in tree.files
        if _NAMES.search(path) and not is_outside(path) and path.count("/") <= 3
    )
    return read(tree, found[0]) if len(found) == 1 else None


def read(tree: Tree, path: str) -> Description:
    """The description in ``path``; one with a ``problem`` when it cannot be read."""
    try:
        text = tree.text(path)
        if len(text) > _MAX_SIZE:
            return Description(path, problem=f"{path} is larger than {_MAX_SIZE} bytes")
        data = json.loads(text) if path.endswith(".json") else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError, RecursionError) as error:
        return Description(path, problem=f"{path} cannot be read: {error}")
    if not isinstance(data, dict) or not isinstance(data.get("paths"), dict):
        return Description(path, problem=f"{path} has no paths")
    operations = tuple(_operations(data))
    made = Description(path, operations, tuple(_bases(data)))
    for item in operations:
        made._by_key.setdefault((item.method, _shape(item.path)), item)
    return made


def _operations(data: Mapping[str, Any]) -> Iterator[Operation]:
    for path, given in data["paths"].items():
        item = _resolved(data, given)
        if not isinstance(path, str) or not isinstance(item, dict):
            continue
        shared = list(_query(data, item.get("parameters")))
        for method, operation in item.items():
            if method in _METHODS and isinstance(operation, dict):
                own = list(_query(data, operation.get("parameters")))
                query = tuple(dict.fromkeys([*shared, *own]))
                body = "requestBody" in operation or any(
                    _in_body(data, given)
                    for part in (item, operation)
                    for given in _listed(part.get("parameters"))
                )
                yield Operation(method.upper(), path, query, body)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _in_body(data: Mapping[str, Any], parameter: object) -> bool:
    """Is it a parameter of Swagger 2 that the body carries?"""
    item = _resolved(data, parameter)
    return isinstance(item, dict) and item.get("in") in ("body", "formData")


def _query(data: Mapping[str, Any], parameters: object) -> Iterator[str]:
    for given in _listed(parameters):
        item = _resolved(data, given)
        if (
            isinstance(item, dict)
            and item.get("in") == "query"
            and isinstance(item.get("name"), str)
        ):
            yield item["name"]


def _resolved(data: Mapping[str, Any], item: object) -> object:
    """``item`` behind its local ``$ref``; None when that leads nowhere."""
    for _ in range(8):
        if not isinstance(item, dict) or "$ref" not in item:
            return item
        reference = item["$ref"]
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        item = data
        for part in reference[2:].split("/"):
            name = part.replace("~1", "/").replace("~0", "~")
            item = item.get(name) if isinstance(item, dict) else None
    return None


def _bases(data: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(data.get("basePath"), str):
        yield _shape(data["basePath"]).rstrip("/")
    servers = data.get("servers")
    for server in servers if isinstance(servers, list) else ():
        url = server.get("url") if isinstance(server, dict) else None
        if isinstance(url, str):
            path = urlsplit(url).path.rstrip("/")
            if path:
                yield _shape(path)


def _shape(path: str) -> str:
    """The template without names and without the last slash."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/") or "/"
