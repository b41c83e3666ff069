from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel.dataflow.events import Event, Paged, Run
from ci_gate.codemodel.requestguards import Guards
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule


class UnvalidatedPagination(Rule):
    """A limit or offset goes from the query string into the statement as the text that it is.

    ## Why is this bad?
    `?limit=abc` is an error of the database or of the ORM, and so a 500 instead of a 4xx; drivers
    with typed parameters (asyncpg) refuse even `?limit=20`, since it is text and no number.

    ## Fix
    Convert and bound it where the request is read: `limit = min(request.args.get("limit", 20,
    type=int), 100)`; FastAPI: `limit: int = Query(20, ge=1, le=100)`; Node: `Math.min(Number(limit)
    || 20, 100)`.

    ## Silent on
    Values that went through `int()`, `Number()`, a typed parameter or a schema; in Node also those
    that the handler, or a validator that is registered with it, looks at.

    ## Source
    Constraint decay, arXiv 2605.06445 (limit and offset bound as text).
    """

    id = "query/unvalidated-pagination"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        guards = Guards(facts.model)
        for run, event in _events(facts):
            if not isinstance(event, Paged) or _is_checked(run, event, guards):
                continue
            raw = [s for s in event.value.sources if s.part == "query" and not s.typed and s.name]
            typed = {s.name for s in event.value.sources if s.typed}
            raw = [source for source in raw if source.name not in typed]
            if not raw or event.place.node in seen:
                continue
            seen.add(event.place.node)
            source = min(raw, key=lambda item: (item.node.span, item.name or ""))
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=(
                    f"{source.name} goes from the query string of {entry(run)} into the statement"
                    " without becoming a number"
                ),
                why=(
                    f"?{source.name}=abc reaches the database layer and ends as a 500; drivers with"
                    " typed parameters refuse the text even when it looks like a number."
                ),
                fix=f"Convert and bound {source.name} where the request is read (int, 1 to 100).",
                subject=source.name or "",
                related=[
                    Related(run.entry.module.path, run.entry.node.line, f"{entry(run)} begins here")
                ],
            )


def _events(facts: Facts) -> Iterator[tuple[Run, Event]]:
    yield from facts.flows.events()
    for run in facts.flows.of_scripts:
        for event in run.events:
            yield run, event


def _is_checked(run: Run, event: Paged, guards: Guards) -> bool:
    """Does a JavaScript handler, or what is registered with it, look at the value before?"""
    if run.route is None or run.entry.module.language == "python":
        return False
    names = {source.name for source in event.value.sources}
    if any(source.name in names for source in run.checked):
        return True
    return guards.validated(run.route) or guards.typed(run.route, quoted=False)
