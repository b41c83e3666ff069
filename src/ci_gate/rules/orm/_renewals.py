"""Where a value comes from that the database worked out."""

from __future__ import annotations

from ci_gate.codemodel.dataflow.events import Expired
from ci_gate.findings import Related


def renewal(event: Expired) -> list[Related]:
    """The write that made the value, and the column that asks for it."""
    found = [Related(event.cause_path, event.cause.line, "the UPDATE runs here")]
    column = event.instance.entity.columns.get(event.attribute)
    if column is not None and column.renewed:
        found.append(Related(column.path, column.span[0], "the database makes its value"))
    return found
