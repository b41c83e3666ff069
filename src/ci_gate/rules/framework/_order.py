"""Routes that an earlier route of the same application answers in their stead."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.routing.graph import Endpoint
from ci_gate.data import dataclass
from ci_gate.regex import regex

_PARAMETER: Final = regex(r"^\{(\w+)\}$")
_STARLETTE: Final = regex(r"^\{\w+(?::(\w+))?\}$")
_DJANGO: Final = regex(r"^<(?:(\w+):)?\w+>$")
#: What the converters of Starlette and Django match. An unknown one matches nothing for sure.
_MATCHES: Final = {
    "str": regex(r"[^/]+"), "path": regex(r"[^/]+"), "slug": regex(r"[-\w]+", re.A),
    "int": regex(r"[0-9]+"), "float": regex(r"[0-9]+(\.[0-9]+)?"),
    "uuid": regex(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}"),
}  # fmt: skip
#: converter -> those whose every match it matches too
_WIDER: Final = {
    "str": frozenset({"str", "slug", "int", "float", "uuid"}),
    "slug": frozenset({"slug", "int", "uuid"}),
    "int": frozenset({"int"}), "uuid": frozenset({"uuid"}), "float": frozenset({"float", "int"}),
}  # fmt: skip
_NODE: Final = regex(r"^:(\w+)$")
_INCLUDES: Final = frozenset({"include", "include_router", "mount", "register", "path", "re_path"})
_NODE_INCLUDES: Final = frozenset({"use", "route"})
_NODE_FRAMEWORKS: Final = ("express", "koa", "hono")


@dataclass(frozen=True, slots=True)
class Hidden:
    """``later`` is never reached: ``earlier`` matches all that it matches. ``same``: the two match
    the same paths."""

    earlier: Route
    later: Route
    same: bool


def hidden(model: CodeModel, framework: str, *, by_method: bool) -> Iterator[Hidden]:
    """The routes of a framework that never come to run, each with the first that hides it."""
    sites = _Sites(model)
    applications: defaultdict[tuple[int, int], list[Route]] = defaultdict(list)
    for route in model.routes:
        if (
            route.framework == framework
            and route.complete
            and sites.always(route)
            and not passes_on(route)
        ):
            length = route.path.count("/")
            applications[route.order[0], length].append(route)
    for routes in applications.values():
        routes.sort(key=lambda route: route.order)
        yield from _hidden_among(sites, routes, by_method)


def _hidden_among(sites: _Sites, routes: Sequence[Route], by_method: bool) -> Iterator[Hidden]:
    paths = _Paths()
    for place, later in enumerate(routes):
        segments = sites.segments(later)
        for number in paths.covering(segments):
            earlier = routes[number]
            if earlier.module == later.module and earlier.span == later.span:
                continue
            if by_method and earlier.method not in (later.method, "ANY"):
                continue
            if earlier.method == "ANY" and earlier.framework in _NODE_FRAMEWORKS:
                continue
            if earlier.module != later.module and sites.alternatives:
                continue
            covered = _covers(sites.segments(earlier), segments)
            if covered is not None:
                yield Hidden(earlier, later, covered)
                break
        paths.add(segments, place)


class _Paths:
    """Paths by their parts, so that one is held only against those that may cover it."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str | None], _Paths] = {}
        self._converters: dict[tuple[str, str | None], _Paths] = {}
        self._places: list[int] = []

    def add(self, segments: Sequence[tuple[str, str | None]], place: int) -> None:
        paths = self
        for text, kind in segments:
            if kind == "?":
                return  # covers nothing for sure
            below = paths._converters if kind else paths._texts
            paths = below.setdefault((text, kind), _Paths())
        paths._places.append(place)

    def covering(self, segments: Sequence[tuple[str, str | None]]) -> list[int]:
        """The places of the paths that may cover one, in their order."""
        reached = [self]
        for text, kind in segments:
            reached = [
                below
                for paths in reached
                for below in (
                    paths._texts.get((text, "")),
                    paths._texts.get((text, None)) if kind is None else None,
                    *(paths._converters.values() if kind is not None else ()),
                )
                if below is not None
            ]
        return sorted(place for paths in reached for place in paths._places)


