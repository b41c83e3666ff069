"""Which endpoints reach which findings, through the route table and the call graph."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urlsplit

from ci_gate.codemodel.model import CodeModel, FunctionInfo, Route
from ci_gate.codemodel.syntax import Attribute, Module, Name, Node, walk
from ci_gate.findings import Finding
from ci_gate.regex import regex

_PARAMETER: Final = regex(r"\{[^{}]*\}")
_UNKNOWN: Final = "{?}"
_BASE_PATH: Final = 3  # segments that a proxy or a client's base URL may add
#: What these find is wrong for every request that needs the database, if not for some known ones.
_OF_THE_SCHEMA: Final = frozenset({"database/migration-drift"})
_METHODS_OF_GET: Final = ("GET", "HEAD")


class Reach:
    """Answers for one tree which findings an endpoint's code reaches.

    A finding inside a function is reached with that function, or with one around it; one at module
    or class level is reached with any function of its module; a repository-wide one by all. One on
    the database that is reached by none of these is reached with the functions that name its class.
    """

    def __init__(self, model: CodeModel | None) -> None:
        self._model = model
        self.routes: list[Route] = list(model.routes) if model else []
        self._functions: dict[str, frozenset[str]] = {}
        self._by_endpoint: dict[str, list[Route]] = {}
        for route in self.routes:
            self._by_endpoint.setdefault(route.endpoint, []).append(route)
        self._templates = [(route, segments(route.path)) for route in self.routes]

    @cached_property
    def endpoints(self) -> list[str]:
        """``METHOD /path`` of every route, once each, sorted by path."""
        return sorted(self._by_endpoint, key=lambda e: (e.partition(" ")[2], e))

    def route_of(self, request: str) -> str | None:
        """The endpoint that serves ``METHOD /path`` as requested, or as a template.

        The most specific template wins; None where two are equally good. Where none fits as it
        stands, up to three leading segments of the request are ignored (the base path of a reverse
        proxy), or of the template (a base URL that the test's client adds).
        """
        if request in self._by_endpoint:
            return request
        method, _, target = request.strip().partition(" ")
        wanted = segments(urlsplit(target.strip()).path if "{" not in target else target)
        fitting = [
            (template, route)
            for route, template in self._templates
            if serves(route.method, method.upper())
        ]
        for cut in range(_BASE_PATH + 1):
            fits = matches if cut == 0 else matches_below
            found = [(t, r) for t, r in fitting if fits(t, wanted[cut:])]
            found = found or [(t[cut:], r) for t, r in fitting if fits(t[cut:], wanted)]
            if found:
                return _most_specific(found)
        return None

    def of(self, finding: Finding) -> tuple[str, ...]:
        """The endpoints that reach a finding, in the order of :attr:`endpoints`."""
        if finding.repository_wide:
            return tuple(self.endpoints)
        known = self._reaching(self._owners(finding))
        if known or finding.group != "database":
            return known
        users = self._reaching(self._users(finding))
        return users or (tuple(self.endpoints) if finding.rule in _OF_THE_SCHEMA else ())

    def _reaching(self, owners: frozenset[str]) -> tuple[str, ...]:
        """The endpoints that reach one of these functions or modules."""
        places = {place for owner in owners for place in self._reaching_each.get(owner, ())}
        return tuple(self.endpoints[place] for place in sorted(places))

    @cached_property
    def _reaching_each(self) -> dict[str, list[int]]:
        """By function or module, which of :attr:`endpoints` reach it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, endpoint in enumerate(self.endpoints):
            for name in self._reached(endpoint):
                found[name].append(place)
        return dict(found)

    def _users(self, finding: Finding) -> frozenset[str]:
        """The functions that name the class which a finding lies in, where they can know it."""
        if self._model is None:
            return frozenset()
        around = [
            found
            for found in self._model.classes.values()
            if found.module.path == finding.path
            and found.node.span[0] <= finding.start.line <= found.node.span[2]
        ]
        if not around:
            return frozenset()
        cls = max(around, key=lambda found: found.node.line)
        modules = {finding.path} | {
            edge.source
            for edge in self._model.import_edges
            if edge.target == finding.path and edge.symbol in (None, cls.name, "*")
        }
        return frozenset(
            function.qualname
            for function in self._model.functions.values()
            if function.module.path in modules
            and not isinstance(function.node, Module)
            and any(
                _is_named(node, cls.name)
                for statement in function.node.body  # an annotation asks the database for nothing
                for node in walk(statement)
            )
        )

    def functions(self, endpoint: str) -> frozenset[str]:
        """Qualified names of the functions that an endpoint reaches, and their modules' paths."""
        return self._reached(endpoint) if endpoint in self._by_endpoint else frozenset()

    def handlers(self, endpoint: str) -> frozenset[str]:
        """Qualified names of the functions that answer an endpoint."""
        routes = self._by_endpoint.get(endpoint, [])
        return frozenset(handler.qualname for route in routes for handler in route.handlers)

    def function_at(self, path: str, line: int) -> str | None:
        """The qualified name of the innermost function at a line."""
        function = self._model.enclosing(path, line) if self._model else None
        return function.qualname if function is not None else None

    def through(self, path: str, line: int) -> str | None:
        """The endpoint whose handler is at a line, or around it; else the one that alone reaches
        it."""
        function = self._model.enclosing(path, line) if self._model else None
        if function is None:
            return None
        owners = {item.qualname for item in function.outward()}
        answering = [e for e in self.endpoints if self.handlers(e) & owners]
        found = answering or self._reaching(frozenset({function.qualname}))
        return found[0] if len(found) == 1 else None

    def line_of(self, path: str, pattern: re.Pattern[str]) -> int | None:
        """The first line of a file that the pattern fits at its beginning."""
        known = self._model is not None and path in self._model.modules
        lines = self._model.tree.text(path).splitlines() if self._model and known else []
        return next((n for n, line in enumerate(lines, 1) if pattern.match(line)), None)

    def _owners(self, finding: Finding) -> frozenset[str]:
        """What an endpoint must reach to reach the finding: a function, or a module's path."""
        function = self._model.enclosing(finding.path, finding.start.line) if self._model else None
        if function is None:
            return frozenset()
        if isinstance(function.node, Module):
            return frozenset({finding.path})
        around = (item for item in function.outward() if not isinstance(item.node, Module))
        return frozenset(item.qualname for item in around)

    def _reached(self, endpoint: str) -> frozenset[str]:
        """Qualified names of the functions reached, and the paths of their modules."""
        known = self._functions.get(endpoint)
        if known is None:
            known = self._functions[endpoint] = frozenset(self._walk(self._by_endpoint[endpoint]))
        return known

    def _walk(self, routes: Iterable[Route]) -> Iterable[str]:
        assert self._model is not None
        starts: list[FunctionInfo] = [handler for route in routes for handler in route.handlers]
        for route in routes:
            yield route.module
        for function in {*starts, *self._model.reachable(starts)}:
            yield function.qualname
            yield function.module.path


def _is_named(node: Node, name: str) -> bool:
    return (isinstance(node, Name) and node.id == name) or (
        isinstance(node, Attribute) and node.name == name
    )


def _most_specific(found: Sequence[tuple[Sequence[str], Route]]) -> str | None:
    best = max(specificity(template) for template, _ in found)
    endpoints = {route.endpoint for template, route in found if specificity(template) == best}
    by_method = {e for e in endpoints if not e.startswith("ANY ")} or endpoints
    return by_method.pop() if len(by_method) == 1 else None


def segments(path: str) -> tuple[str, ...]:
    """The parts of a path or template; parameters of any spelling become ``{}``."""
    parts = (part for part in path.split("/") if part)
    return tuple(_parameter(part) for part in parts)


def _parameter(part: str) -> str:
    if part == _UNKNOWN:
        return _UNKNOWN
    return _PARAMETER.sub("{}", part) if "{" in part else unquote(part)


def serves(offered: str, wanted: str) -> bool:
    return offered in ("ANY", wanted) or (offered == "GET" and wanted in _METHODS_OF_GET)


def matches(template: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a request's segments fit a template's. A part that could not be resolved fits one
    segment."""
    if len(template) != len(wanted):
        return False
    return all(
        part in (given, _UNKNOWN) or ("{}" in part and _fits(part, given))
        for part, given in zip(template, wanted, strict=True)
    )


def matches_below(template: Sequence[str], wanted: Sequence[str]) -> bool:
    """:func:`matches` for what is left of a path: one segment at least must fit by its name."""
    return matches(template, wanted) and any("{" not in part for part in template)


def _fits(part: str, given: str) -> bool:
    if part == "{}":
        return True
    pattern = ".+".join(re.escape(piece) for piece in part.split("{}"))
    return re.fullmatch(pattern, given) is not None


def specificity(template: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Orders templates: the earlier a fixed part stands, the more specific."""
    return tuple((2 if "{" not in part else 1, len(part)) for part in template)
