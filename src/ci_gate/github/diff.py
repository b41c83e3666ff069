"""The pull request's diff as GitHub shows it: where a review comment can stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ci_gate.git import Git, Hunk
from ci_gate.regex import regex

_HEAD: Final = regex(r"@@ -(\d{1,9})(?:,(\d+))? \+(\d{1,9})(?:,(\d+))? @@")
CONTEXT: Final = 3  # unchanged lines that GitHub shows around a change


class PullDiff:
    """Places in the head commit for lines of the commit that was scanned.

    The two differ where the merge of the pull request into its base was scanned: the base's own
    changes move lines.

    Args:
        changes: merge base to head, per path.
        merged: head to the scanned commit, per path; empty where the head was scanned.
    """

    def __init__(
        self, changes: Mapping[str, Sequence[Hunk]], merged: Mapping[str, Sequence[Hunk]]
    ) -> None:
        self._changes = changes
        self._merged = merged

    @classmethod
    def between(cls, git: Git, merge_base: str, head: str, scanned: str) -> PullDiff:
        """The diff of the repository at ``git``, which must be at its top.

        Raises:
            GitError: a commit is not in the clone.
        """
        merged = {} if head == scanned else git.hunks(head, scanned)
        return cls(git.hunks(merge_base, head), merged)

    def place(self, path: str, start: int, end: int) -> tuple[int, int] | None:
        """Lines of the head commit for lines of the scanned one: the whole range where the diff
        shows it in one piece, else its first line that is changed; None where none is."""
        first, last = self._in_head(path, start), self._in_head(path, max(start, end))
        hunks = self._changes.get(path, ())
        if first is not None and last is not None and last - first == max(start, end) - start:
            touched = any(_changes(hunk, first, last) for hunk in hunks)
            if touched and _shown(hunks, first, last):
                return first, last
        for hunk in hunks:
            for line in range(hunk.new, hunk.new + hunk.new_count):
                if first is not None and last is not None and first <= line <= last:
                    return line, line
        return None

    def _in_head(self, path: str, line: int) -> int | None:
        """The line in the head commit; None for one that the merge brought."""
        shift = 0
        for hunk in self._merged.get(path, ()):
            if hunk.new_count and hunk.new <= line < hunk.new + hunk.new_count:
                return None
            if line < hunk.new or (not hunk.new_count and line <= hunk.new):
                break
            shift += hunk.old_count - hunk.new_count
        return line + shift


def hunks_of(patch: str) -> list[Hunk]:
    """The changes of a patch as GitHub lists it for a file, with its lines of context left out."""
    found: list[Hunk] = []
    old = new = 0
    removed = added = 0
    for line in [*patch.split("\n"), "@@"]:
        if line[:1] in ("+", "-"):
            added += line[0] == "+"
            removed += line[0] == "-"
            continue
        if line.startswith("\\"):  # no newline at the end
            continue
        if added or removed:
            found.append(Hunk(old + (removed > 0), removed, new + (added > 0), added))
            old, new = old + removed, new + added
            added = removed = 0
        if head := _HEAD.match(line):
            # of a side without lines, the line before the place is given
            old = int(head[1]) - (head[2] != "0")
            new = int(head[3]) - (head[4] != "0")
        else:
            old, new = old + 1, new + 1
    return found


def _changes(hunk: Hunk, first: int, last: int) -> bool:
    """Does the change lie in the lines from ``first`` to ``last``?"""
    if not hunk.new_count:
        return first <= hunk.new < last
    return hunk.new <= last and first < hunk.new + hunk.new_count


def _shown(hunks: Sequence[Hunk], first: int, last: int) -> bool:
    """Are all lines from ``first`` to ``last`` in one hunk as GitHub shows it?"""
    reached = first
    for hunk in hunks:
        start = hunk.new if hunk.new_count else hunk.new + 1
        if start - CONTEXT <= reached:
            reached = max(reached, start + hunk.new_count + CONTEXT)
    return reached > last
