"""Which route serves which operation of a description.

A description may leave out the prefix under which the service mounts its routes, or name one that
a proxy adds. The prefix is therefore taken from the routes: the one under which most operations are
served, and every other that a good part of them agrees on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, ImportEdge, Route
from ci_gate.codemodel.openapi.description import Description, Operation
from ci_gate.codemodel.places import is_outside
from ci_gate.data import dataclass
from ci_gate.regex import regex

Path = tuple[str, ...]

_PARAMETER: Final = regex(r"\{[^{}]*\}")
_OPTIONAL: Final = regex(r"[\w)>}]\?(?=[/$]|\Z)|\{/")
#: A parameter that takes the rest of a path, slashes and all, as the frameworks write it.
_DEEP: Final = regex(
    r"<path:\s*(\w+)\s*>|\{(\w+):path\}|\{(\w+):\.[*+]\}"
    r"|:(\w+)(?:\{\.[*+]\}|\(\.[*+]\)|[*+](?=[/$]|\Z))|\*(\w+)"
)
_UNKNOWN: Final = "{?}"
_REST: Final = "{wildcard}"
#: Ways of loading modules by names that are not written down.
_LOADERS: Final = (
    "import_module", "__import__", "walk_packages", "iter_modules", "find_modules", "import_string",
    "load_module", "readdirSync", "readdir", "globSync", "glob", "require_all", "iter_entry_points",
)  # fmt: skip
_MAX_PREFIX: Final = 4
#: The share of a description's operations that agree on a prefix.
_SHARE: Final = 0.2
_IGNORES_CASE: Final = frozenset({"express", "koa"})


def segments(path: str) -> Path:
    """The parts of a template; a parameter of any name is ``{}``."""
    return tuple(
        part if part in (_UNKNOWN, _REST) else _PARAMETER.sub("{}", part)
        for part in path.split("/")
        if part
    )


@dataclass(frozen=True, slots=True)
class Fit:
    """How a route answers an operation's path. ``exact``: the same template; otherwise a
    parameter stands where the description has a name, or a part is not known."""

    route: Route
    exact: bool
    prefix: Path


class Served:
    """One description against the route table."""

    def __init__(self, description: Description, model: CodeModel) -> None:
        self.description = description
        self._model = model
        self._optional_lines: dict[str, frozenset[int]] = {}
        self._deep_names: dict[str, dict[int, frozenset[str]]] = {}
        self._used: dict[str, bool] = {}
        self._routes = [
            (route, template)
            for route in model.routes
            if route.method not in ("HEAD", "OPTIONS")
            and not self._refuses(route)
            and not self._is_left_out(route)
            for template in self._templates(route)
        ]
        self.operations = [
            item for item in description.operations if item.method not in ("HEAD", "OPTIONS")
        ]
        self._shapes = {item: segments(item.path) for item in self.operations}

    @cached_property
    def left_out(self) -> tuple[Route, ...]:
        """Routes on routers that nothing mounts."""
        return tuple(route for route in self._model.routes if self._is_left_out(route))

    def _is_left_out(self, route: Route) -> bool:
        """Does it stand on a router that nothing mounts, in a module that nothing uses?"""
        if route.complete or not route.path.startswith("/" + _UNKNOWN):
            return False
        if self._model.route_table.open or any(map(self._model.calls_named, _LOADERS)):
            return False
        if route.module not in self._used:
            self._used[route.module] = self._is_used(route.module)
        return not self._used[route.module]

    def _is_used(self, path: str) -> bool:
        edges = [
            edge
            for edge in self._model.import_edges
            if edge.target == path or any(step.path == path for step in edge.via)
        ]
        return any(
            edge.source != path and not is_outside(edge.source) and self._uses(edge)
            for edge in edges
        )

    def _uses(self, edge: ImportEdge) -> bool:
        """Does the importing module do anything with what it imports?"""
        names = {item.alias for item in edge.node.names}
        if not names or edge.node.star or edge.node.kind in ("reexport", "dynamic") or edge.via:
            return True
        module = self._model.modules[edge.source]
        if any(item.local in names for item in module.exports):
            return True
        bound = {
            target
            for node in s.walk(module)
            if isinstance(node, s.Assign)
            for target in node.targets
        }
        return any(
            isinstance(node, s.Name) and node.id in names and node not in bound
            for node in s.walk(module)
        )

    def _templates(self, route: Route) -> Iterator[Path]:
        """The route's template, that with the parameters that take any number of parts, and those
        without the parts that are written as optional."""
        template = segments(route.path)
        yield template
        deep = self._deep(route)
        if deep:
            yield tuple(
                _REST if part[1:-1] in deep else segments(part)[0]
                for part in route.path.split("/")
                if part
            )
        if any("{" in part for part in template) and self._optional(route):
            while template and "{" in template[-1]:
                template = template[:-1]
                yield template

    def _deep(self, route: Route) -> frozenset[str]:
        """The names of the route's parameters that take slashes too."""
        known = self._deep_names.get(route.module)
        if known is None:
            known = self._deep_names[route.module] = {}
            for node in s.walk(self._model.modules[route.module]):
                if isinstance(node, s.Literal) and isinstance(node.value, str):
                    found = {name for match in _DEEP.findall(node.value) for name in match if name}
                    if found:
                        line = node.span[0]
                        known[line] = known.get(line, frozenset()) | found
        lines = range(route.span[0], route.span[2] + 1)
        names = frozenset().union(*(known[line] for line in lines if line in known))
        return frozenset(name for name in names if f"{{{name}}}" in route.path)

    def _refuses(self, route: Route) -> bool:
        """Does a route that takes every path only say that there is nothing, or send a page?"""
        last = route.path.rpartition("/")[2]
        if "{" not in last:
            return False
        everything = last == _REST or last[1:-1] in self._deep(route)
        if not (everything or (route.method == "ANY" and route.path.count("/") == 1)):
            return False
        return any(
            (isinstance(node, s.Literal) and node.value in (404, 405))
            or (isinstance(node, s.Attribute | s.Name) and s.last_name(node) in _PAGES)
            for handler in route.handlers[:1]
            for node in s.walk(handler.node)
        )

    def _optional(self, route: Route) -> bool:
        lines = self._optional_lines.get(route.module)
        if lines is None:
            lines = self._optional_lines[route.module] = frozenset(
                node.span[0]
                for node in s.walk(self._model.modules[route.module])
                if isinstance(node, s.Literal)
                and isinstance(node.value, str)
                and _OPTIONAL.search(node.value)
            )
        return any(line in lines for line in range(route.span[0], route.span[2] + 1))

    @cached_property
    def prefixes(self) -> tuple[Path, ...]:
        """What stands before the described paths in the routes, the most frequent first."""
        found: Counter[Path] = Counter()
        for item in self.operations:
            shape = self._shapes[item]
            here = {
                template[: len(template) - len(shape)]
                for route, template in self._routes
                if len(shape) <= len(template) <= len(shape) + _MAX_PREFIX
                and route.method in (item.method, "ANY")
                and _same(route, template[len(template) - len(shape) :], shape)
            }
            found.update(prefix for prefix in here if not any("{" in part for part in prefix))
        declared = {segments(base) for base in self.description.bases}
        enough = max(2.0, _SHARE * len(self.operations))
        ordered = sorted(found, key=lambda prefix: (-found[prefix], prefix not in declared, prefix))
        return tuple(
            prefix
            for index, prefix in enumerate(ordered)
            if index == 0 or found[prefix] >= enough or (prefix in declared and found[prefix])
        )

    def paths_of(self, operation: Operation) -> list[Path]:
        """The operation's full path under each prefix, also under its own servers'."""
        shape = self._shapes[operation]
        own = [segments(base) for base in operation.bases or ()]
        return [(*prefix, *shape) for prefix in (*self.prefixes, *own)]

    def fits(self, operation: Operation) -> list[Fit]:
        """The routes, of any method, whose path answers the operation's."""
        found: list[Fit] = []
        for full in self.paths_of(operation):
            prefix = full[: len(full) - len(self._shapes[operation])]
            for route, template in self._routes:
                if _same(route, template, full):
                    found.append(Fit(route, True, prefix))
                elif _answers(route, template, full):
                    found.append(Fit(route, False, prefix))
        return found

    def answering(self, operation: Operation) -> Sequence[Fit]:
        """The routes, of any method, whose path answers the operation's, worked out once."""
        return self._all_fits.get(operation, ())

    def routes_of(self, operation: Operation) -> list[Route]:
        """The routes that serve exactly this operation."""
        return list(
            dict.fromkeys(
                fit.route
                for fit in self._all_fits[operation]
                if fit.exact and fit.route.method in (operation.method, "ANY")
            )
        )

    @cached_property
    def _all_fits(self) -> dict[Operation, list[Fit]]:
        return {item: self.fits(item) for item in self.operations}

    @cached_property
    def served(self) -> frozenset[Operation]:
        """The operations that some route answers, or may answer."""
        exact = {fit.route for fits in self._all_fits.values() for fit in fits if fit.exact}
        return frozenset(item for item in self.operations if self._is_served(item, exact))

    def _is_served(self, item: Operation, taken: set[Route]) -> bool:
        for fit in self._all_fits[item]:
            if fit.route.method not in (item.method, "ANY"):
                continue
            if fit.exact or fit.route not in taken or not fit.route.complete:
                return True
            if self._deep(fit.route) or self._speaks_of(fit.route, item):
                return True
        return self.may_be_mounted(item)

    def _speaks_of(self, route: Route, item: Operation) -> bool:
        """Does the code of a route with a parameter know one of the fixed parts by name?"""
        names = {part for part in segments(item.path) if "{" not in part}
        names -= set(segments(route.path))
        return any(
            isinstance(node, s.Literal) and node.value in names
            for handler in route.handlers
            for node in s.walk(handler.node)
        )

    def may_be_mounted(self, item: Operation) -> bool:
        """May it be served by something that the route table does not show?"""
        return any(
            _below(full, segments(opening))
            for opening in self._model.route_table.open
            for full in self.paths_of(item)
        )

    def path_fits(self, item: Operation) -> list[Route]:
        """The routes of other methods that have exactly the operation's path."""
        return list(
            dict.fromkeys(
                fit.route
                for fit in self._all_fits[item]
                if fit.exact and fit.route.method != item.method
            )
        )

    @cached_property
    def undeclared(self) -> tuple[Route, ...]:
        """The routes, known in full, that answer no operation of the description."""
        declared = {
            fit.route
            for item, fits in self._all_fits.items()
            for fit in fits
            if fit.route.method in (item.method, "ANY")
        }
        routes = dict.fromkeys(route for route, _ in self._routes)
        return tuple(route for route in routes if route.complete and route not in declared)

    @property
    def share(self) -> float:
        """How much of the description the routes answer exactly."""
        exact = sum(bool(self.routes_of(item)) for item in self.operations)
        return exact / len(self.operations) if self.operations else 0.0

    @cached_property
    def in_use(self) -> bool:
        """Is it this program's description? A good share of it must be served."""
        exact = sum(bool(self.routes_of(item)) for item in self.operations)
        if self.description.named:
            return exact >= 1 and self.share >= _NAMED_SHARE
        return exact >= _FEWEST and self.share >= _FOUND_SHARE


