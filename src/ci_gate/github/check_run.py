"""The check run: a conclusion that branch protection can require, with annotations in the diff."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from ci_gate.data import dataclass
from ci_gate.github.api import Client, field, sendable
from ci_gate.github.errors import ApiError, Purpose
from ci_gate.github.marker import Run

Conclusion = Literal["success", "failure", "neutral"]
Level = Literal["notice", "warning", "failure"]

PER_REQUEST: Final = 50
MOST: Final = 500  # a request a second and 50; what is left is in the comment
TEXT_LIMIT: Final = 65_535  # GitHub says characters and counts bytes
_TITLE_LIMIT: Final = 255  # bytes, as the others
_MESSAGE_LIMIT: Final = 65_535
_CUT: Final = "\n\n… (the rest is in the job summary)"
_READ: Final = Purpose("look for the check run", "checks: write")
_WRITE: Final = Purpose("write the check run", "checks: write")


@dataclass(frozen=True, slots=True)
class Annotation:
    """A remark at lines of a file of the head commit; the path starts at the repository's top."""

    path: str
    start_line: int
    end_line: int
    level: Level
    title: str
    message: str


@dataclass(frozen=True, slots=True)
class CheckText:
    """Markdown; ``summary`` and ``text`` are cut to 65,535 bytes each."""

    title: str
    summary: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class CheckRun:
    """What was published. ``left``: annotations that were not; ``newer``: a later run of the
    workflow has reported on this commit, nothing was written."""

    url: str
    annotations: int = 0
    left: int = 0
    newer: bool = False


def publish(
    client: Client,
    name: str,
    head_sha: str,
    conclusion: Conclusion,
    text: CheckText,
    annotations: Sequence[Annotation],
    *,
    key: str,
    run: Run,
    details_url: str,
) -> CheckRun:
    """Report on the head commit. The conclusion goes with the first request, so that it stands
    whatever becomes of the annotations, which follow 50 at a time, the worst first.

    Raises:
        ApiError: the check run, or one of its batches, was not written.
    """
    mine = f"{key}/{run}"
    there = _latest(client, name, head_sha, key)
    if there is not None and there.run > run:
        return CheckRun(there.url, newer=True)
    shown = [_annotation(annotation) for annotation in annotations[:MOST]]
    batches = [shown[i : i + PER_REQUEST] for i in range(0, len(shown), PER_REQUEST)] or [[]]
    output = _output(text)
    body = {
        "name": name,
        "head_sha": head_sha,
        "status": "completed",
        "conclusion": conclusion,
        "external_id": mine,
        "details_url": details_url,
        "output": {**output, "annotations": batches[0]},
    }
    written = _create(client, body, name, head_sha, key, run)
    count = len(batches[0])
    for batch in batches[1:]:
        _add(client, written.id, {**output, "annotations": batch}, count)
        count += len(batch)
    return CheckRun(written.url, len(shown), len(annotations) - len(shown))


@dataclass(frozen=True, slots=True)
class _Written:
    id: int
    url: str
    run: Run


def _create(
    client: Client, body: dict[str, Any], name: str, head_sha: str, key: str, run: Run
) -> _Written:
    """Create the check run once, also where the answer to the first request is lost."""
    try:
        return _written(client.send("POST", "check-runs", body, _WRITE, repeat=False), run)
    except ApiError as error:
        if not error.unclear:
            raise
    there = _latest(client, name, head_sha, key)
    if there is not None and there.run == run:
        return there
    return _written(client.send("POST", "check-runs", body, _WRITE, repeat=False), run)


def _add(client: Client, check: int, output: dict[str, Any], there: int) -> None:
    """Add a batch to the ``there`` annotations of the check run. GitHub adds it each time that it
    gets it, so where an answer is lost, what is there is counted first."""
    try:
        client.send("PATCH", f"check-runs/{check}", {"output": output}, _WRITE, repeat=False)
    except ApiError as error:
        if not error.unclear:
            raise
        shown = field(client.get(f"check-runs/{check}", _READ), "output", dict)
        if field(shown, "annotations_count", int) <= there:
            client.send("PATCH", f"check-runs/{check}", {"output": output}, _WRITE, repeat=False)


def _latest(client: Client, name: str, head_sha: str, key: str) -> _Written | None:
    """The check run that the latest run of this key has left on the commit."""
    found = []
    for item in client.pages(
        f"commits/{head_sha}/check-runs", _READ, key="check_runs", check_name=name, filter="all"
    ):
        owner, _, run = str(item.get("external_id") or "").partition("/")
        if owner == key:
            found.append(_written(item, Run.read(run)))
    return max(found, key=lambda written: (written.run, written.id), default=None)


def _written(item: Any, run: Run) -> _Written:
    return _Written(field(item, "id", int), str(item.get("html_url") or ""), run)


def _output(text: CheckText) -> dict[str, str]:
    output = {
        "title": _cut(text.title, _TITLE_LIMIT),
        "summary": _cut(text.summary, TEXT_LIMIT, _CUT),
    }
    return output | ({"text": _cut(text.text, TEXT_LIMIT, _CUT)} if text.text else {})


def _cut(text: str, limit: int, end: str = "…") -> str:
    """At most ``limit`` bytes of the text."""
    raw = sendable(text).encode()
    if len(raw) <= limit:
        return raw.decode()
    return raw[: limit - len(end.encode())].decode("utf-8", "ignore") + end


def _annotation(annotation: Annotation) -> dict[str, str | int]:
    start = max(1, annotation.start_line)
    shown: dict[str, str | int] = {
        "path": sendable(annotation.path),
        "start_line": start,
        "end_line": max(start, annotation.end_line),
        "annotation_level": annotation.level,
        "message": _cut(annotation.message, _MESSAGE_LIMIT) or "-",
    }
    title = _cut(annotation.title, _TITLE_LIMIT)
    return shown | ({"title": title} if title else {})
