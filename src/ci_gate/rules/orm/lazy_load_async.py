from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel.dataflow.events import Expired, Loaded
from ci_gate.codemodel.dataflow.settings import makers
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._renewals import renewal


class LazyLoadAsync(Rule):
    """An async session's object is read where the read needs a query that nobody awaits.

    A relation that the query did not load, any attribute after a commit expired it, or a value that
    the database worked out as the object was updated (`onupdate=func.now()`, `server_onupdate`, a
    computed column, an SQL expression put into an attribute).

    ## Why is this bad?
    `MissingGreenlet: greenlet_spawn has not been called` on every request that takes this way: a
    500. SQLAlchemy cannot wait for the database inside a plain attribute access.

    ## Fix
    Load the relation with the query (`selectinload(Article.author)`), `await session.refresh(obj,
    ["author"])`, use `AsyncAttrs.awaitable_attrs`, or make sessions with `expire_on_commit=False`.
    Values of the database: refresh the object after the flush, have `__mapper_args__ =
    {"eager_defaults": True}`, or give the column a Python function (`onupdate=utcnow`).

    ## Silent on
    Relations that are loaded eagerly (by option or by the mapping), refreshed objects, what a new
    object was made with when only other attributes of it are refreshed,
    `expire_on_commit=False` (of what the commit expired), a Python function as `onupdate`, values
    of the database at INSERT, code under `run_sync`, and everything that could not be followed.

    ## Source
    SQLAlchemy, "Preventing Implicit IO when Using AsyncSession"; error xd2s.
    """

    id = "orm/lazy-load-async"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[object] = set()
        made = makers(facts.model)
        for run, event in facts.flows.unbroken():
            if not isinstance(event, Loaded | Expired) or event.state != "open":
                continue
            session = event.instance.session
            if session is None or not session.is_async or event.place.node in seen:
                continue
            seen.add(event.place.node)
            entity = event.instance.entity.name
            related: list[Related] = []
            origin = event.instance.origin
            if isinstance(event, Loaded):
                name = event.relation
                why = f"the query did not load {entity}.{name}"
                fix = f"Load it with the query: .options(selectinload({entity}.{name}))."
            elif event.by == "update":
                name = event.attribute
                why = f"the UPDATE in {event.cause_path} left the new value in the database"
                fix = (
                    "Refresh the object after the flush, set eager_defaults=True in"
                    " __mapper_args__, or give the column a Python function as onupdate."
                )
                related += renewal(event)
            else:
                name = event.attribute
                why = f"the commit or rollback in {event.cause_path} expired the object"
                fix = "Refresh the object, or make sessions with expire_on_commit=False."
                related.append(Related(event.cause_path, event.cause.line, "here it expires"))
                if len(made) == 1:
                    path, call = made[0]
                    related.append(Related(path, call.line, "its sessions expire on commit"))
            if origin is not None and origin in facts.flows.homes:
                path = facts.flows.homes[origin]
                related.append(Related(path, origin.line, f"{entity} is loaded here"))
            yield self.finding(
                event.place.path,
                spot(event.place.node),
                message=f"{entity}.{name} is read without await, and the read needs a query",
                why=f"In an async session {why}: {entry(run)} ends in MissingGreenlet.",
                fix=fix,
                subject=f"{entity}.{name}",
                related=related,
            )
