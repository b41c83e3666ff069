"""A team's own layout of the comment: a Jinja template, filled where it can do no harm."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ci_gate.reports import sandbox
from ci_gate.reports.bounds import size
from ci_gate.reports.text import clean

TEMPLATE_LIMIT: Final = 100_000
WAIT: Final = 20  # seconds, on a machine that has much else to do


class TemplateError(Exception):
    """The template cannot be filled; the message is a sentence that names its line."""


def fill(template: str, values: Mapping[str, Any], limit: int) -> str:
    """The template with ``values`` in it, at most ``limit`` characters.

    Raises:
        TemplateError: it is wrong, takes too long, or says too much or nothing.
    """
    if len(template) > TEMPLATE_LIMIT:
        raise TemplateError(f"it has more than {TEMPLATE_LIMIT:,} characters")
    answer = _answer({"template": template, "values": dict(values), "limit": limit})
    text = answer.get("text")
    if isinstance(text, str):
        if size(text) > limit:
            raise TemplateError(f"the comment would have more than {limit:,} characters")
        if not text.strip():
            raise TemplateError("it gives an empty text")
        return text
    line, error = answer.get("line"), clean(str(answer.get("error", "")), 300)
    raise TemplateError(f"line {line}: {error}" if line else error)


def _answer(request: Mapping[str, Any]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(Path(sandbox.__file__))],
            input=json.dumps(request), capture_output=True, text=True, check=False,
            timeout=WAIT, env={},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TemplateError("it takes too long") from None
    except OSError as error:
        raise TemplateError(f"it could not be tried: {error.strerror}") from None
    if done.returncode:
        raise TemplateError("it takes too long or too much memory")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
