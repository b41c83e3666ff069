from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_PATH_AND_HANDLER = 2


class DuplicateRoute(Rule):
    """A Fastify application declares the same method and path twice.

    Mostly the routes of two plugins meet under one prefix.

    ## Why is this bad?
    Fastify throws FST_ERR_DUPLICATED_ROUTE: the service does not start.

    ## Fix
    Remove one of them, or give it another path or prefix.

    ## Silent on
    Routes with constraints, routes that are declared under a condition, paths that are not known in
    full.

    ## Source
    Fastify, "Errors": FST_ERR_DUPLICATED_ROUTE.
    """

    id = "fastify/duplicate-route"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        found: defaultdict[tuple[int, str, str], list[Route]] = defaultdict(list)
        for route in facts.model.routes:
            if route.framework == "fastify" and route.complete and not is_outside(route.module):
                found[route.order[0], route.method, route.path].append(route)
        told: set[tuple[str, s.Span]] = set()
        for (_, method, path), routes in found.items():
            first, *others = sorted(routes, key=lambda route: route.order)
            if not others or any(_is_conditional(facts.model, route) for route in routes):
                continue
            second = others[0]
            if (second.module, second.span) in told:
                continue
            told.add((second.module, second.span))
            yield self.finding(
                second.module,
                s.Node(second.span),
                message=f"{method} {path} is declared twice.",
                why=f"FST_ERR_DUPLICATED_ROUTE: Method '{method}' already declared for route "
                f"'{path}'. The service does not start.",
                fix="Remove one of the two, or give it another path or prefix.",
                subject=f"{method} {path} twice",
                related=[Related(first.module, first.span[0], "declared here first")],
            )


def _is_conditional(model: CodeModel, route: Route) -> bool:
    """May it not be declared, or be told from the other by constraints?"""
    module = model.modules.get(route.module)
    call = next(
        (item for item in model.nodes_of(module, s.Call) if item.span == route.span)
        if module is not None
        else iter(()),
        None,
    )
    if call is None or _names_constraints(call):
        return True
    return any(
        isinstance(around.node, s.If | s.Conditional | s.Try | s.For | s.While | s.Binary)
        for around in model.surroundings.of(route.module, call)
    )


def _names_constraints(call: s.Call) -> bool:
    args = [argument.value for argument in call.args]
    options = args[-2] if len(args) > _PATH_AND_HANDLER else args[-1] if args else None
    if isinstance(options, s.Mapping):
        return any(_is_constraint(entry) for entry in options.entries)
    return len(args) > _PATH_AND_HANDLER


def _is_constraint(entry: s.Entry) -> bool:
    return entry.key is None or (
        isinstance(entry.key, s.Literal) and entry.key.value in ("constraints", "version")
    )
