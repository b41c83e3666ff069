"""The operations of an OpenAPI description (3.0, 3.1; Swagger 2 as far as it says the same)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Final
from urllib.parse import urlsplit

from ci_gate.codemodel.openapi.documents import Data, Documents, Object, Problem, Unreadable
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.repository import Tree

_NAMES: Final = regex(r"(?:^|/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$")
_ENDINGS: Final = (".yaml", ".yml", ".json")
_METHODS: Final = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_MAX_FILES: Final = 20
_MAX_FOLDERS: Final = 3
#: Where descriptions lie that are part of the project although documentation is not its code.
_DOCUMENTS: Final = regex(r"^(?:.*/)?(?:docs?|documentation)/")


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a client shows who it is; ``says`` is the author's own description."""

    name: str
    kind: str  # apiKey, http, oauth2, openIdConnect, mutualTLS; basic in Swagger 2
    where: str = ""  # header, query, cookie
    key: str = ""  # name of the header, query parameter or cookie
    http: str = ""  # bearer, basic, digest
    says: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What an operation answers; ``status`` as written (``201``, ``2XX``, ``default``).

    ``schema`` is that of its JSON content; None where there is none.
    """

    status: str
    path: str
    line: int
    column: int
    schema: Data = None
    content: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, where it is described.

    ``query`` are the names of its query parameters, ``body`` says whether it takes one.
    ``security`` are the alternatives, each a set of schemes by name; empty: anyone may call it;
    None: not known.
    """

    method: str
    path: str
    query: tuple[str, ...] = ()
    body: bool = False
    file: str = ""
    line: int = 1
    column: int = 1
    bases: tuple[str, ...] | None = None
    responses: tuple[Response, ...] = field(default=(), compare=False)
    security: tuple[frozenset[str], ...] | None = None

    @property
    def endpoint(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Description:
    """``path`` is the file. ``problems``: what is wrong with it; where ``readable`` is false,
    nothing could be taken from it. ``named``: the configuration names it."""

    path: str
    operations: tuple[Operation, ...] = ()
    bases: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    readable: bool = True
    named: bool = False
    schemes: Mapping[str, Scheme] = field(default_factory=dict, compare=False)
    documents: Documents | None = field(default=None, compare=False)
    schema_names: frozenset[str] = field(default=frozenset(), compare=False)
    _by_key: dict[tuple[str, str], Operation] = field(default_factory=dict, compare=False)

    @property
    def problem(self) -> str | None:
        """Why nothing could be read."""
        return None if self.readable else str(self.problems[0])

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
        return read(tree, named, named=True)
    found = [path for path in _candidates(tree) if not is_outside(path)]
    return read(tree, found[0]) if len(found) == 1 else None


def find_descriptions(tree: Tree, named: str | None = None) -> Sequence[Description]:
    """The description that the configuration names, else all files that are called so."""
    if named is not None:
        return [read(tree, named, named=True)]
    return [read(tree, path) for path in _candidates(tree)[:_MAX_FILES]]


def _candidates(tree: Tree) -> list[str]:
    return sorted(
        path
        for path in tree.files
        if path.endswith(_ENDINGS)
        and _NAMES.search(path)
        and path.count("/") <= _MAX_FOLDERS
        and not is_outside(_DOCUMENTS.sub("", path))
    )


def read(tree: Tree, path: str, *, named: bool = False) -> Description:
    """The description in ``path``, with what is wrong about it."""
    documents = Documents(tree)
    try:
        data = documents.load(path)
    except Unreadable as error:
        return Description(path, problems=(error.problem,), readable=False, named=named)
    problem = _no_description(data, path)
    if problem is not None or not isinstance(data, Object):
        return Description(
            path, problems=(problem,) if problem else (), readable=False, named=named
        )
    reader = _Reader(documents, data)
    operations = tuple(reader.operations())
    schemes, names = reader.schemes(), reader.schema_names()
    documents.check()
    made = Description(
        path,
        operations,
        tuple(reader.bases(data)),
        tuple(documents.problems),
        named=named,
        schemes=schemes,
        documents=documents,
        schema_names=names,
    )
    for item in operations:
        made._by_key.setdefault((item.method, _shape(item.path)), item)
    return made


def _no_description(data: Data, path: str) -> Problem | None:
    if not isinstance(data, Object):
        return Problem(path, 1, 1, "is no OpenAPI description; it must be a mapping with paths")
    version = data.get("openapi") or data.get("swagger")
    if version is None:
        line, column = data.place()
        return Problem(
            path, line, column, "is no OpenAPI description: it has neither openapi nor swagger"
            "; add the version (openapi: 3.0.3)",
        )  # fmt: skip
    if not isinstance(data.get("paths"), Object):
        line, column = data.place("paths")
        return Problem(path, line, column, "has no paths; write them as a mapping under paths")
    return None


class _Reader:
    def __init__(self, documents: Documents, root: Object) -> None:
        self._documents = documents
        self._root = root

    def operations(self) -> Iterator[Operation]:
        paths = self._root["paths"]
        assert isinstance(paths, Object)
        for path, given in paths.items():
            item = self._documents.resolved(given)
            if not path.startswith("/") or not isinstance(item, Object):
                continue
            for method, value in item.items():
                operation = self._documents.resolved(value)
                if method in _METHODS and isinstance(operation, Object):
                    yield self._operation(path, method, item, operation)

    def _operation(self, path: str, method: str, item: Object, operation: Object) -> Operation:
        parameters = [
            self._documents.resolved(given)
            for part in (item, operation)
            for given in _listed(part.get("parameters"))
        ]
        own = [item for item in parameters if isinstance(item, Object)]
        query = [str(given["name"]) for given in own if given.get("in") == "query"
                 and isinstance(given.get("name"), str)]  # fmt: skip
        body = "requestBody" in operation or any(
            given.get("in") in ("body", "formData") for given in own
        )
        line, column = item.place(method)
        servers = operation if "servers" in operation else item if "servers" in item else None
        return Operation(
            method.upper(),
            path,
            tuple(dict.fromkeys(query)),
            body,
            item.path,
            line,
            column,
            None if servers is None else tuple(self.bases(servers)),
            tuple(self._responses(operation)),
            self._security(operation),
        )

    def _responses(self, operation: Object) -> Iterator[Response]:
        given = self._documents.resolved(operation.get("responses"))
        if not isinstance(given, Object):
            return
        for status, value in given.items():
            line, column = given.place(status)
            response = self._documents.resolved(value)
            schema: Data = None
            types: frozenset[str] = frozenset()
            if isinstance(response, Object):
                content = self._documents.resolved(response.get("content"))
                if isinstance(content, Object):
                    types = frozenset(content)
                    schema = _json(content, self._documents)
                else:
                    schema = response.get("schema")
            yield Response(status, given.path, line, column, schema, types)

    def _security(self, operation: Object) -> tuple[frozenset[str], ...] | None:
        given = operation.get("security", self._root.get("security"))
        if given is None:
            return ()
        if not isinstance(given, list) or not all(isinstance(item, Object) for item in given):
            return None
        return tuple(frozenset(item) for item in given if isinstance(item, Object))

    def schemes(self) -> dict[str, Scheme]:
        components = self._documents.resolved(self._root.get("components"))
        given = components.get("securitySchemes") if isinstance(components, Object) else None
        found = self._documents.resolved(given or self._root.get("securityDefinitions"))
        made: dict[str, Scheme] = {}
        for name, value in found.items() if isinstance(found, Object) else ():
            item = self._documents.resolved(value)
            if isinstance(item, Object):
                texts = [str(item.get(key) or "") for key in
                         ("type", "in", "name", "scheme", "description")]  # fmt: skip
                kind, where, key, http, says = texts
                made[name] = Scheme(name, kind, where, key, http.lower(), says)
        return made

    def schema_names(self) -> frozenset[str]:
        components = self._documents.resolved(self._root.get("components"))
        given = components.get("schemas") if isinstance(components, Object) else None
        found = self._documents.resolved(given or self._root.get("definitions"))
        return frozenset(found) if isinstance(found, Object) else frozenset()

    def bases(self, holder: Object) -> Iterator[str]:
        """The base paths of the servers that ``holder`` names."""
        base = holder.get("basePath")
        if isinstance(base, str):
            yield _shape(base).rstrip("/")
        for server in _listed(holder.get("servers")):
            url = server.get("url") if isinstance(server, Object) else None
            if isinstance(url, str):
                assert isinstance(server, Object)
                path = urlsplit(_with_defaults(url, server)).path.rstrip("/")
                if path:
                    yield _shape(path if path.startswith("/") else "/" + path)


def _with_defaults(url: str, server: Object) -> str:
    variables = server.get("variables")
    for name, value in variables.items() if isinstance(variables, Object) else ():
        default = value.get("default") if isinstance(value, Object) else None
        if isinstance(default, str):
            url = url.replace("{" + name + "}", default)
    return re.sub(r"^(\w+://)?\{[^}]*\}(?=/|$)", "", url)


def _listed(value: Data) -> list[Data]:
    return value if isinstance(value, list) else []


def _json(content: Object, documents: Documents) -> Data:
    """The schema of the content that is JSON."""
    for kind, value in content.items():
        if re.match(r"application/(?:[\w.+-]+\+)?json\b|\*/\*", kind):
            item = documents.resolved(value)
            return item.get("schema") if isinstance(item, Object) else None
    return None


def _shape(path: str) -> str:
    """The template without names and without the last slash."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/") or "/"
