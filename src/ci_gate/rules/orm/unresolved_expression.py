from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Unresolved
from ci_gate.codemodel.dependencies.environment import Environment
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.stack.versions import major

_READS_BACK: Final = 6


class UnresolvedExpression(Rule):
    """An attribute is read that holds an `F()` expression, not a value.

    `article.views = F("views") + 1`, then `article.save()`, and then `article.views` goes into the
    answer.

    ## Why is this bad?
    `save()` leaves the expression on the object: the attribute reads `<CombinedExpression: F(views)
    + Value(1)>`. JSON cannot hold it, comparing it raises TypeError, and a further `save()` adds a
    second time.

    ## Fix
    `article.refresh_from_db(fields=["views"])` after `save()`, or load the object again.

    ## Silent on
    Attributes that are loaded or set again before they are read; Django 6 and later, which reads
    the value back as it saves.

    ## Source
    Django, "Query Expressions": F() objects assigned to model fields persist after saving the model
    instance and will be applied on each save().
    """

    id = "orm/unresolved-expression"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        environments = facts.environments
        seen: set[s.Node] = set()
        for run, event in facts.flows.unbroken():
            if not isinstance(event, Unresolved) or event.cause in seen:
                continue
            seen.add(event.cause)
            if _reads_back(environments.of(event.cause_path)):
                continue
            name = f"{event.instance.entity.name}.{event.attribute}"
            yield self.finding(
                event.cause_path,
                spot(event.cause),
                message=f"`{name}` is given an SQL expression here, and is read before it is loaded"
                " again",
                why=f"In {entry(run)} the attribute still is the expression: it is no number, it"
                " cannot be serialised, and each save() applies it once more.",
                fix=f'Call `refresh_from_db(fields=["{event.attribute}"])` after save().',
                subject=f"{name} holds an expression",
                related=[Related(event.place.path, event.place.node.line, "it is read here")],
            )


def _reads_back(environment: Environment | None) -> bool:
    """May the installed Django be one that reads expressions back as it saves?"""
    found = major(environment, "django", _READS_BACK)
    if found is None and environment is not None:
        for item in environment.requirements:
            match = re.match(r"\s*=*\s*(\d{1,9})(?!\d)", item.specifier)
            if item.name == "django" and item.kind == "locked" and match is not None:
                found = int(match[1])
    return found is None or found >= _READS_BACK
