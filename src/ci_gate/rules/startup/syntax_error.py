from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ci_gate.architecture.infer import service_of
from ci_gate.codemodel.places import is_outside
from ci_gate.findings import Finding, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_TEMPLATE_FOLDER: Final = regex(r"(?:^|/)(?:[\w-]*templates?|cookiecutter[\w.-]*|\{\{.*\}\})/")
#: a tag of Jinja and its kin that stands for a statement
_TAG: Final = regex(r"^\s*(?:\{%-?|<%)\s*\w+", re.MULTILINE)


class SyntaxError_(Rule):
    """A source file does not parse.

    ## Why is this bad?
    The service dies when it imports the file, or the request that loads it first fails. All that
    the gate can say about the rest of the file is incomplete.

    ## Fix
    Mend the syntax at the place named.

    ## Silent on
    Templates of source files (below a ``template`` directory, or with a template's tags in them),
    and valid code that the grammars do not know yet: TypeScript counts only where a bracket is
    missing or too many; tests, which their own run judges. In a file that is no part of a service
    the finding is a warning.

    ## Source
    Constraint decay, arXiv 2605.06445: 34 of 642 failed runs.
    """

    id = "startup/syntax-error"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for path, module in facts.model.modules.items():
            if module.problems and _is_template(facts, path):
                continue
            for problem in module.problems[:1]:
                more = len(module.problems) - 1
                also = f", and {more} more in this file" if more else ""
                yield self.finding(
                    path,
                    problem,
                    message=f"Syntax error: {problem.message}{also}.",
                    why="The module cannot be loaded, so the service does not start.",
                    fix="Mend the syntax here.",
                    subject="syntax",
                    severity=Severity.ERROR if _in_service(facts, path) else Severity.WARNING,
                )


def _in_service(facts: Facts, path: str) -> bool:
    """Does a service run the file? Where none was found, any file may matter."""
    if not facts.stack.services:
        return True
    return service_of(path, facts.stack) is not None and not is_outside(path)


def _is_template(facts: Facts, path: str) -> bool:
    """Is the file filled in before it is source?"""
    if _TEMPLATE_FOLDER.search(path):
        return True
    try:
        return _TAG.search(facts.model.tree.text(path)) is not None
    except OSError:
        return False
