from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.codemodel.program import ClassInfo, FunctionInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, FunctionValue
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry, spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._paths import Hop, Surroundings, way


class LockOutsideTransaction(Rule):
    """A query with `select_for_update()` runs outside of a transaction.

    ## Why is this bad?
    Django raises TransactionManagementError ("select_for_update cannot be used outside of a
    transaction") whenever the query runs: there is nothing that the lock could last for. Tests in
    `TestCase` run inside a transaction and do not see it.

    ## Fix
    Put the query and what it protects into `with transaction.atomic():`.

    ## Silent on
    Services with ATOMIC_REQUESTS; queries below any `with` block or decorator that may open a
    transaction; SQLite, which has no such locks and ignores them; query sets that are handed on
    without being run.

    ## Source
    Django, "select_for_update()": evaluating such a queryset in autocommit mode is a
    TransactionManagementError.
    """

    id = "orm/lock-outside-transaction"
    group = "orm"
    follows = True
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django-orm",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        look = _Look(facts)
        seen: set[s.Node] = set()
        for run in facts.flows.of_requests():
            for event in run.unbroken():
                if (
                    not isinstance(event, Ran)
                    or event.statement is None
                    or not event.statement.locking
                    or event.how not in ("one", "many")
                    or event.place.node in seen
                    or look.may_be_transaction(run, way(event.place))
                ):
                    continue
                seen.add(event.place.node)
                yield self._finding(run, event)

    def _finding(self, run: Run, event: Ran) -> Finding:
        place = event.place
        return self.finding(
            place.path,
            spot(place.node),
            message=f"{place.function.name} locks rows with select_for_update(), and no transaction"
            f" is open when {entry(run)} comes here",
            why="Django raises TransactionManagementError: select_for_update cannot be used outside"
            " of a transaction.",
            fix="Put the query and the change that it protects into `with transaction.atomic():`.",
            subject=f"{place.function.name} locks",
            related=[
                Related(function.module.path, node.line, "called from here, in no transaction")
                for node, function in reversed(place.calls[-3:])
            ],
        )


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._model = facts.model
        self._surroundings = Surroundings()
        self._functions: dict[FunctionInfo, bool] = {}

    @cached_property
    def _everywhere(self) -> bool:
        """May every request, or any code, be in a transaction by a setting or a wrapper? And is
        the database one that does not lock rows?"""
        if self._facts.dialect == "sqlite":
            return True
        model = self._model
        words = ("ATOMIC_REQUESTS", '"AUTOCOMMIT"', "'AUTOCOMMIT'")
        if any(
            word in model.tree.text(path)
            for path, module in model.modules.items()
            if module.language == "python"
            for word in words
        ):
            return True
        return any(
            call.args and not call.args[0].keyword for call, _ in model.calls_named("atomic")
        )

    def may_be_transaction(self, run: Run, hops: tuple[Hop, ...]) -> bool:
        if self._everywhere:
            return True
        view = run.route.view if run.route is not None else None
        if view is not None and self._of_class(view):
            return True
        return any(
            self._wraps(function)
            or any(
                isinstance(around, s.With)
                for around, _ in self._surroundings.around(node, function)
            )
            for node, function in hops
        )

    def _wraps(self, function: FunctionInfo) -> bool:
        """May something around the function open a transaction?"""
        found = self._functions.get(function)
        if found is None:
            node = function.node
            found = isinstance(node, s.Function) and any(
                self._may_open(decorator) for decorator in node.decorators
            )
            self._functions[function] = found
        return found

    def _may_open(self, decorator: s.Expr) -> bool:
        if _mentions(decorator):
            return True
        func = decorator.func if isinstance(decorator, s.Call) else decorator
        values = self._model.evaluate(func)
        for value in values:
            if isinstance(value, FunctionValue):
                if _mentions(value.function.node):
                    return True
            elif not isinstance(value, ExternalValue):
                return True
        return not values

    def _of_class(self, view: ClassInfo) -> bool:
        """May the view, or a class that it derives from, open a transaction in `dispatch()`?"""
        classes = [view] + [
            value.cls for value in self._model.ancestors(view) if isinstance(value, ClassValue)
        ]
        return any(
            any(_mentions(decorator) for decorator in cls.node.decorators)
            or any(
                isinstance(item, s.FunctionDef)
                and item.function.name in ("dispatch", "as_view", "initial", "setup")
                and _mentions(item.function)
                for item in cls.node.body
            )
            for cls in classes
        )


def _mentions(node: s.Node) -> bool:
    """Does it speak of `atomic`?"""
    return any(
        (isinstance(inner, s.Name) and "atomic" in inner.id.lower())
        or (isinstance(inner, s.Attribute) and "atomic" in inner.name.lower())
        for inner in s.walk(node)
    )
