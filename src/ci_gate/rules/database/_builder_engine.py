"""Query builders of Node that are set up for another engine than the configuration names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ci_gate.codemodel.builders.dialects import Choice, Dialect
from ci_gate.codemodel.builders.facts import Library
from ci_gate.codemodel.databases import ENGINES, TITLES, Engine
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts

_ENGINES: Final[dict[Dialect, Engine]] = {
    "postgres": "postgresql", "sqlite": "sqlite", "mysql": "mysql",
}  # fmt: skip
_NAMES: Final[dict[Library, str]] = {"knex": "Knex", "kysely": "Kysely", "drizzle": "Drizzle"}


def other_engines(facts: Facts) -> Iterator[Defect]:
    """For each builder of which all that is seen is for another engine: the first place."""
    wanted = ENGINES.get(facts.config.database) if facts.config.database is not None else None
    if wanted is None:
        return
    for library in sorted(facts.builders.libraries):
        choices = facts.builders.choices_of(library)
        engines = {_ENGINES[item.dialect] if item.dialect else None for item in choices}
        if choices and None not in engines and wanted not in engines:
            yield _defect(library, choices[0], wanted)


def _defect(library: Library, choice: Choice, wanted: Engine) -> Defect:
    assert choice.dialect is not None
    opened = TITLES[_ENGINES[choice.dialect]]
    return Defect(
        choice.path,
        choice.node,
        f"{_NAMES[library]} is set up for {opened}; the configuration asks for {TITLES[wanted]}.",
        f"All that the service stores through {_NAMES[library]} is in {opened}, whatever database "
        "is provided for it.",
        f"Set {_NAMES[library]} up for {TITLES[wanted]}, with the address from the environment.",
        f"{library} on {opened}",
    )
