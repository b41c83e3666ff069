"""An identity for each finding that outlives edits elsewhere in the file.

Made of what the finding is about, never of where it stands: the rule, the file (under the name it
has in the base), the enclosing function, the finding's subject and the line's own text without its
white space. Moved lines, new indentation and renamed files keep it; two findings that agree in all
of it are told apart by their order.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from ci_gate.codemodel.model import CodeModel
from ci_gate.findings import Finding
from ci_gate.regex import regex

LENGTH: Final = 24
_SPACE: Final = regex(r"\s+")
_POSITION: Final = regex(r"<lambda \d+:\d+>")
_LINE_TEXT: Final = 2_000  # characters of a line that count


def fingerprints(
    findings: Sequence[Finding],
    model: CodeModel | None,
    lines: Mapping[str, Sequence[str]],
    renames: Mapping[str, str],
) -> list[str]:
    """One fingerprint per finding, in the order given.

    Args:
        model: names the enclosing function; None where there is no code model.
        lines: the text of each file that has findings, by path.
        renames: path in this tree -> path in the base; empty for the base itself.
    """
    seen: Counter[str] = Counter()
    order = sorted(range(len(findings)), key=lambda i: (findings[i].path, findings[i].start))
    result = [""] * len(findings)
    for index in order:
        key = _key(findings[index], model, lines, renames)
        result[index] = _digest(f"{key}\0{seen[key]}")
        seen[key] += 1
    return result


def _key(
    finding: Finding,
    model: CodeModel | None,
    lines: Mapping[str, Sequence[str]],
    renames: Mapping[str, str],
) -> str:
    text = lines.get(finding.path, ())
    line = text[finding.start.line - 1] if 0 < finding.start.line <= len(text) else ""
    path = renames.get(finding.path, finding.path)
    function = model.enclosing(finding.path, finding.start.line) if model else None
    name = function.qualname.partition("::")[2] if function else ""
    parts = (
        finding.rule,
        path,
        _POSITION.sub("<lambda>", name),
        finding.subject,
        _SPACE.sub("", line[:_LINE_TEXT]),
    )
    return "\0".join(parts)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]
