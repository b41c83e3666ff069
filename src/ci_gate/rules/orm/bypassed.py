from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, Final

from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.database._service import ServiceView
from ci_gate.rules.database.driver_beside_orm import beside_orm
from ci_gate.rules.orm._statements import Habits, Raw, habits

#: So many modules make a habit.
_OTHERS: Final = 3
#: So many statements are no exception.
_SEVERAL: Final = 2


class Bypassed(Rule):
    """A repository reads and writes its entity's table by SQL text, though there is an ORM.

    ## Why is this bad?
    The SQL repeats what the entity says about its table. A renamed column, a new default or a soft
    delete is changed in the entity and missed here; rows come back as tuples that nothing checks;
    and objects that the session already holds are stale after a raw `UPDATE`.

    ## Fix
    Say the statement through the ORM: `select(Article).where(...)`, `session.add(...)`.

    ## Silent on
    Single raw statements among those of the ORM; what an ORM says worse than SQL (reports with
    `GROUP BY`, window functions, recursive queries, upserts, full-text search); tables that no
    entity maps; SQL text that is not known. Without an `orm` in the configuration, at least three
    other modules must work through the ORM, and a module that does so too gets a warning only.

    ## Source
    Constraint decay, arXiv 2605.06445: an ORM is prescribed and a repository works without it.
    """

    id = "orm/bypassed"
    group = "orm"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        view = facts.once(ServiceView)
        known = {path: found for path, found in habits(facts).items() if view.holds(path)}
        reported = any(True for _ in beside_orm(facts, view))
        for found in known.values():
            others = [item for item in known.values() if item is not found and item.orm]
            raw = [
                item
                for item in found.raw
                if not (reported and item.access.library == "driver")
                and (facts.config.orm is not None or _entity(facts, item) is not None)
            ]
            severity = _severity(facts, found, raw, others)
            if severity is not None:
                yield self._finding(facts, found, raw, others, severity)

    def _finding(
        self,
        facts: Facts,
        found: Habits,
        raw: Sequence[Raw],
        others: Sequence[Habits],
        severity: Severity,
    ) -> Finding:
        first = raw[0]
        tables = ", ".join(f"`{name}`" for name in dict.fromkeys(item.table for item in raw))
        count = f"{len(raw)} statements" if len(raw) > 1 else "one statement"
        entity = _entity(facts, first)
        mapped = f"{entity} maps `{first.table}`" if entity else f"the table is {tables}"
        wanted = facts.config.orm
        reason = (
            f"the configuration names {wanted}"
            if wanted is not None
            else f"{len(others)} other modules work through the ORM"
        )
        return self.finding(
            found.path,
            first.access.node,
            message=(
                f"{found.path} works on {tables} by SQL text ({count}), "
                f"though {mapped} and {reason}."
            ),
            why=(
                f"A change of {entity or 'the entity'} misses this SQL, and objects that the "
                "session holds are stale after it."
            ),
            fix="Say the statements through the ORM.",
            subject=f"SQL text on {first.table}",
            severity=severity,
            related=[Related(found.path, item.access.node.line, "and here") for item in raw[1:4]],
        )


def _severity(
    facts: Facts, found: Habits, raw: Sequence[Raw], others: Sequence[Habits]
) -> Severity | None:
    if not raw or (found.orm and len(raw) <= max(found.orm, _SEVERAL)):
        return None
    if facts.config.orm is not None:
        return Severity.ERROR
    if len(others) < _OTHERS:
        return None
    return Severity.ERROR if not found.orm and len(raw) >= _SEVERAL else Severity.WARNING


def _entity(facts: Facts, raw: Raw) -> str | None:
    """The entity that maps the statement's table."""
    found = [item for item in facts.entities.of_table(raw.table) if item.cls is not None]
    return found[0].name if found else None
