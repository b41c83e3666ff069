from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.openapi.served import Served
from ci_gate.codemodel.syntax import Node
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions

#: Libraries whose class views are known: their methods are in the route table.
_KNOWN: Final = (
    "django.views.", "django.contrib.auth.", "rest_framework.", "rest_framework_simplejwt.",
    "flask.views.", "flask_restful.", "flask_restx.", "flask_smorest.", "aiohttp.web.",
    "aiohttp.abc.", "starlette.", "abc.", "typing.", "builtins.", "object",
)  # fmt: skip


class MissingMethod(Rule):
    """A path of the OpenAPI description is served, but not with a method that the description has.

    ## Why is this bad?
    The service answers 405 Method Not Allowed (404 in some frameworks). Often the handler is there
    and registered with another verb, as PATCH for PUT.

    ## Fix
    Register the method, or correct the one that the handler is registered with.

    ## Silent on
    Views that take every method; class views with a base from a library whose methods are not
    known; paths under which something is mounted that cannot be followed; programs that serve less
    than half of the description. HEAD and OPTIONS, which frameworks answer by themselves. As with
    contract/missing-route, a description that the service itself writes gives a note.

    ## Source
    RFC 9110, 15.5.6 "405 Method Not Allowed"; OpenAPI Specification 3.1, "Path Item Object".
    """

    id = "contract/missing-method"
    group = "contract"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for served in facts.served:
            missing: defaultdict[str, list[Operation]] = defaultdict(list)
            for item in served.operations:
                if item not in served.served and served.path_fits(item):
                    missing[item.path].append(item)
            for path, operations in missing.items():
                there = served.path_fits(operations[0])
                if all(_known(facts.model, route) for route in there):
                    yield self._finding(facts, served, path, operations, there)

    def _finding(
        self,
        facts: Facts,
        served: Served,
        path: str,
        operations: list[Operation],
        there: list[Route],
    ) -> Finding:
        methods = [item.method for item in operations]
        declared = {item.method for item in served.operations if item.path == path}
        odd = [route for route in there if route.method not in declared]
        first = min(odd or there, key=lambda route: (route.module, route.span))
        have = sorted({route.method for route in there})
        other = f", and the description has no {odd[0].method}" if odd else ""
        return self.finding(
            first.module,
            Node(first.span),
            message=(
                f"{served.description.path} describes {descriptions.listed(methods)} {path}, and "
                f"{first.path} is only served with {descriptions.listed(have, 6)}{other}."
            ),
            why=f"A request for {methods[0]} {path} gets 405 Method Not Allowed, or 404.",
            fix=(
                f"Register this route with {methods[0]}."
                if odd
                else f"Register a handler for {descriptions.listed(methods)} {first.path}."
            ),
            subject=f"{' '.join(methods)} {path}",
            related=[
                Related(item.file, item.line, f"{item.endpoint} is described")
                for item in operations
            ],
            severity=descriptions.severity(facts, served, self.severity),
        )


def _known(model: CodeModel, route: Route) -> bool:
    """Are all methods of the view that answers known?"""
    cls = route.view or (route.handlers[0].cls if route.handlers else None)
    if cls is None:
        return True
    return all(
        not isinstance(base, ExternalValue) or base.path.startswith(_KNOWN)
        for base in model.ancestors(cls)
    )
