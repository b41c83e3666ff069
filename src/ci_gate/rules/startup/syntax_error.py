from __future__ import annotations

from collections.abc import Iterable

from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule


class SyntaxError_(Rule):
    """A source file does not parse.

    ## Why is this bad?
    The service dies when it imports the file, or the request that loads it first fails. All that
    the gate can say about the rest of the file is incomplete.

    ## Fix
    Mend the syntax at the place named.

    ## Silent on
    Valid code that the grammars do not know yet: TypeScript counts only where a bracket is missing
    or too many.

    ## Source
    Constraint decay, arXiv 2605.06445: 34 of 642 failed runs.
    """

    id = "startup/syntax-error"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for path, module in facts.model.modules.items():
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
                )
