"""Node: databases of another engine than the one that the service is to use, or beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.databases import ENGINES, TITLES
from ci_gate.codemodel.model import CodeModel
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts
from ci_gate.rules.database._expected import Expected, expected
from ci_gate.rules.database._node_openings import Opening, Openings, openings_of
from ci_gate.rules.database._service import ServiceView

_WRITES: Final = regex(r"^\s*(?:insert|update|delete|replace|create\s+table)\b", re.IGNORECASE)
_NAMES: Final = {"sequelize": "Sequelize"}


def wrong_engines(facts: Facts) -> Iterator[Defect]:
    """Another engine than the service's own is opened in its place: always, where a setting is
    missing, or where the first could not be opened."""
    openings = openings_of(facts)
    if not openings.all:
        return
    wanted = _wanted(facts)
    for item in openings.all:
        if item.why == "failure" and _replaces(openings, item, wanted):
            yield _replaced(item)
        elif (
            item.why == "default" and wanted is not None and item.engine != wanted.engine
            and (wanted.firm or not item.by_choice)
        ):  # fmt: skip
            yield _default(item, wanted)
    if wanted is None or any(
        item.engine == wanted.engine and item.why in ("plain", "default") for item in openings.all
    ):
        return
    plain = [item for item in openings.all if item.why == "plain"]
    mains = [item for item in plain if item.orm] or [
        item for item in plain if not item.in_memory and not openings.is_side_store(item)
    ]
    if mains and (mains[0].orm or not _has_orm(facts)):
        for item in mains if mains[0].orm else mains[:1]:
            yield _plain(item, wanted)


def second_engines(facts: Facts) -> Iterator[Defect]:
    """A database of another engine beside the service's own."""
    openings = openings_of(facts)
    wanted = _wanted(facts) if len(openings.all) > 1 else None
    if wanted is None:
        return
    plain = [item for item in openings.all if item.why == "plain"]
    own = next((item for item in plain if item.engine == wanted.engine), None)
    if own is None:
        return
    home = facts.stack.service_of(own.path)
    for item in plain:
        if facts.stack.service_of(item.path) is not home:
            continue  # each service of the tree has a database of its own
        if item.engine == wanted.engine or item.in_memory or openings.is_side_store(item):
            continue
        certain = item.orm or _writes(facts.model, item.path)
        yield _second(item, own, wanted, certain=certain)


@lru_cache(maxsize=4)
def _wanted(facts: Facts) -> Expected | None:
    """The engine that the configuration names, or the base of the change has, or on which all that
    the tree says agrees."""
    view = facts.once(ServiceView)
    for service in facts.stack.services:
        if "python" not in service.languages:
            found = expected(facts, view, service)
            if found is not None:
                return found
    engine = ENGINES.get(facts.config.database) if facts.config.database is not None else None
    return Expected(engine, (), firm=True) if engine is not None else None


def _replaces(openings: Openings, item: Opening, wanted: Expected | None) -> bool:
    """Is what is opened after a failure another database than the service's own?"""
    if not item.orm and openings.is_side_store(item):
        return False
    others = {other.engine for other in openings.all if other is not item}
    if wanted is not None:
        return item.engine != wanted.engine
    return item.engine == "sqlite" and bool(others - {"sqlite"})


def _has_orm(facts: Facts) -> bool:
    return any(not item.abstract for item in facts.entities)


def _writes(model: CodeModel, path: str) -> bool:
    """Does the module that opens a database, or one that imports it, hold statements that write?"""
    near = {path} | {edge.source for edge in model.import_edges if edge.target == path}
    return any(
        isinstance(node, s.Literal)
        and isinstance(node.value, str)
        and _WRITES.match(node.value) is not None
        for item in near
        for node in s.walk(model.modules[item])
    )


# --- the findings ---


def _who(item: Opening) -> str:
    return _NAMES.get(item.library, item.library)


def _named(item: Opening) -> str:
    title = TITLES[item.engine]
    if item.in_memory:
        return f"{title} in memory"
    return f"{title} ({item.file.rpartition('/')[2]})" if item.file else title


def _reason(wanted: Expected) -> str:
    return f": {wanted.reason}" if wanted.evidence else ""


def _evidence(wanted: Expected) -> tuple[Related, ...]:
    return tuple(
        Related(item.path, item.line, f"says so: {item.text}" if item.text else "says so")
        for item in wanted.evidence
        if item.path is not None
    )[:3]


def _plain(item: Opening, wanted: Expected) -> Defect:
    opened, title = TITLES[item.engine], TITLES[wanted.engine]
    return Defect(
        item.path,
        spot(item.node),
        f"{_who(item)} is opened for {opened}, though the service is built for {title}"
        f"{_reason(wanted)}.",
        f"The data is not where the rest of the system looks for it, and what works on {opened} "
        f"may fail on {title}.",
        f"Open {title}, by the setting that names it.",
        f"{_who(item)} opens {opened}",
        _evidence(wanted),
    )


def _default(item: Opening, wanted: Expected) -> Defect:
    opened, title = TITLES[item.engine], TITLES[wanted.engine]
    kept = "in memory, where the next restart loses it" if item.in_memory else f"in {opened}"
    return Defect(
        item.path,
        spot(item.node),
        f"Where {item.setting or 'the setting'} is not set, {_who(item)} is opened for "
        f"{_named(item)}, though the service is built for {title}{_reason(wanted)}.",
        f"A deployment that forgets the setting starts without complaint and stores its data {kept}"
        ".",
        "Take the default away, so that a missing setting ends the process.",
        f"{_who(item)} opens {opened}",
        _evidence(wanted),
    )


def _replaced(item: Opening) -> Defect:
    end = (
        "accepts writes and loses them at the next restart"
        if item.in_memory
        else "stores its data where nobody looks for it"
    )
    return Defect(
        item.path,
        spot(item.node),
        f"When the database cannot be opened, {_who(item)} takes {_named(item)} in its place.",
        f"The service starts, {end}; that the database cannot be reached is never noticed.",
        "Let the error end the process: drop the handler, or log and throw.",
        f"{_who(item)} falls back to {TITLES[item.engine]}",
    )


def _second(item: Opening, own: Opening, wanted: Expected, *, certain: bool) -> Defect:
    place = own.path, own.node.line
    what = "A second Sequelize instance" if item.orm and own.orm else _who(item)
    return Defect(
        item.path,
        spot(item.node),
        f"{what} opens {_named(item)} beside the service's {TITLES[wanted.engine]} "
        f"({place[0]}:{place[1]}).",
        "What is stored there is outside of the service's transactions, backups and migrations"
        + (", and every host has a file of its own." if item.engine == "sqlite" else "."),
        f"Keep it in {TITLES[wanted.engine]}, through the connection that the service already has.",
        f"{what} opens {TITLES[item.engine]}",
        (Related(*place, "the service's database"),),
        None if certain else Severity.WARNING,
    )
