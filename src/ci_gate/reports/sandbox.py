"""Fills a user's template in a process of its own, whose time and memory are limited.

Run as a script: it reads ``{"template", "values", "limit"}`` as JSON and writes ``{"text"}`` or
``{"error", "line"}``. It imports nothing of the gate.
"""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

SECONDS = 5
MEMORY = 512 * 1024 * 1024
NAME = "comment template"


def main() -> None:
    """Answer one request."""
    _limit()
    request = json.load(sys.stdin)
    try:
        answer: dict[str, Any] = {"text": _fill(**request)}
    except MemoryError:
        answer = {"error": "it takes too much memory", "line": None}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"[:300], "line": _line(error)}
    json.dump(answer, sys.stdout)


def _fill(template: str, values: dict[str, Any], limit: int) -> str:
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    environment = ImmutableSandboxedEnvironment(
        autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    code = environment.compile(template, NAME, NAME)
    made = environment.template_class.from_code(environment, code, environment.globals)
    parts: list[str] = []
    size = 0
    for part in made.generate(values):
        size += len(part)
        if size > limit:
            raise ValueError(f"the comment would have more than {limit} characters")
        parts.append(part)
    return "".join(parts)


def _line(error: BaseException) -> int | None:
    """The line of the template that an error is about."""
    given = getattr(error, "lineno", None)
    if isinstance(given, int):
        return given
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == NAME]
    return lines[-1] if lines else None


def _limit() -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # not on Windows; the caller's time limit holds there too
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
