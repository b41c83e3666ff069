from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import Final

from ci_gate.codemodel.model import Route
from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.openapi.served import Path, Served, segments
from ci_gate.codemodel.syntax import Node
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions
from ci_gate.rules.contract._slashes import unanswered

_ALIKE: Final = 0.75  # how much of a path's part must agree to be the same word misspelt
_SHOWN: Final = 4


class MissingRoute(Rule):
    """The OpenAPI description has a path that no route of the service answers.

    ## Why is this bad?
    Clients are written against the description. Their requests get 404 Not Found.

    ## Fix
    Register the route, or correct the path or the prefix under which its router is mounted. If the
    endpoint was given up on purpose, take it out of the description in the same change.

    ## Silent on
    Programs that serve less than half of the description (it is another service's); paths under
    which something is mounted that cannot be followed; routes whose path is not known in full; a
    route with a parameter in place of a name, where its code knows that name. A last slash makes a
    difference only for Django (without `APPEND_SLASH`, or where the description alone has it),
    Flask and aiohttp. Where the service writes the description itself (FastAPI's own document,
    drf-spectacular, `@fastify/swagger`…) and the configuration does not name the file, it is a
    note: the file may be old.

    ## Source
    OpenAPI Specification 3.1, "Paths Object"; Constraint decay, arXiv 2605.06445.
    """

    id = "contract/missing-route"
    group = "contract"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for served in facts.served:
            for group in _groups(served):
                yield self._finding(facts, served, group)
            found = list(unanswered(facts.model, served))
            if found:
                yield self._slash(facts, served, found)

    def _finding(self, facts: Facts, served: Served, group: _Group) -> Finding:
        first = group.operations[0]
        names = descriptions.listed([item.endpoint for item in group.operations])
        described = [
            Related(item.file, item.line, f"{item.endpoint} is described")
            for item in group.operations[:_SHOWN]
        ]
        severity = descriptions.severity(facts, served, self.severity)
        why = f"A request for {first.endpoint} gets 404 Not Found."
        if group.route is not None:
            there = f"{group.route.method} {group.route.path}"
            wanted = _full(served, first)
            return self.finding(
                group.route.module,
                Node(group.route.span),
                message=(
                    f"{served.description.path} describes {names}, and no route serves "
                    f"{'it' if len(group.operations) == 1 else 'them'}; the route here is {there}."
                ),
                why=why,
                fix=f"Serve it as {first.method} {wanted}.",
                subject=f"{first.endpoint} is served elsewhere",
                related=described,
                severity=severity,
            )
        near = _neighbour(served, first)
        shape = segments(first.path)
        unmounted = [
            route
            for route in served.left_out
            if route.method == first.method and segments(route.path)[-len(shape) :] == shape
        ][:1]
        return self.finding(
            first.file,
            descriptions.node(first),
            message=f"{names}: described here, and no route serves "
            f"{'it' if len(group.operations) == 1 else 'them'}.",
            why=why,
            fix=f"Mount the router of {unmounted[0].module}."
            if unmounted
            else (
                f"Register {'a route' if len(group.operations) == 1 else 'routes'} for it"
                f"{f' beside {near.endpoint} ({near.module}:{near.span[0]})' if near else ''}, or "
                "take it out of the description."
            ),
            subject=f"no route for {first.endpoint}",
            related=[
                *described[1:],
                *(
                    Related(route.module, route.span[0], "on a router that nothing mounts")
                    for route in unmounted
                ),
                *([Related(near.module, near.span[0], f"{near.endpoint} is here")] if near else []),
            ],
            severity=severity,
        )

    def _slash(
        self, facts: Facts, served: Served, found: Sequence[tuple[Operation, Route]]
    ) -> Finding:
        (item, route), *more = found
        also = f" So it is with {len(more)} more operations." if more else ""
        ends = "without a slash" if route.path.endswith("/") else "with a slash"
        return self.finding(
            route.module,
            Node(route.span),
            message=(
                f"{item.file} describes {item.endpoint}, {ends} at the end, and the route here is "
                f"{route.path}.{also}"
            ),
            why=f"A request for {item.endpoint} gets 404 Not Found: the path must agree to the "
            "last slash.",
            fix=f"Serve it as {item.method} {_full(served, item)}.",
            subject=f"{item.endpoint} is served as {route.path}",
            related=[
                Related(item.file, item.line, f"{item.endpoint} is described"),
                *(
                    Related(other.module, other.span[0], f"{wanted.endpoint} too")
                    for wanted, other in more[:_SHOWN]
                ),
            ],
            severity=descriptions.severity(facts, served, self.severity),
        )


