from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Recut
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule

_SAYS: Final = {
    "order_by": "Cannot reorder a query once a slice has been taken",
    "reverse": "Cannot reverse a query once a slice has been taken",
    "last": "Cannot reverse a query once a slice has been taken",
    "latest": "Cannot change a query once a slice has been taken",
    "earliest": "Cannot change a query once a slice has been taken",
    "extra": "Cannot change a query once a slice has been taken",
    "distinct": "Cannot create distinct fields once a slice has been taken",
    "update": "Cannot update a query once a slice has been taken",
    "delete": "Cannot use 'limit' or 'offset' with delete()",
    "in_bulk": "Cannot use 'limit' or 'offset' with in_bulk()",
}


class QueryAfterSlice(Rule):
    """A query set is filtered, ordered or changed after a part was cut out of it.

    `page(articles).order_by("-created")`, where `page` returns `queryset[offset:offset + limit]`.

    ## Why is this bad?
    Django raises TypeError ("Cannot filter a query once a slice has been taken"): the part was cut
    before the condition, and SQL cannot say that.

    ## Fix
    Filter, order and annotate first, and cut last.

    ## Silent on
    Query sets that are cut on some paths only; lists; what Django allows on a part (`count`,
    `exists`, `values`, `annotate`, `select_related`, a part of the part).

    ## Source
    Django, "Making queries" (Limiting QuerySets): further filtering or ordering of a sliced
    queryset is prohibited.
    """

    id = "orm/query-after-slice"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[s.Node] = set()
        for run, event in facts.flows.events():
            if not isinstance(event, Recut) or event.place.node in seen:
                continue
            seen.add(event.place.node)
            said = _SAYS.get(
                event.name.removeprefix("a"),
                "Cannot filter a query once a slice has been taken",
            )
            statement = event.statement
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=f"`{event.name}()` is called on a query set that has been sliced",
                why=f"{entry(run)} fails with TypeError: {said}.",
                fix=f"Call `{event.name}()` before the slice.",
                subject=f"{event.place.function.name} calls {event.name} after a slice",
                related=[
                    Related(statement.module, statement.node.line, "the query set begins here"),
                    *(
                        Related(function.module.path, node.line, "on the way from here")
                        for node, function in event.place.calls[-1:]
                    ),
                ],
            )
