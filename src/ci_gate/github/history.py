"""The scorecards of the default branch, one line of JSON per merge, kept in a data branch."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Protocol

from ci_gate.data import dataclass
from ci_gate.reports.interface import TrendPoint

if TYPE_CHECKING:
    from ci_gate.scorecard.model import Scorecard

SHOWN: Final = 10  # merges in a trend
_KEPT: Final = 5_000  # merges per service; the oldest are dropped
_ATTEMPTS: Final = 5
_LIMIT: Final = 16 * 1024 * 1024
_GREEN, _AMBER, _RED = "#2ea043", "#9a6700", "#d1242f"
_SMALL: Final = 5.0  # points of decay up to which the badge is green
_MIDDLING: Final = 20.0  # and amber


class Conflict(Exception):
    """Somebody else wrote to the branch since it was read."""


class Branch(Protocol):
    """A branch that holds data alone."""

    def read(self, path: str, /) -> bytes | None:
        """A file's bytes at the branch's tip; None where there is no such file or branch. The tip
        is kept for :meth:`write`."""
        ...

    def write(self, contents: dict[str, str], message: str, /) -> None:
        """One commit on top of the tip that was read.

        Raises:
            Conflict: the branch has moved on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One merge. ``shares``: L0 to L3, from 0 to 1. ``delta``: points of decay that this merge
    added or removed. ``blocking``: findings that it added."""

    commit: str
    date: str  # ISO 8601
    verdict: str
    shares: tuple[float | None, ...]
    decay: float | None
    delta: float | None
    blocking: int
    agents: tuple[str, ...] = ()


def entry(scorecard: Scorecard, commit: str, date: str, agents: Sequence[str]) -> Entry:
    """What is kept of a scorecard."""
    decay = scorecard.decay
    return Entry(
        commit=commit,
        date=date,
        verdict=scorecard.verdict.value,
        shares=tuple(_rounded(level.share) for level in scorecard.levels),
        decay=_rounded(decay.head),
        delta=_rounded(decay.delta),
        blocking=len(scorecard.blocking),
        agents=tuple(agents),
    )


def append(branch: Branch, service: str, new: Entry) -> None:
    """Add a line to the service's history, and write its badge. A merge that is there already (the
    run was started again) is replaced.

    Raises:
        Conflict: other runs wrote to the branch all the time.
    """
    folder = folder_of(service)
    for attempt in range(_ATTEMPTS):
        kept = [item for item in load(branch, service) if item.commit != new.commit]
        lines = [json.dumps(asdict(item)) for item in [*kept, new][-_KEPT:]]
        contents = {
            f"{folder}/history.jsonl": "\n".join(lines) + "\n",
            f"{folder}/badge.json": json.dumps(_badge(new)) + "\n",
            f"{folder}/badge.svg": _drawn(_badge(new)),
        }
        try:
            branch.write(contents, f"{service or 'Scorecard'} at {new.commit[:12]}")
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
        else:
            return


def load(branch: Branch, service: str) -> list[Entry]:
    """The service's history, the oldest merge first. Lines that are not the gate's are skipped."""
    raw = branch.read(f"{folder_of(service)}/history.jsonl") or b""
    found = (_entry(line) for line in raw[-_LIMIT:].decode("utf-8", "replace").splitlines())
    return [item for item in found if item is not None]


def trend(entries: Sequence[Entry]) -> tuple[TrendPoint, ...]:
    """The last merges, for the comment."""
    return tuple(
        TrendPoint(item.commit, item.date, item.shares, item.decay) for item in entries[-SHOWN:]
    )


def record(entries: Iterable[Entry], agent: str) -> str:
    """One sentence on the merges that an agent wrote; empty where there is none."""
    own = [item for item in entries if agent in item.agents]
    if not own:
        return ""
    clean = sum(1 for item in own if item.blocking == 0)
    changes = [item.delta for item in own if item.delta is not None]
    text = f"{agent}: {len(own)} earlier {'merge' if len(own) == 1 else 'merges'} here, "
    text += f"{clean} without a blocking finding"
    if changes:
        mean = sum(changes) / len(changes)
        text += f"; decay changed by {mean:+.1f} points a merge".replace("-", "−")
    return f"{text}."


def folder_of(service: str) -> str:
    """The folder of a service's files in the branch."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", service).strip("-.") or "scorecard"


def _entry(line: str) -> Entry | None:
    try:
        data = json.loads(line)
        return Entry(
            commit=_text(data["commit"]),
            date=_text(data["date"]),
            verdict=_text(data["verdict"]),
            shares=tuple(_number(share) for share in data["shares"][:4]),
            decay=_number(data["decay"]),
            delta=_number(data["delta"]),
            blocking=int(data["blocking"]),
            agents=tuple(_text(name) for name in data["agents"][:20]),
        )
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value[:100]


def _number(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if isinstance(value, bool) or not math.isfinite(number):
        raise ValueError("a number expected")
    return number


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _badge(of: Entry) -> dict[str, Any]:
    """In the form that shields.io reads."""
    text = of.verdict if of.decay is None else f"{of.decay:+.0f} points".replace("-", "−")
    return {
        "schemaVersion": 1,
        "label": "constraint decay",
        "message": "0" if text in ("+0 points", "−0 points") else text,
        "color": _color(of),
    }


def _color(of: Entry) -> str:
    """By the decay: where nothing is made to block, every verdict is a pass."""
    lost = -(of.decay or 0.0)
    if of.verdict == "blocked" or lost > _MIDDLING:
        return _RED
    return _GREEN if of.verdict == "pass" and lost <= _SMALL else _AMBER


def _drawn(badge: dict[str, Any]) -> str:
    from jinja2 import Environment, StrictUndefined  # noqa: PLC0415

    source = files("ci_gate.github").joinpath("templates/badge.svg.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    width: Callable[[str], int] = lambda text: 10 + round(6.6 * len(text))  # noqa: E731
    left, right = width(badge["label"]), width(badge["message"])
    return environment.from_string(source).render(**badge, left=left, right=right) + "\n"
