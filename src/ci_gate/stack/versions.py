"""Which version of a package a service surely runs with."""

from __future__ import annotations

import re
from typing import Final

from ci_gate.codemodel.dependencies.environment import Environment
from ci_gate.codemodel.dependencies.requirement import clauses
from ci_gate.regex import regex

_MAJOR: Final = regex(r"\s*v?(\d{1,9})(?!\d)")


def major(environment: Environment | None, package: str, newest: int) -> int | None:
    """The major version of ``package`` that gets installed; None where the manifests leave it open.

    ``newest`` is its newest one: what an installation without a lock file brings where nothing
    keeps it below.
    """
    if environment is None:
        return None
    asked = [item for item in environment.requirements if item.name == package]
    written = [item for item in asked if item.kind != "locked"]
    if not written or any(item.direct or item.problem or item.marker for item in written):
        return None
    lower, upper = 0, newest
    for item in written:
        bounds = _tool(item.specifier) if item.notation == "tool" else _standard(item.specifier)
        if bounds is None:
            return None
        lower, upper = max(lower, bounds[0]), min(upper, bounds[1])
    if lower >= upper:
        return lower
    locked = any(manifest.complete for manifest in environment.manifests)
    return None if locked else upper


def _standard(specifier: str) -> tuple[int, int] | None:
    """The lowest and highest major version that ``>=1.4,<2`` and the like admit."""
    parts = clauses(specifier)
    if parts is None:
        parts = _by_packaging(specifier)
    if parts is None:
        return None
    lower, upper = 0, 10**6
    for operator, version in parts:
        match = _MAJOR.match(version)
        if match is None:
            return None
        number = int(match[1])
        if operator in {"==", "===", "~=", ">=", ">"}:
            lower = max(lower, number)
        if operator in {"==", "===", "~=", "<="}:
            upper = min(upper, number)
        if operator == "<":
            whole = re.fullmatch(r"\s*\d+(\.0)*\s*", version) is not None
            upper = min(upper, number - 1 if whole else number)
    return lower, upper


def _by_packaging(specifier: str) -> list[tuple[str, str]] | None:
    from packaging.specifiers import SpecifierSet  # noqa: PLC0415  few need it

    try:
        return [(part.operator, part.version) for part in SpecifierSet(specifier)]
    except ValueError:  # no specifier, or a number that is too long to be read
        return None


def _tool(specifier: str) -> tuple[int, int] | None:
    """The same for ``^2.0`` and ``*``; other notations are not read."""
    if specifier.strip() in {"", "*"}:
        return 0, 10**6
    if specifier.startswith(("^", "~")) and (match := _MAJOR.match(specifier[1:])):
        return int(match[1]), int(match[1])
    return _standard(specifier)
