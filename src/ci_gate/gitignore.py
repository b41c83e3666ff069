"""Paths that match patterns written as in a ``.gitignore``.

Patterns of folders, files and ``*`` are read here; for all others there is ``pathspec``, which
takes longer to load than its patterns to match.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ci_gate.regex import regex

#: Parts with none of ``! [ ] \`` or white space, and which are no mere ``*`` or ``**``.
_PLAIN = regex(r"/?(?!#)(?:(?!\*+(?:/|$)|[^/]*\*\*)[^\s!\[\]\\/]+(?:/|$))+")


def is_pattern(text: str) -> bool:
    """Can a pattern be read? What is none, such as ``!`` alone, git passes over."""
    if not text or text.startswith("#") or _PLAIN.fullmatch(text):
        return True
    import pathspec  # noqa: PLC0415  most patterns are plain

    try:
        pathspec.PathSpec.from_lines("gitignore", [text])
    except (ValueError, re.error):
        return False
    return True


def matcher(patterns: Sequence[str]) -> Callable[[str], bool]:
    """Whether a file, by its path with forward slashes, is meant by the patterns.

    Raises:
        ValueError, re.error: one of them is none (:func:`is_pattern`).
    """
    patterns = [pattern for pattern in patterns if pattern and not pattern.startswith("#")]
    if not all(_PLAIN.fullmatch(pattern) for pattern in patterns):
        import pathspec  # noqa: PLC0415  most patterns are plain

        return pathspec.PathSpec.from_lines("gitignore", patterns).match_file
    if not patterns:
        return lambda _path: False
    found = re.compile("|".join(map(_expression, patterns)))
    return lambda path: found.match(path) is not None


def _expression(pattern: str) -> str:
    """The beginning of all paths that a plain pattern means."""
    name = pattern.removesuffix("/")
    anywhere = "" if "/" in name else "(?:.+/)?"
    body = "".join(
        "[^/]*" if part == "*" else "[^/]" if part == "?" else re.escape(part)
        for part in name.removeprefix("/")
    )
    return f"{anywhere}{body}{'/' if pattern.endswith('/') else '(?:/|$)'}"