_PAGES: Final = frozenset({
    "sendFile", "send_from_directory", "FileResponse", "render", "render_template", "sendfile",
    "send_file", "redirect", "NotFound", "NOT_FOUND", "notFound", "callNotFound", "Http404",
    "HTTPNotFound", "TemplateResponse", "HTMLResponse", "serveStatic", "sendIndex",
})  # fmt: skip
_NAMED_SHARE: Final = 0.25
_FOUND_SHARE: Final = 0.5
_FEWEST: Final = 2


def _same(route: Route, template: Sequence[str], wanted: Sequence[str]) -> bool:
    if len(template) != len(wanted):
        return False
    if route.framework in _IGNORES_CASE:
        return [part.casefold() for part in template] == [part.casefold() for part in wanted]
    return tuple(template) == tuple(wanted)


def _answers(route: Route, template: Sequence[str], wanted: Sequence[str]) -> bool:
    """Would a request for ``wanted`` come to the route? Parts that are not known fit anything."""
    if _UNKNOWN in "".join(template) or _REST in template:
        return _glob(route, template, wanted)
    return len(template) == len(wanted) and all(
        _part(route, given, part) for given, part in zip(template, wanted, strict=True)
    )


def _part(route: Route, given: str, wanted: str) -> bool:
    if given == wanted or (
        route.framework in _IGNORES_CASE and given.casefold() == wanted.casefold()
    ):
        return True
    if "{" not in given:
        return False
    pattern = ".+".join(re.escape(piece) for piece in re.split(r"\{[^{}]*\}", given))
    return re.fullmatch(pattern, wanted) is not None


def _glob(route: Route, template: Sequence[str], wanted: Sequence[str]) -> bool:
    """A part with something unknown in it stands for any number of parts."""
    if not template:
        return not wanted
    if _UNKNOWN in template[0] or template[0] == _REST:
        return any(_glob(route, template[1:], wanted[cut:]) for cut in range(len(wanted) + 1))
    return (
        bool(wanted)
        and _part(route, template[0], wanted[0])
        and _glob(route, template[1:], wanted[1:])
    )


def _below(full: Sequence[str], opening: Sequence[str]) -> bool:
    """Does a path lie under a prefix, as far as that is known?"""
    for index, part in enumerate(opening):
        if _UNKNOWN in part:
            return True
        if index >= len(full) or ("{" not in part and part != full[index]):
            return False
    return True
