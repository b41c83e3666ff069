"""What happens in the runs of a small program, in words."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from ci_gate.codemodel.build import build
from ci_gate.codemodel.dataaccess import DataAccess
from ci_gate.codemodel.dataflow.domain import HOLE, Source
from ci_gate.codemodel.dataflow.events import (
    Event,
    Opened,
    Paged,
    Ran,
    RowUsed,
    Run,
    Settled,
    SqlText,
    Wrote,
)
from ci_gate.codemodel.dataflow.flows import Flows
from ci_gate.codemodel.entities import Entities
from support.trees import MemoryTree


class Followed:
    """A program whose entry points have been followed."""

    def __init__(self, files: Mapping[str, str]) -> None:
        model = build(MemoryTree({path: textwrap.dedent(text) for path, text in files.items()}))
        self.runs = Flows(model, Entities(model), DataAccess(model)).runs

    def run(self, name: str) -> Run:
        """The run of an endpoint (``GET /x``) or of a function."""
        [found] = [
            run
            for run in self.runs
            if (run.route.endpoint if run.route is not None else run.entry.name) == name
        ]
        return found

    def said(self, name: str, *kinds: type[Event]) -> list[str]:
        """The events of a run, in their order."""
        events = self.run(name).events
        return [word for event in events if not kinds or isinstance(event, kinds)
                if (word := in_words(event)) is not None]  # fmt: skip


def names(sources: frozenset[Source]) -> list[str]:
    return sorted({source.name for source in sources if source.name is not None})


def in_words(event: Event) -> str | None:
    """An event in a few words; None for those that are of no interest here."""
    match event:
        case Opened():
            return "opened shared" if event.session.shared else "opened"
        case Settled():
            return event.how if event.certain else f"{event.how}?"
        case Ran():
            loop = (
                " in a loop" if any(loop.item in event.data for loop in event.place.loops) else ""
            )
            data = "".join(f" {name}" for name in names(event.data))
            return f"{event.how}{loop}:{data}"
        case Wrote():
            return f"wrote {event.what}"
        case RowUsed():
            return f"row {event.row.kind} {event.how} {event.name}"
        case SqlText():
            carried = names(frozenset(s for s in event.text.sources if not s.typed))
            return f"text of {' '.join(carried)}" if carried else None
        case Paged():
            return f"paged by {' '.join(names(event.value.sources))}"
    return None


def written(run: Run) -> list[str]:
    """The SQL texts that may have run, with ``…`` for what is not known of them."""
    return [
        text.replace(HOLE, "…") for event in run.events if isinstance(event, Ran)
        for text in event.texts
    ]  # fmt: skip
