"""What an import specifier leads to."""

from __future__ import annotations

from typing import Literal

from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True)
class Resolved:
    """``file``: a source file of the tree. ``namespace``: a directory of the tree that is a package
    without ``__init__``. ``external``: a package out of the tree, by import name. ``builtin``: the
    language's own library. ``unresolved``: it should be in the tree and is not."""

    kind: Literal["file", "namespace", "external", "builtin", "unresolved"]
    path: str | None = None
    package: str | None = None
