"""Anonymous functions in what findings say, named as a person would name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.program import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex

#: As the code model names them, with what marks a name in a sentence.
_NAME: Final = regex(r"(?P<mark>`?)(?P<name><lambda (\d+):(\d+)>)(?:\(\))?(?P=mark)")
_LIMIT: Final = 2  # routes that are named of one handler


def named(findings: Sequence[Finding], model: CodeModel) -> list[Finding]:
    """The findings with "the handler of GET /items (routes/items.js:8)" for ``<lambda 8:17>``; in
    their subjects, which tell findings apart, without the position."""
    if not any("<lambda " in text for finding in findings for text in _texts(finding)):
        return list(findings)
    names = _Names(model)
    return [_told(finding, names) for finding in findings]


def _texts(finding: Finding) -> tuple[str, ...]:
    own = (finding.message, finding.why, finding.fix, finding.subject)
    return (*own, *(item.message for item in finding.related))


def _told(finding: Finding, names: _Names) -> Finding:
    places = (finding.path, *(item.path for item in finding.related))
    return replace(
        finding,
        message=names.fill(finding.message, places),
        why=names.fill(finding.why, places),
        fix=names.fill(finding.fix, places),
        subject=_NAME.sub("<lambda>", finding.subject),
        related=tuple(
            Related(item.path, item.line, names.fill(item.message, (item.path, *places)))
            for item in finding.related
        ),
    )


class _Names:
    def __init__(self, model: CodeModel) -> None:
        self._known: dict[tuple[str, str], FunctionInfo] = {}
        self._routes: dict[FunctionInfo, list[str]] = {}
        for info in model.functions.values():
            if info.name.startswith("<lambda "):
                self._known[info.module.path, info.name] = info
        for route in model.routes if self._known else ():
            for view in route.handlers[:1]:
                self._routes.setdefault(view, []).append(route.endpoint)

    def fill(self, text: str, places: Sequence[str]) -> str:
        def name(match: re.Match[str]) -> str:
            words = self._of(match["name"], int(match[3]), places)
            return words[0].upper() + words[1:] if match.start() == 0 else words

        return _NAME.sub(name, text)

    def _of(self, name: str, line: int, places: Sequence[str]) -> str:
        keys = [(path, name) for path in places if (path, name) in self._known]
        if not keys:
            return f"the anonymous function in line {line}"
        found = self._known[keys[0]]
        where = f"({found.module.path}:{line})"
        endpoints = list(dict.fromkeys(self._routes.get(found, ())))
        if not endpoints:
            return f"the anonymous function {where}"
        more = len(endpoints) - _LIMIT
        rest = f" and {more} more" if more > 0 else ""
        return f"the handler of {', '.join(endpoints[:_LIMIT])}{rest} {where}"