@dataclass(slots=True)
class _Group:
    """Operations that are missing for one reason. ``route``: what serves the first of them under
    another path."""

    operations: list[Operation] = field(default_factory=list)
    route: Route | None = None


def _groups(served: Served) -> list[_Group]:
    missing = [
        item
        for item in served.operations
        if item not in served.served and not served.path_fits(item)
    ]
    known = {segments(item.path)[:1] for item in served.operations if item not in missing}
    groups: dict[object, _Group] = {}
    for item in missing:
        shape = segments(item.path)
        other = elsewhere(served, item)
        key: object
        if other is not None:
            moved = _moved(served, segments(other.path), shape)
            key = other.module, "" if moved else _difference(segments(other.path), item, served)
        else:
            key = "path", (shape if shape[:1] in known else shape[:1])
        group = groups.setdefault(key, _Group())
        group.operations.append(item)
        group.route = group.route or other
    return list(groups.values())


def _full(served: Served, item: Operation) -> str:
    prefix = served.prefixes[0] if served.prefixes else ()
    return "/" + "/".join(prefix) + item.path if prefix else item.path


def elsewhere(served: Served, item: Operation) -> Route | None:
    """A route that no operation has, and whose path is the operation's under another prefix or
    with one word spelt otherwise."""
    shape = segments(item.path)
    for route in served.undeclared:
        template = segments(route.path)
        if route.method == item.method and (
            _moved(served, template, shape)
            or any(_misspelt(template, full) for full in served.paths_of(item))
        ):
            return route
    return None


def _moved(served: Served, template: Path, shape: Path) -> bool:
    """Is it the same path with a part of the prefix missing, doubled or spelt otherwise?"""
    if not any("{" not in part for part in shape):
        return False
    if template[-len(shape) :] == shape:
        stem = template[: -len(shape)]
        return any(
            stem == prefix[: len(stem)]
            or stem == (*prefix, *shape[:1])
            or stem == prefix * 2
            or _misspelt(stem, prefix)
            for prefix in served.prefixes
        )
    return any(
        template[: len(prefix)] == prefix and _ends(shape, template[len(prefix) :])
        for prefix in served.prefixes
    )


def _ends(shape: Path, rest: Path) -> bool:
    """Is ``rest`` the end of ``shape``, with a name in it to tell it by?"""
    return (
        0 < len(rest) < len(shape)
        and shape[-len(rest) :] == rest
        and any("{" not in part for part in rest)
    )


def _misspelt(template: Path, wanted: Path) -> bool:
    if len(template) != len(wanted):
        return False
    different = [(a, b) for a, b in zip(template, wanted, strict=True) if a != b]
    return len(different) == 1 and _alike(*different[0])


def _difference(template: Path, item: Operation, served: Served) -> str:
    """The word of the path that is spelt otherwise."""
    for full in served.paths_of(item):
        if _misspelt(template, full):
            return next(b for a, b in zip(template, full, strict=True) if a != b)
    return ""


def _alike(one: str, other: str) -> bool:
    if "{" in one or "{" in other:
        return False
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio() >= _ALIKE


def _neighbour(served: Served, item: Operation) -> Route | None:
    """The route that serves what stands nearest to an operation."""
    shape = segments(item.path)
    best: tuple[int, Route] | None = None
    for other in served.operations:
        routes = served.routes_of(other)
        common = _common(shape, segments(other.path))
        if routes and common and (best is None or common > best[0]):
            best = common, routes[0]
    return best[1] if best else None


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    return len(list(_agreeing(one, other)))


def _agreeing(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            return
        yield mine
