"""The calls that run SQL text: the text on each path, and the values that are bound to it there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.codemodel.nodedrivers import NodeEntry
from ci_gate.codemodel.paths import (
    Abstract,
    Decisions,
    Given,
    Outcome,
    Paths,
    Stage,
    Statement,
)
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.scopes import Binding
from ci_gate.codemodel.sqldrivers import (
    BY_NAME,
    DRIVERS,
    ENTRIES,
    NAMES,
    Dialect,
    Driver,
    Entry,
    Passing,
    driver_of,
    only_driver,
    packages,
)
from ci_gate.codemodel.sqltext import Text
from ci_gate.codemodel.sqlvalues import (
    Values,
    argument_of,
    is_sql,
    parameter_names,
    rests_on,
    values_given,
)
from ci_gate.codemodel.values import ExternalValue, InstanceValue
from ci_gate.data import dataclass
from ci_gate.regex import regex

#: A condition or a name that is about which database it is.
CHOOSES: Final = regex(
    r"dialect|vendor|(?:db|database)_?(?:backend|engine|driver|type|kind)|drivername|engine\.(?:name|url)"
    r"|sqlite|postgres|psycopg|mysql|pgsql|_pg\b|\bpg_|is_pg",
    re.IGNORECASE,
)
_MAX_CALLERS: Final = 60
_MAX_HANDING: Final = 12
_MAX_STAGES: Final = 3
_MAX_VARIANTS: Final = 160
#: How the decision begins that tells where a function with the call in it is called.
CALLED_FROM: Final = "called from "
_TEXT_FACTORY: Final = "sqlalchemy.text"


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """The text and its values on one path, with the branches that the path took.

    ``made`` is the ``text()`` that the text went through.
    """

    text: Text
    values: Values
    decisions: Decisions = ()
    made: s.Call | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SqlCall:
    """One call that runs or prepares SQL text.

    ``node`` stands in ``function``: the call of the driver, or of the program's own function that
    passes text and values on to it. ``method`` is the driver's (``executemany``). ``driver`` and
    ``dialect`` are None where not known. ``runs`` is false where the text is made only (``text()``
    whose use is not seen, ``prepare``).
    """

    node: s.Call | s.Template
    function: FunctionInfo
    driver: Driver | None
    dialect: Dialect | None
    variants: tuple[Variant, ...]
    method: str = ""
    runs: bool = True

    @property
    def path(self) -> str:
        return self.function.module.path


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """A driver call, and what is known of it before its arguments are looked at."""

    call: s.Call | s.Template
    function: FunctionInfo
    entry: Entry | NodeEntry
    driver: Driver | None

    @property
    def method(self) -> str:
        """The name of the driver's method."""
        func = self.call.func if isinstance(self.call, s.Call) else None
        return func.name if isinstance(func, s.Attribute) else ""

    @property
    def receiver(self) -> bool:
        """Is the text that of the statement that the method is called on?"""
        return isinstance(self.entry, NodeEntry) and self.entry.prepared


