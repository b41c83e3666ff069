"""Hidden marks by which a later run knows its own comments.

A mark is the comment's first line and counts only in a comment by the token's own user: anybody can
write one, and other bots quote what strangers wrote further down.
"""

from __future__ import annotations

import hashlib
from typing import Final, Literal

from ci_gate.data import dataclass
from ci_gate.regex import regex

Kind = Literal["comment", "review", "finding"]

_LINE: Final = regex(r"<!-- ci-gate:(comment|review|finding)((?: [a-z]+=[\w.-]+)+) -->")
_RUN: Final = regex(r"(\d{1,18})\.(\d{1,9})")
_UNSAFE: Final = regex(r"[^\w.]")


def key(workflow: str, service: str) -> str:
    """What tells the comments of several workflows and services apart."""
    return hashlib.sha256(f"{workflow}/{service}".encode("utf-8", "replace")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, order=True)
class Run:
    """A run of a workflow; later ones are greater."""

    id: int
    attempt: int = 1

    def __str__(self) -> str:
        return f"{self.id}.{self.attempt}"

    @classmethod
    def read(cls, text: str) -> Run:
        """The run named ``ID.ATTEMPT``; the oldest of all where the text names none."""
        found = _RUN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else cls(0, 0)


@dataclass(frozen=True, slots=True)
class Marker:
    """``sha``: the head commit that was judged. ``finding``: its fingerprint. ``fixed``: the commit
    that fixed it, where the comment says so."""

    kind: Kind
    key: str
    run: Run
    sha: str = ""
    finding: str = ""
    fixed: str = ""

    def line(self) -> str:
        fields = {
            "key": self.key,
            "run": str(self.run),
            "sha": self.sha,
            "fp": self.finding,
            "fixed": self.fixed,
        }
        shown = "".join(f" {n}={_UNSAFE.sub('_', v)}" for n, v in fields.items() if v)
        return f"<!-- ci-gate:{self.kind}{shown} -->"

    def mark(self, body: str) -> str:
        return f"{self.line()}\n{body}"


def read(body: str | None) -> Marker | None:
    """The mark at the head of a comment."""
    first = (body or "").lstrip("\ufeff").split("\n", 1)[0].strip()
    found = _LINE.fullmatch(first)
    if found is None:
        return None
    fields = dict(part.split("=", 1) for part in found[2].split())
    kind: Kind = found[1]  # type: ignore[assignment]
    return Marker(
        kind,
        fields.get("key", ""),
        Run.read(fields.get("run", "")),
        fields.get("sha", ""),
        fields.get("fp", ""),
        fields.get("fixed", ""),
    )


def unmarked(body: str) -> str:
    """The comment without its mark."""
    return body.split("\n", 1)[1] if read(body) and "\n" in body else body
