from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel.answers import Answer, successes
from ci_gate.codemodel.model import Route
from ci_gate.codemodel.openapi import Operation
from ci_gate.codemodel.openapi.served import Served
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.contract import _descriptions as descriptions

_OPEN: Final = frozenset({"2XX", "2xx", "default", "3XX", "3xx"})


class StatusCode(Rule):
    """A handler cannot answer with any success status that the OpenAPI description gives it.

    ## Why is this bad?
    Generated clients and contract tests compare the status: a created resource that comes back with
    200 where 201 is described counts as a failure.

    ## Fix
    Answer with the described status (`status_code=201`, `return body, 201`,
    `res.status(201).json(body)`), or change the description.

    ## Silent on
    Handlers of which one answer is not understood (a response object that something unknown makes
    or gets); operations with `2XX`, `default` or a redirect among their responses; errors, which
    error handlers answer; descriptions that the service writes itself.

    ## Source
    OpenAPI Specification 3.1, "Responses Object"; RFC 9110, 15.3.
    """

    id = "contract/status-code"
    group = "contract"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for served in facts.served:
            if not descriptions.derived(facts, served):
                for item in served.operations:
                    yield from self._of(facts, served, item)

    def _of(self, facts: Facts, served: Served, item: Operation) -> Iterator[Finding]:
        routes = served.routes_of(item)
        statuses = {response.status for response in item.responses}
        if len(routes) != 1 or statuses & _OPEN or any(code.startswith("3") for code in statuses):
            return
        declared = {int(code) for code in statuses if code.isdecimal() and code.startswith("2")}
        answers = facts.answers.of(routes[0])
        if not declared or answers is None:
            return
        given = successes(answers)
        if given and not given & declared:
            yield self._finding(item, routes[0], answers, declared, given)

    def _finding(
        self,
        item: Operation,
        route: Route,
        answers: Iterable[Answer],
        declared: set[int],
        given: set[int],
    ) -> Finding:
        first = next(answer for answer in answers if answer.status in given)
        has = descriptions.listed([str(code) for code in sorted(given)])
        wanted = descriptions.listed([str(code) for code in sorted(declared)])
        response = next(r for r in item.responses if r.status == str(min(declared)))
        return self.finding(
            first.path,
            spot(first.node),
            message=f"{route.endpoint} answers {has}, and {item.file} describes {wanted}.",
            why=(
                f"Clients and contract tests that go by the description take {has} for a failure "
                f"of {item.endpoint}."
            ),
            fix=f"Answer with {wanted}, or describe {has}.",
            subject=f"{item.endpoint} answers {has}",
            related=[
                Related(response.path, response.line, f"{item.endpoint} gives {wanted}"),
                *_registered(route, first),
            ],
        )


def _registered(route: Route, first: Answer) -> list[Related]:
    if (route.module, route.span[0]) == (first.path, first.node.line):
        return []
    return [Related(route.module, route.span[0], f"{route.endpoint} is registered here")]
