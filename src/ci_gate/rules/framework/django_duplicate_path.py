from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel.model import CodeModel, Route
from ci_gate.codemodel.syntax import Node
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._order import hidden


class DjangoDuplicatePath(Rule):
    """The same path stands twice in Django's URL configuration, with two views.

    Methods do not take part in Django's matching: one view for GET and another for DELETE on the
    same path does not work as it does in other frameworks.

    ## Why is this bad?
    Django takes the first pattern that matches. The second view is never called, and the methods
    that only it answers get 405 Method Not Allowed.

    ## Fix
    Give the path one view that answers all its methods.

    ## Silent on
    The same view twice; converters that match different things (`<int:id>`, `<slug:slug>`); paths
    that differ in the last slash; patterns under a condition, and paths that are not known.

    ## Source
    Constraint decay, arXiv 2605.06445: 21 of 642 runs failed on 405; Django, "How Django processes
    a request".
    """

    id = "framework/django-duplicate-path"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        methods = _methods(facts.model)
        seen: set[tuple[str, object]] = set()
        for item in hidden(facts.model, "django", by_method=False):
            earlier, later = item.earlier, item.later
            if not item.same or (later.module, later.span) in seen:
                continue
            if not earlier.handlers or not later.handlers:
                continue
            if earlier.handlers[0] in later.handlers or later.handlers[0] in earlier.handlers:
                continue
            seen.add((later.module, later.span))
            lost = sorted(methods[_site(later)] - methods[_site(earlier)] - {"ANY"})
            told = f" and {', '.join(lost)} {later.path} gets 405" if lost else ""
            yield self.finding(
                later.module,
                Node(later.span),
                message=(
                    f"{later.path} already has a view ({earlier.handlers[0].name}, "
                    f"{earlier.module}:{earlier.span[0]}), so {later.handlers[0].name} is never "
                    f"called{told}."
                ),
                why="Django takes the first pattern that matches, whatever the method.",
                fix=(
                    f"Register one view for {later.path} that answers the methods of both, such as "
                    "a class-based view or a view set."
                ),
                subject=f"{later.path} twice",
                related=[
                    Related(earlier.module, earlier.span[0], "the pattern that matches first")
                ],
            )


def _site(route: Route) -> tuple[str, object, str]:
    return route.module, route.span, route.path


def _methods(model: CodeModel) -> dict[tuple[str, object, str], set[str]]:
    found: dict[tuple[str, object, str], set[str]] = {}
    for route in model.routes:
        found.setdefault(_site(route), set()).add(route.method)
    return found
