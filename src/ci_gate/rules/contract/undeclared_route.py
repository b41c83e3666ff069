from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel.model import Route
from ci_gate.codemodel.openapi.served import Served, segments
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions
from ci_gate.rules.contract.missing_route import elsewhere

#: Endpoints for those who run the service, and its own documents.
_OPERATIONAL: Final = regex(
    r"^(?:health\w*|health[-_]?checks?|ready|readiness|readyz|live|liveness|livez|ping|status|"
    r"alive|metrics|version|info|docs?|redoc|swagger[\w.-]*|openapi[\w.-]*|schema|api-docs?|"
    r"favicon\.ico|robots\.txt|static|assets|public|media|uploads|admin|debug|internal|webhooks?|"
    r"__\w+__|graphi?ql|socket\.io|ws|test\w*|_\w+)$",
    re.IGNORECASE,
)
#: A description that lacks more than one route for each three that it has shows a part on purpose.
_PARTIAL: Final = 3
#: A framework's update view answers both.
_TWINS: Final = {"PATCH": "PUT", "PUT": "PATCH"}


class UndeclaredRoute(Rule):
    """The service answers a path or method that its OpenAPI description does not have.

    ## Why is this bad?
    Nobody who reads the contract knows of the endpoint: no client is generated for it, no contract
    test calls it, and nobody asks whether it needs authentication.

    ## Fix
    Describe the endpoint, or remove it.

    ## Silent on
    Endpoints for operations and documents (health, metrics, docs, admin…); paths outside the prefix
    that the described ones stand under; PATCH beside a described PUT; services of which the
    description lacks more than one for three (it shows a part on purpose); descriptions that the
    service writes itself.

    ## Source
    OWASP API Security Top 10 2023, API9 "Improper Inventory Management".
    """

    id = "contract/undeclared-route"
    group = "contract"
    severity: ClassVar[Severity] = Severity.WARNING

    def check(self, facts: Facts) -> Iterable[Finding]:
        if not facts.served:
            return
        unknown = set.intersection(*(set(served.undeclared) for served in facts.served))
        for served in facts.served:
            if not descriptions.derived(facts, served):
                yield from self._of(served, [item for item in served.undeclared if item in unknown])

    def _of(self, served: Served, unknown: list[Route]) -> Iterator[Finding]:
        routes = [route for route in unknown if _counts(served, route)]
        declared = {route for item in served.operations for route in served.routes_of(item)}
        told = {elsewhere(served, item) for item in served.operations if item not in served.served}
        routes = [
            route for route in routes if route not in told and not _told_as_missing(served, route)
        ]
        if len(routes) * _PARTIAL > len(declared):
            return
        places: defaultdict[tuple[str, int, str], list[Route]] = defaultdict(list)
        for route in routes:
            places[route.module, route.span[0], route.path].append(route)
        for (module, line, path), found in places.items():
            names = descriptions.listed(sorted({route.method for route in found}), 6)
            yield self.finding(
                module,
                Node(found[0].span),
                message=f"{served.description.path} does not describe {names} {path}.",
                why="Clients, contract tests and reviews of access go by the description.",
                fix=f"Add {names} {path} to {served.description.path}, or remove the route.",
                subject=f"undeclared {names} {path}",
                related=_handler(found[0], module, line),
            )


def _handler(route: Route, module: str, line: int) -> list[Related]:
    if not route.handlers:
        return []
    handler = route.handlers[0]
    place = handler.module.path, handler.node.line
    return [] if place == (module, line) else [Related(*place, f"{handler.name} answers it")]


def _counts(served: Served, route: Route) -> bool:
    template = segments(route.path)
    if route.method == "ANY" or "{wildcard}" in template:
        return False
    for prefix in served.prefixes:
        rest = template[len(prefix) :]
        if template[: len(prefix)] == prefix and rest:
            return not any(_OPERATIONAL.match(part) for part in rest)
    return False


def _told_as_missing(served: Served, route: Route) -> bool:
    """Does another finding speak of it: a path that is described, with a method that is not and
    another that is missing?"""
    template = segments(route.path)
    here = [item for item in served.operations if template in served.paths_of(item)]
    twin = _TWINS.get(route.method)
    return any(item.method == twin or item not in served.served for item in here)
