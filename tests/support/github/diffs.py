"""Changed files as the API lists them, and where in a diff a comment may stand."""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

_HUNK: Final = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
File = dict[str, Any]


@dataclass(frozen=True)
class DiffLine:
    """``position``: its place below the first hunk header of the file."""

    kind: str
    left: int | None
    right: int | None
    text: str
    position: int
    hunk: int


def lines(patch: str) -> Iterator[DiffLine]:
    left = right = hunk = 0
    for position, row in enumerate(patch.split("\n")):
        header = _HUNK.match(row)
        if header:
            left, right, hunk = int(header[1]), int(header[2]), hunk + 1
        elif row.startswith("+"):
            yield DiffLine("+", None, right, row[1:], position, hunk)
            right += 1
        elif row.startswith("-"):
            yield DiffLine("-", left, None, row[1:], position, hunk)
            left += 1
        elif not row.startswith("\\"):
            yield DiffLine(" ", left, right, row[1:], position, hunk)
            left, right = left + 1, right + 1


def line_at(patch: str, number: int, side: str) -> DiffLine | None:
    for line in lines(patch):
        if (line.right if side == "RIGHT" else line.left) == number:
            return line
    return None


def hunk_until(patch: str, position: int) -> str:
    """``diff_hunk`` of a comment: from the hunk's header to the line."""
    rows = patch.split("\n")[: position + 1]
    starts = [index for index, row in enumerate(rows) if _HUNK.match(row)]
    return "\n".join(rows[starts[-1] :]) if starts else ""


def change(name: str, old: str | None, new: str | None, renamed_from: str | None = None) -> File:
    """One file of a pull request, from its two texts; None: it is not there."""
    rows = list(
        difflib.unified_diff((old or "").splitlines(), (new or "").splitlines(), lineterm="", n=3)
    )[2:]
    status = "added" if old is None else "removed" if new is None else "modified"
    return file_entry(name, "renamed" if renamed_from else status, "\n".join(rows), renamed_from)


def file_entry(name: str, status: str, patch: str, renamed_from: str | None = None) -> File:
    found = list(lines(patch))
    added = sum(line.kind == "+" for line in found)
    removed = sum(line.kind == "-" for line in found)
    entry: File = {
        "filename": name,
        "status": status,
        "additions": added,
        "deletions": removed,
        "changes": added + removed,
        "sha": hashlib.sha1(f"{name}\0{patch}".encode()).hexdigest(),
    }
    if patch:
        entry["patch"] = patch
    if renamed_from:
        entry["previous_filename"] = renamed_from
    return entry


def files_of(diff: str) -> list[File]:
    """The files of `git diff` (without --color, with a/ and b/)."""
    found = []
    for part in re.split(r"(?m)^diff --git ", diff)[1:]:
        head, at, rest = part.partition("\n@@ ")
        new = re.search(r"(?m)^\+\+\+ b/(.*?)\t?$", head)
        old = re.search(r"(?m)^--- a/(.*?)\t?$", head)
        moved = re.search(r"(?m)^rename from (.*)$", head)
        to = re.search(r"(?m)^rename to (.*)$", head)
        first = re.match(r"a/(.*) b/\1$", head.split("\n", 1)[0])
        name = next((m[1] for m in (to, new, old, first) if m), "?")
        status = (
            "renamed"
            if moved
            else "added"
            if re.search(r"(?m)^new file", head)
            else "removed"
            if re.search(r"(?m)^deleted file", head)
            else "modified"
        )
        patch = ("@@ " + rest).rstrip("\n") if at else ""
        found.append(file_entry(name, status, patch, moved[1] if moved else None))
    return found


def unified(files: list[File]) -> str:
    """What the API gives for `application/vnd.github.diff`."""
    return "".join(
        f"diff --git a/{f['filename']} b/{f['filename']}\n"
        f"--- a/{f['filename']}\n+++ b/{f['filename']}\n{f.get('patch', '')}\n"
        for f in files
    )


def placed(files: list[File]) -> Mapping[str, str]:
    return {f["filename"]: f.get("patch", "") for f in files}