def passes_on(route: Route) -> bool:
    """May a handler of Express, Koa or Hono leave the request to a later route?"""
    if route.framework not in _NODE_FRAMEWORKS:
        return False
    for number, handler in enumerate(route.handlers):
        node = handler.node
        if not isinstance(node, s.Function):
            return True
        names = {param.name for param in node.params[1:]}
        for call in (item for item in s.walk(node) if isinstance(item, s.Call)) if names else ():
            if isinstance(call.func, s.Name) and call.func.id in names:
                given = call.args[0].value if call.args else None
                by_name = isinstance(given, s.Literal) and given.value in ("route", "router")
                if by_name or (not number and given is None):
                    return True
    return not route.handlers


class _Sites:
    """How routes are written where they are registered."""

    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._calls: dict[str, dict[s.Span, s.Call]] = {}
        self._guarded: dict[str, set[s.Span]] = {}
        self._segments: dict[Route, list[tuple[str, str | None]]] = {}
        self._written = {
            (entry.module, entry.span): entry.path
            for router in model.route_table.routers
            for entry in router.entries
            if isinstance(entry, Endpoint) and router.framework in _NODE_FRAMEWORKS
        }

    @cached_property
    def alternatives(self) -> bool:
        return any(_branches(module) for module in self._model.modules.values())

    def always(self, route: Route) -> bool:
        """Is the route registered under no condition?"""
        self._read(route.module)
        return route.span not in self._guarded[route.module]

    def segments(self, route: Route) -> list[tuple[str, str | None]]:
        """The parts of the path: a text, or a converter (None: not known which)."""
        found = self._segments.get(route)
        if found is None:
            found = self._segments[route] = self._split(route)
        return found

    def _split(self, route: Route) -> list[tuple[str, str | None]]:
        self._read(route.module)
        call = self._calls[route.module].get(route.span)
        first = call.args[0].value if call is not None and call.args else None
        own: list[str] = []
        if isinstance(first, s.Literal) and isinstance(first.value, str):
            own = first.value.split("/")
        if route.framework in _NODE_FRAMEWORKS:
            own = self._written.get((route.module, route.span), "").split("/")
        parts = route.path.split("/")
        found: list[tuple[str, str | None]] = []
        for number, part in enumerate(parts):
            written = own[number - len(parts)] if len(parts) - number <= len(own) else None
            found.append(_segment(route.framework, part, written))
        return found

    def _read(self, path: str) -> None:
        if path in self._calls:
            return
        module = self._model.modules[path]
        calls: dict[s.Span, s.Call] = {}
        guarded: set[s.Span] = set()
        for node in s.walk(module):
            if isinstance(node, s.Call):
                calls[node.span] = node
            elif isinstance(node, s.If | s.Try | s.Conditional):
                guarded.update(item.span for item in s.walk(node) if isinstance(item, s.Call))
        self._calls[path], self._guarded[path] = calls, guarded


def _segment(framework: str, part: str, written: str | None) -> tuple[str, str | None]:
    if not _PARAMETER.match(part):
        mixed = "{" in part
        return part, "?" if mixed else ""
    if written is None:
        return part, None
    if framework in _NODE_FRAMEWORKS:
        return part, "str" if _NODE.match(written) else "?"
    pattern = _DJANGO if framework == "django" else _STARLETTE
    match = pattern.match(written)
    return part, (match[1] or "str") if match is not None else None


def _covers(
    wide: Sequence[tuple[str, str | None]], narrow: Sequence[tuple[str, str | None]]
) -> bool | None:
    """Does the first path match all that the second matches? True where they are the same, false
    where it matches more, None where it does not."""
    if len(wide) != len(narrow):
        return None
    same = True
    for (mine, kind), (other, other_kind) in zip(wide, narrow, strict=True):
        if "?" in (kind, other_kind):
            return None
        if kind == "" or (kind is None and other_kind is None):
            if mine != other:
                return None
        elif kind is None or other_kind is None:
            return None
        elif other_kind == "":
            if kind not in _MATCHES or not _MATCHES[kind].fullmatch(other):
                return None
            same = False
        elif other_kind not in _WIDER.get(kind, ()):
            return None
        elif kind != other_kind:
            same = False
    return same


def _branches(module: s.Module) -> bool:
    """Does the module choose between two ways of putting routes together?"""
    names = _INCLUDES if module.language == "python" else _NODE_INCLUDES
    return any(
        isinstance(node, s.If)
        and any(_includes(item, names) for item in node.body)
        and any(_includes(item, names) for item in node.orelse)
        for node in s.walk(module)
    )


def _includes(statement: s.Stmt, names: frozenset[str]) -> bool:
    for node in s.walk(statement):
        match node:
            case s.Call(func=s.Name(id=name) | s.Attribute(name=name)) if name in names:
                return True
    return False
