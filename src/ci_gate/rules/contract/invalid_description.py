from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel.openapi import find_descriptions
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Severity
from ci_gate.rules.base import Facts, Rule


class InvalidDescription(Rule):
    """A file that is called `openapi` or `swagger` cannot be read as a description.

    It is not valid YAML or JSON, has no paths, or a `$ref` in it leads nowhere.

    ## Why is this bad?
    Generators of clients, contract tests and the rules of this group pass over what cannot be
    resolved, or fail.

    ## Fix
    Mend the line. Where the file is the contract, name it in `.ci-gate.yml` (`openapi: PATH`): a
    run with a broken contract is then incomplete and does not pass.

    ## Silent on
    The file that the configuration names (it is told there, as a problem of the run); references to
    other hosts, which are never followed.

    ## Source
    OpenAPI Specification 3.1, "Reference Object".
    """

    id = "contract/invalid-description"
    group = "contract"
    severity: ClassVar[Severity] = Severity.NOTE

    def check(self, facts: Facts) -> Iterable[Finding]:
        if facts.config.openapi is not None:
            return
        for description in find_descriptions(facts.model.tree):
            for problem in description.problems[:1]:
                more = len(description.problems) - 1
                yield self.finding(
                    problem.path,
                    Node((problem.line, problem.column, problem.line, problem.column + 1)),
                    message=f"{problem.path}: {problem.text.partition(';')[0]}"
                    + (f" (and {more} more)." if more else "."),
                    why="What depends on it is not checked against the code.",
                    fix=f"{problem.text.partition('; ')[2] or 'mend this line'}.".capitalize(),
                    subject=problem.text,
                )