class SqlCalls:
    """All SQL text that a program runs. ``default`` is the dialect of libraries that speak several
    (the project's only database), None where there is none or more than one."""

    def __init__(self, model: CodeModel, default: Dialect | None = None) -> None:
        self.model = model
        self._default = default
        self._paths = Paths(model)

    @cached_property
    def all(self) -> Sequence[SqlCall]:
        """Every call, by file and line."""
        found: list[SqlCall] = []
        made: dict[s.Call, FunctionInfo] = {}
        covered: set[s.Call] = set()
        for function in self.model.functions.values():
            if not self.is_own(function):
                continue
            for template in self.templates(function):
                found.extend(self._followed(template, covered))
            for call in self.model.calls_in(function):
                site = self.site(call, function)
                if site is not None:
                    found.extend(self._followed(site, covered))
                elif self.makes_text(call, function):
                    made[call] = function
        for call, function in made.items():
            if call not in covered:
                found.extend(self._made(call, function))
        kept = [item for item in found if item.runs or item.node not in covered]
        return sorted(kept, key=lambda item: (item.path, item.node.span))

    # --- which calls ---

    def is_own(self, function: FunctionInfo) -> bool:
        """Is the function in a language that is looked at here?"""
        return function.module.language == "python"

    def home(self, function: FunctionInfo) -> FunctionInfo:
        """The function whose run shows what a call in ``function`` is given."""
        return function

    def templates(self, function: FunctionInfo) -> Iterable[Site]:
        """The tagged templates of a function that run SQL text."""
        del function
        return ()

    def site(self, call: s.Call, function: FunctionInfo) -> Site | None:
        func = call.func
        if not isinstance(func, s.Attribute) or func.name not in NAMES or not call.args:
            return None
        values = self.model.evaluate(func, self.model.function_scope(function))
        paths = sorted(value.path for value in values if isinstance(value, ExternalValue))
        matched = [
            (path, entry) for path in paths for entry in ENTRIES if entry.pattern.search(path)
        ]
        found = [(entry, driver_of(path, entry)) for path, entry in matched]
        if found:
            entry, driver = found[0]
            alike = all(other.styles == driver.styles for _, other in found)
            passing = {item.passing for item, _ in found}
            if len(passing) > 1:
                entry = replace(entry, passing="any")
            known = len({entry_path for entry_path, _ in matched}) == len(values)
            sure = alike and known and self.is_for(function.module.path, driver)
            sure = sure and not self.may_be_another(func.value, function)
            return Site(call, function, entry, driver if sure else None)
        if values or func.name not in BY_NAME:
            return None
        return self._guessed(call, function, func.name)

    def may_be_another(self, receiver: s.Expr, function: FunctionInfo) -> bool:
        """Is the receiver also bound to something that is not known?"""
        scope = self.model.function_scope(function)
        bindings: Sequence[Binding] = ()
        if isinstance(receiver, s.Name):
            bindings = self.model.bindings(receiver.id, scope)
        elif isinstance(receiver, s.Attribute):
            for value in self.model.evaluate(receiver.value, scope):
                if isinstance(value, InstanceValue):
                    bindings = self.model.fields(value.cls, receiver.name)
        return len(bindings) > 1 and any(
            binding.kind == "value"
            and not binding.path
            and not isinstance(binding.node, s.Literal | s.Assign)
            and not self.model.evaluate(binding.node, binding.scope)  # type: ignore[arg-type]
            for binding in bindings
        )

    def _guessed(self, call: s.Call, function: FunctionInfo, name: str) -> Site | None:
        """A call on something unknown whose name says that it takes SQL text. The driver is the
        only one that the program imports, if it imports just one."""
        driver = self.only_driver
        passing: Passing = BY_NAME[name]
        if driver is not None and driver.name == "asyncpg":
            passing = "many" if name == "executemany" else "rest"
        elif passing == "rest":
            driver = None
        entry = Entry(ENTRIES[0].pattern, "", passing, (0, "query"), (1, "parameters"))
        return Site(call, function, entry, driver)

    @cached_property
    def packages(self) -> Mapping[str, frozenset[str]]:
        """The libraries that each file of the service imports."""
        return packages(self.model)

    @cached_property
    def only_driver(self) -> Driver | None:
        return only_driver(self.packages.values())

    @cached_property
    def _speaks_several(self) -> bool:
        """Does the program import drivers of more than one kind of database?"""
        return len(self.dialects_of(frozenset[str]().union(*self.packages.values()))) > 1

    def dialects_of(self, names: frozenset[str]) -> set[str]:
        """The dialects of these libraries."""
        return {
            driver.dialect
            for name, driver in DRIVERS.items()
            if name in names and driver.dialect is not None
        }

    def is_for(self, path: str, driver: Driver) -> bool:
        """Is a connection in a file surely the driver's? In a program with several kinds of
        databases what comes from elsewhere may be any of them."""
        if driver.dialect is None or not self._speaks_several:
            return True
        return self.dialects_of(self.packages.get(path, frozenset())) == {driver.dialect}

    def makes_text(self, call: s.Call, function: FunctionInfo) -> bool:
        func = call.func
        name = func.name if isinstance(func, s.Attribute) else getattr(func, "id", "")
        if not call.args or not name:
            return False
        if name == "text" or (isinstance(func, s.Name) and name in self.model.given_names):
            scope = self.model.function_scope(function)
            return any(
                isinstance(value, ExternalValue) and value.path == _TEXT_FACTORY
                for value in self.model.evaluate(func, scope)
            )
        return False

    # --- what they are given ---

    def text_of(self, site: Site, given: Given) -> Abstract | None:
        """The text that a call is given."""
        assert isinstance(site.entry, Entry)
        return argument_of(given, site.entry.text)

    def values_of(self, site: Site, given: Given) -> Values:
        """What a call binds to its text."""
        assert isinstance(site.entry, Entry)
        return values_given(given, site.entry)

    def _followed(self, site: Site, covered: set[s.Call]) -> Iterator[SqlCall]:
        own = [Stage(site.function, site.call, site.receiver)]
        outcomes = self._paths.reaching(own)
        if outcomes is None:
            return
        passed_on = self.passed_on(site, outcomes)
        if passed_on:
            yield from self._through_wrapper(site, own, covered)
            return
        outcomes = self._by_caller(site, own, outcomes)
        found = self.call_of(site, site.function, site.call, outcomes, covered)
        if found is not None:
            yield found

    def passed_on(self, site: Site, outcomes: Sequence[Outcome]) -> bool:
        """Is the text just a parameter of the function around the call?"""
        node = site.function.node
        if not isinstance(node, s.Function) or not outcomes:
            return False
        names = set(parameter_names(node))
        for outcome in outcomes:
            text = self.text_of(site, outcome.given)
            if isinstance(text, Statement) or not rests_on(text, names):
                return False
        return True

    def _is_open(self, site: Site, function: FunctionInfo, outcomes: Sequence[Outcome]) -> bool:
        """Is a part of the text a parameter of the function?"""
        node = function.node
        if not isinstance(node, s.Function):
            return False
        names = set(parameter_names(node))
        for outcome in outcomes:
            text = self.text_of(site, outcome.given)
            text = text.text if isinstance(text, Statement) else text
            if isinstance(text, Text) and any(
                isinstance(hole.expr, s.Name) and hole.expr.id in names for hole in text.holes()
            ):
                return True
        return False

    def _by_caller(
        self, site: Site, stages: list[Stage], outcomes: Sequence[Outcome]
    ) -> Sequence[Outcome]:
        """The same where parts of the text come in as parameters: for each caller what it hands
        in. Which caller it is counts as a decision of the path."""
        first = stages[0].function
        if len(stages) >= _MAX_STAGES or not self._is_open(site, first, outcomes):
            return outcomes
        edges = [
            edge
            for edge in self.model.callers(first)
            if edge.reason == "call"
            and isinstance(edge.node, s.Call)
            and not is_outside(edge.caller.module.path)
        ]
        if not 0 < len(edges) <= _MAX_HANDING:
            return outcomes
        found: list[Outcome] = []
        for edge in edges:
            assert isinstance(edge.node, s.Call)
            caller = self.home(edge.caller)
            outer = [Stage(caller, edge.node), *stages]
            if any(stage.function is caller for stage in stages):
                return outcomes
            reached = self._paths.reaching(outer)
            handed = outcomes if not reached else self._by_caller(site, outer, reached)
            name = (f"{CALLED_FROM}{edge.caller.name}:{edge.node.line}", True)
            found += [Outcome(item.given, (name, *item.decisions)) for item in handed]
        return found if len(found) <= _MAX_VARIANTS else outcomes

    def _through_wrapper(
        self, site: Site, stages: list[Stage], covered: set[s.Call]
    ) -> Iterator[SqlCall]:
        for edge in list(self.model.callers(stages[0].function))[:_MAX_CALLERS]:
            if edge.reason != "call" or not isinstance(edge.node, s.Call):
                continue
            caller = self.home(edge.caller)
            outer = [Stage(caller, edge.node), *stages]
            if any(stage.function is caller for stage in stages):
                continue
            outcomes = self._paths.reaching(outer)
            if outcomes is None:
                continue
            if len(outer) < 3 and self.passed_on(replace(site, function=caller), outcomes):
                yield from self._through_wrapper(site, outer, covered)
                continue
            found = self.call_of(site, caller, edge.node, outcomes, covered)
            if found is not None:
                yield found

    def call_of(
        self,
        site: Site,
        function: FunctionInfo,
        node: s.Call | s.Template,
        outcomes: Sequence[Outcome],
        covered: set[s.Call],
    ) -> SqlCall | None:
        variants: list[Variant] = []
        driver = site.driver
        if any(CHOOSES.search(test) for outcome in outcomes for test, _ in outcome.decisions):
            driver = None
        for outcome in outcomes:
            value = self.text_of(site, outcome.given)
            values = self.values_of(site, outcome.given)
            made: s.Call | None = None
            if isinstance(value, Statement):
                made = value.made
                covered.add(made)
                driver = DRIVERS["sqlalchemy"] if driver is None else driver
                names = values.names | value.bound
                kind = "named" if values.kind == "none" and value.bound else values.kind
                values = replace(values, names=names, kind=kind, open=values.open or value.open)
                value = value.text
            elif driver is not None and driver.name == "sqlalchemy":
                driver = None  # text as such goes to the driver below
            if not isinstance(value, Text) or not is_sql(value):
                return None
            variants.append(Variant(value, values, outcome.decisions, made))
        if not variants:
            return None
        method = site.method
        return SqlCall(
            node, function, driver, self.dialect_of(driver), tuple(variants),
            method, method != "prepare",
        )  # fmt: skip

    def _made(self, call: s.Call, function: FunctionInfo) -> Iterator[SqlCall]:
        """A ``text()`` that no known call runs."""
        outcomes = self._paths.reaching([Stage(function, call)])
        variants: list[Variant] = []
        for outcome in outcomes or ():
            value = argument_of(outcome.given, (0, "text"))
            if not isinstance(value, Text) or not is_sql(value):
                return
            variants.append(Variant(value, Values("unknown"), outcome.decisions))
        if variants:
            driver = DRIVERS["sqlalchemy"]
            dialect = self.dialect_of(driver)
            yield SqlCall(call, function, driver, dialect, tuple(variants), runs=False)

    def dialect_of(self, driver: Driver | None) -> Dialect | None:
        if driver is not None and driver.dialect is not None:
            return driver.dialect
        return self._default
