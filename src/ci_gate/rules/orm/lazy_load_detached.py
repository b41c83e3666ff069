from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel.dataflow.events import Expired, Loaded
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._renewals import renewal


class LazyLoadDetached(Rule):
    """An object is read after its session was closed, and the value is not there.

    A relation that was not loaded before the session closed, any attribute after the commit (or
    rollback) that expired it, or a value that the database worked out as the object was updated
    (`onupdate=func.now()`): all need a query, and there is no session left to run it.

    ## Why is this bad?
    `DetachedInstanceError` on every request that takes this way: a 500. Tests of the service with a
    long-lived session do not see it.

    ## Fix
    Read what is needed before the session closes, load the relation with the query
    (`selectinload`), or build the result object inside the block.

    ## Silent on
    Relations that are loaded eagerly, columns after a plain close, sessions with
    `expire_on_commit=False`, refreshed objects, and everything that could not be followed.

    ## Source
    SQLAlchemy, error bhk3: "Parent instance is not bound to a Session; lazy load cannot proceed".
    """

    id = "orm/lazy-load-detached"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        for run, event in facts.flows.unbroken():
            if not isinstance(event, Loaded | Expired) or event.state != "closed":
                continue
            here = event.place
            for node, function in reversed(event.place.calls):
                if function.module.path != event.place.path and node.line:
                    break
            if here.node in seen:
                continue
            seen.add(here.node)
            entity = event.instance.entity.name
            related = [Related(path.module.path, node.line, "called from here")
                       for node, path in event.place.calls[-1:]]  # fmt: skip
            if isinstance(event, Loaded):
                name = event.relation
                why = f"{entity}.{name} was not loaded with the query"
            elif event.by == "update":
                name = event.attribute
                why = f"The UPDATE in {event.cause_path} left the new value in the database"
                related += renewal(event)
            else:
                name = event.attribute
                why = f"the commit or rollback in {event.cause_path} expired the object"
                related.append(Related(event.cause_path, event.cause.line, "here it expires"))
            yield self.finding(
                here.path,
                spot(here.node),
                message=f"{entity}.{name} is read after the session was closed",
                why=(
                    f"{why}, so the read needs a query and no session is left to run it:"
                    f" {entry(run)} ends in DetachedInstanceError."
                ),
                fix=(
                    "Build the result while the session is open, or load the attribute with the"
                    " query."
                ),
                subject=f"{entity}.{name}",
                related=related,
            )
