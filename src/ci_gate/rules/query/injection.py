from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.domain import Const, Source
from ci_gate.codemodel.dataflow.events import Run, SqlText
from ci_gate.codemodel.requestdata import RequestPart
from ci_gate.codemodel.sqltext import Place
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._open_text import HERE, OpenPlace, open_places

_WORDS: Final = {"query": "query string", "path": "path", "body": "body", "header": "headers"}
_SHOWN: Final = 3


class Injection(Rule):
    """Text of the request becomes part of the SQL text.

    Followed through functions, objects and files: from the query string, path, body or headers to
    the text that is handed to the database.

    ## Why is this bad?
    A quote in the value breaks the statement; a chosen value reads, changes or drops any table.

    ## Fix
    Bind the value (`text("... WHERE title LIKE :q")` with `{"q": q}`). Names of columns and
    directions cannot be bound: choose them from a closed set of constants.

    ## Silent on
    Constants, values that went through a number, a closed set or a mapping of constants, bound
    parameters.

    ## Source
    OWASP, "SQL Injection Prevention"; CWE-89.
    """

    id = "query/injection"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._in_scripts(facts)
        seen: set[object] = set()
        for run, event in facts.flows.unbroken():
            if not isinstance(event, SqlText) or event.place.node in seen:
                continue
            if event.text.known and all(isinstance(item, Const) for item in event.text.items):
                continue
            source = _carrier(event.text.sources, run.checked)
            if source is None:
                continue
            seen.add(event.place.node)
            begins = Related(
                run.entry.module.path, run.entry.node.line, f"{entry(run)} begins here"
            )
            place, where = event.place.path, spot(event.place.node)
            related = [*_spliced(run, source, place, where.line), begins]
            yield self._found(place, where, source.name, source.part, entry(run), related)

    def _in_scripts(self, facts: Facts) -> Iterable[Finding]:
        """JavaScript and TypeScript."""
        found: dict[tuple[Place, str | None], tuple[OpenPlace, RequestPart]] = {}
        for place in open_places(facts):
            scope = facts.model.scope_of(place.expr)
            source = facts.requests.of(place.expr, scope, quoted=place.quoted)
            if source is None:
                continue
            key = place.slot, source.name
            if key not in found or place.distance < found[key][0].distance:
                found[key] = place, source
        seen: set[tuple[str, int, str | None]] = set()
        for place, source in found.values():
            path, where = place.path, s.Node(place.expr.span)
            endpoint = source.route.endpoint
            related = [Related(source.path, source.node.line, f"{endpoint} begins here")]
            if place.distance != HERE:
                related.append(Related(path, where.line, "the value comes from here"))
                path, slot = place.slot.path, place.slot
                where = s.Node((slot.line, slot.column, slot.line, slot.column + 1))
            if (path, where.line, source.name) in seen:
                continue
            seen.add((path, where.line, source.name))
            yield self._found(path, where, source.name, source.part, endpoint, related)

    def _found(
        self,
        path: str,
        where: s.Node,
        name: str | None,
        part: str,
        endpoint: str,
        related: list[Related],
    ) -> Finding:
        shown = f"`{name}`" if name else "data"
        return self.finding(
            path,
            where,
            message=f"{shown} from the {_WORDS[part]} of {endpoint} becomes part of the SQL text",
            why=(
                "A quote in it breaks the statement, and a chosen value changes what the"
                " statement does: reads other tables, deletes rows."
            ),
            fix=(
                "Bind it as a parameter; a column name or direction is to be chosen from a"
                " closed set of constants."
            ),
            subject=name or part,
            related=related,
        )


def _spliced(run: Run, source: Source, path: str, line: int) -> list[Related]:
    """Where the data were put into the text, if that is elsewhere."""
    places = sorted(
        (function.module.path, node.line)
        for data, node, function in run.spliced
        if (data.part, data.name) == (source.part, source.name)
    )
    return [
        Related(*place, "it is put into the text here") for place in dict.fromkeys(places)
        if place != (path, line)
    ][:_SHOWN]  # fmt: skip


def _carrier(sources: frozenset[Source], checked: Set[Source]) -> Source | None:
    """Request data that can carry text."""
    typed = {(source.part, source.name) for source in sources if source.typed}
    typed |= {(source.part, source.name) for source in checked}
    found = [
        source
        for source in sources
        if source.part in _WORDS and not source.typed and (source.part, source.name) not in typed
    ]
    return min(found, key=lambda item: (item.part, item.name or "", item.node.span), default=None)
