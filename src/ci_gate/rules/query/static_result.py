from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo, Route
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._service import ServiceView
from ci_gate.rules.query._names import singular
from ci_gate.rules.query._payloads import Payload, Payloads

#: What an endpoint gives away that is no stored data, whatever else is called so.
_NO_DATA: Final = regex(
    r"health|ready|live(?:ness)?$|ping|status|version|config|setting|meta|info|feature|flag|enum|"
    r"option|choice|schema|docs|openapi|menu|locale|language|countr|currenc|timezone|constant|"
    r"template|default|example|kind|type",
)
#: Parts of a path that name no resource of their own.
_PREFIX: Final = regex(r"^(?:api|rest|v\d+(?:\.\d+)?|admin|public|private|internal|app)$")
_PARAMETER: Final = regex(r"^(?:\{.*\}|<.*>|:.*)$")


class StaticResult(Rule):
    """An endpoint answers with a constant where the stored data of a resource are due.

    A GET route whose every answer is written in the source, an empty list most often, itself or in
    the service that it calls, though an entity or table of that name exists and other routes use
    the database.

    ## Why is this bad?
    The endpoint answers 200 in the right shape and with the wrong content, for ever: what clients
    have stored never shows.

    ## Fix
    Load what is stored, or answer 501 until it is written.

    ## Silent on
    Health checks, versions, settings, feature lists and other constants that are no entity of the
    project; rows that are written out under another resource (`/forms/booking`); routes with any
    answer that is worked out; module constants and anything kept in memory; routes that an existing
    API description does not have; services in which no route uses a database.

    ## Source
    Constraint decay, arXiv 2605.06445: endpoints left as stubs that return an empty list.
    """

    id = "query/static-result"
    group = "query"

    def check(self, facts: Facts) -> Iterable[Finding]:
        resources = _Resources(facts)
        view = facts.once(ServiceView)
        payloads = Payloads(facts)
        seen: set[s.Node] = set()
        for route in facts.model.routes:
            if route.method != "GET" or not route.handlers or is_outside(route.module):
                continue
            handler = route.handlers[0]
            if not view.holds(handler.module.path) or not resources.in_contract(route):
                continue
            payload = payloads.of(handler, route.framework)
            if payload is None or payload.node in seen:
                continue
            found = resources.named_by(route, payload)
            if found is not None and resources.are_stored:
                seen.add(payload.node)
                yield self._finding(route, handler, payload, found)

    def _finding(
        self, route: Route, handler: FunctionInfo, payload: Payload, resource: tuple[str, str, int]
    ) -> Finding:
        name, path, line = resource
        related = [Related(path, line, f"{name} is defined here")]
        if payload.function is not handler:
            related.insert(
                0, Related(handler.module.path, handler.node.line, f"{route.endpoint} answers it")
            )
        what = "an empty result" if payload.is_empty else "a constant"
        return self.finding(
            payload.function.module.path,
            payload.node,
            message=(
                f"{route.endpoint} always answers {what} that stands in the source, though "
                f"{name} is stored in the database."
            ),
            why=(
                "The answer has the right shape and never the right content: what was stored does "
                "not show, and no request fails."
            ),
            fix=f"Load {name} from the database, or answer 501 until that is written.",
            subject=f"{route.endpoint} static",
            related=related,
        )


class _Resources:
    """What the project stores."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def in_contract(self, route: Route) -> bool:
        """Does the description, where there is one, have the route?"""
        description = self._facts.description
        if not route.complete:
            return False
        if description is None or description.problem is not None or not description.operations:
            return True
        return description.operation(route.method, route.path) is not None

    @cached_property
    def are_stored(self) -> bool:
        """Does any route use the database?"""
        facts = self._facts
        return any(
            item.runs
            for route in facts.model.routes
            for function in facts.model.reachable(route.handlers)
            for item in facts.access.accesses_in(function)
        )

    @cached_property
    def _by_name(self) -> dict[str, tuple[str, str, int]]:
        found: dict[str, tuple[str, str, int]] = {}
        for table in self._facts.schema.tables.values():
            place = (table.name, table.path, table.span[0])
            found[singular(table.name.rpartition(".")[2])] = place
        for item in self._facts.entities:
            mapped = item.cls is not None or item.kind.startswith("sequelize")
            if not item.abstract and not is_outside(item.path) and mapped:
                found[singular(item.name)] = (item.name, item.path, item.span[0])
        return found

    def named_by(self, route: Route, payload: Payload) -> tuple[str, str, int] | None:
        """The entity or table that the route's last part, or the payload's key, names."""
        parts = [part for part in route.path.split("/") if part and not _PARAMETER.match(part)]
        if not parts or any(_NO_DATA.search(part.lower()) for part in parts):
            return None
        if not payload.holds_rows:
            return None
        known = [self._by_name.get(singular(part)) for part in parts]
        of_another = any(
            entity is None and not _PREFIX.match(part.lower())
            for entity, part in zip(known[:-1], parts[:-1], strict=True)
        )
        if known[-1] is not None and (payload.is_empty or not of_another):
            return known[-1]
        for key, empty in payload.keys:
            found = self._by_name.get(singular(key))
            if found is not None and (empty or (any(known) and not of_another)):
                return found
        return None
