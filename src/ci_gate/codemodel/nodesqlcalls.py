"""The calls of a JavaScript program that run SQL text, and what is bound to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.nodedrivers import (
    BY_NAME,
    DRIVERS,
    ENTRIES,
    NAMES,
    TAGS,
    NodeEntry,
    driver_of_tag,
    only_driver,
)
from ci_gate.codemodel.paths import (
    Abstract,
    Closure,
    Constant,
    Entries,
    Fragment,
    Given,
    Items,
    Outcome,
    Statement,
    Unknown,
)
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.scalars import is_scalar
from ci_gate.codemodel.sqlcalls import CHOOSES, Site, SqlCall, SqlCalls, Variant
from ci_gate.codemodel.sqldrivers import Driver
from ci_gate.codemodel.sqllex import Style, verb
from ci_gate.codemodel.sqltext import Text
from ci_gate.codemodel.sqlvalues import Values, is_sql, positional, values_of
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

_PRISMA: Final = "@prisma/client.PrismaClient()"
_TEMPLATE: Final = NodeEntry(TAGS, "", "template")
_REPLACEMENTS: Final[frozenset[Style]] = frozenset({"qmark", "colon"})
#: What is surely meant for a value where none is given; `?` and `$1` may be of the database.
_UNBOUND: Final[frozenset[Style]] = frozenset({"colon"})
_BIND: Final[frozenset[Style]] = frozenset({"numeric", "colon"})
_PREFIXES: Final = ":@$"
_MAX_NESTING: Final = 6
_SQL_NAME: Final = regex(r"sql|query|text|stmt|statement", re.IGNORECASE)


def _run_by_prisma(node: s.Node) -> s.Template | None:
    """``prisma.$queryRaw(Prisma.sql`…`)``: the template that the call runs."""
    if isinstance(node, s.Call) and getattr(node.func, "name", "") in ("$queryRaw", "$executeRaw"):
        written = node.argument(0)
        if isinstance(written, s.Template):
            return written
    return None


class NodeSqlCalls(SqlCalls):
    """All SQL text that the JavaScript and TypeScript files of a program run."""

    def is_own(self, function: FunctionInfo) -> bool:
        return function.module.language != "python"

    def home(self, function: FunctionInfo) -> FunctionInfo:
        """Out of functions without a name (callbacks) into the one that they stand in."""
        for _ in range(_MAX_NESTING):
            parent = function.parent
            named = not function.name.startswith("<")
            if named or parent is None or not isinstance(parent.node, s.Function):
                break
            function = parent
        return function

    # --- which calls ---

    def makes_text(self, call: s.Call, function: FunctionInfo) -> bool:
        del call, function
        return False

    def templates(self, function: FunctionInfo) -> Iterable[Site]:
        if function.module.path not in self._with_tags:
            return
        scope = self.model.function_scope(function)
        nodes = list(s.walk(function.node, into_functions=False))
        run = {item for node in nodes if (item := _run_by_prisma(node)) is not None}
        for node in nodes:
            if not isinstance(node, s.Template) or node.tag is None:
                continue
            for value in self.model.evaluate(node.tag, scope):
                if isinstance(value, ExternalValue) and TAGS.search(value.path):
                    driver = driver_of_tag(_PRISMA if node in run else value.path)
                    if driver is not None:
                        yield Site(node, self.home(function), _TEMPLATE, driver)
                    break

    @cached_property
    def _with_tags(self) -> frozenset[str]:
        """The files that hold tagged templates, in programs with a library that has such."""
        names = frozenset[str]().union(*self.packages.values())
        if not any(TAGS.search(f"{name}()") or name in TAGS.pattern for name in names):
            return frozenset()
        return frozenset(
            path
            for path, module in self.model.modules.items()
            if module.language != "python"
            and any(node.tag is not None for node in self.model.nodes_of(module, s.Template))
        )

    def site(self, call: s.Call, function: FunctionInfo) -> Site | None:
        func = call.func
        if isinstance(func, s.Attribute):
            if func.name not in NAMES:
                return None
        elif not (isinstance(func, s.Name) and call.args and _is_text(call.args[0].value)):
            return None
        values = self.model.evaluate(func, self.model.function_scope(function))
        paths = sorted(value.path for value in values if isinstance(value, ExternalValue))
        found = [(path, entry) for path in paths for entry in ENTRIES if entry.pattern.search(path)]
        home = self.home(function)
        if found:
            entry = found[0][1]
            if not call.args and not entry.prepared:
                return None
            alike = len({item.driver for _, item in found}) == 1
            sure = alike and len({path for path, _ in found}) == len(values)
            driver = DRIVERS[entry.driver]
            if sure and isinstance(func, s.Attribute):
                sure = not self.may_be_another(func.value, function)
            sure = sure and self.is_for(function.module.path, driver)
            return Site(call, home, entry, driver if sure else None)
        if values or not isinstance(func, s.Attribute) or func.name not in BY_NAME or not call.args:
            return None
        if not self._may_be_sql(call.args[0].value, function):
            return None
        entry = NodeEntry(TAGS, "", BY_NAME[func.name])
        return Site(call, home, entry, self.only_driver)

    def _may_be_sql(self, expr: s.Expr, function: FunctionInfo) -> bool:
        """May an expression that an unknown method is given be SQL text, by its look?"""
        match expr:
            case s.Name(id=name):
                scope = self.model.function_scope(function)
                return _SQL_NAME.search(name) is not None or any(
                    binding.kind == "value" and _begins(binding.node)
                    for binding in self.model.bindings(name, scope)
                )
            case s.Attribute(name=name) | s.Call(func=s.Attribute(name=name) | s.Name(id=name)):
                return _SQL_NAME.search(name) is not None
            case s.Mapping():
                return any(expr.get(key) is not None for key in ("text", "sql", "query"))
        return _begins(expr)

    @cached_property
    def packages(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for edge in self.model.import_edges:
            if edge.package is not None and not is_outside(edge.source):
                name = edge.package
                if name == "sqlite" and edge.node.specifier.startswith("node:"):
                    name = "node:sqlite"
                found.setdefault(edge.source, set()).add(name)
        return {path: frozenset(names) for path, names in found.items()}

    @cached_property
    def only_driver(self) -> Driver | None:
        return only_driver(self.packages.values())

    def dialects_of(self, names: frozenset[str]) -> set[str]:
        return {
            driver.dialect
            for name, driver in DRIVERS.items()
            if name in names and driver.dialect is not None
        }

    # --- what they are given ---

    def text_of(self, site: Site, given: Given) -> Abstract | None:
        entry = site.entry
        assert isinstance(entry, NodeEntry)
        if entry.prepared:
            return given.receiver if isinstance(given.receiver, Statement) else None
        items = given.positional.items
        if not items or items[0].repeated:
            return None
        first = items[0].value
        if isinstance(first, Fragment):
            return first.text
        if isinstance(first, Entries):
            for key in (entry.keys[0], "text", "sql", "query"):
                if key in first.entries:
                    found = first.entries[key]
                    return found.text if isinstance(found, Fragment) else found
            return None
        return first

    def values_of(self, site: Site, given: Given) -> Values:
        entry = site.entry
        assert isinstance(entry, NodeEntry)
        if entry.passing == "template":
            return Values("unknown")
        if entry.passing == "none":
            return Values("none")
        items = [item for item in given.positional.items if not isinstance(item.value, Closure)]
        rest = Items(items if entry.prepared else items[1:], "tuple", given.positional.open)
        if entry.passing == "spread":
            found = _spread(rest)
            if found.kind == "unknown" and self._binds_one(site, rest):
                return positional(rest)
            return found
        first = items[0].value if items else None
        if isinstance(first, Entries):
            held = first.entries.get(entry.keys[1] or "values")
            if held is not None:
                return values_of(held)
            if first.open:
                return Values("unknown")
        if rest.open or any(item.repeated for item in rest.items):
            return Values("unknown")
        if not rest.items:
            return Values("none")
        if entry.passing == "options":
            option = _option(rest.items[0].value)
            return Values("none") if option is None else values_of(option[1])
        found = values_of(rest.items[0].value)
        if found.kind == "named" and entry.driver in ("mysql", "mysql2", ""):
            return Values("unknown")  # names are an option of the connection
        return found

    def _binds_one(self, site: Site, rest: Items) -> bool:
        """``statement.get(id)``: is the only value surely no list or object of values?"""
        call = site.call
        if len(rest.items) != 1 or not isinstance(call, s.Call) or not call.args:
            return False
        last = call.args[-1]
        return not last.star and is_scalar(self.model, last.value, self.model.scope_of(call))

    def call_of(
        self,
        site: Site,
        function: FunctionInfo,
        node: s.Call | s.Template,
        outcomes: Sequence[Outcome],
        covered: set[s.Call],
    ) -> SqlCall | None:
        entry = site.entry
        assert isinstance(entry, NodeEntry)
        variants: list[Variant] = []
        drivers: set[Driver | None] = set()
        for outcome in outcomes:
            value = self.text_of(site, outcome.given)
            made: s.Call | None = None
            if isinstance(value, Statement):
                made = value.made
                covered.add(made)
                value = value.text
            if not isinstance(value, Text) or not is_sql(value):
                return None
            drivers.add(_driver(site, entry, outcome.given))
            values = self.values_of(site, outcome.given)
            variants.append(Variant(value, values, outcome.decisions, made))
        if not variants:
            return None
        driver = drivers.pop() if len(drivers) == 1 else None
        if any(CHOOSES.search(test) for outcome in outcomes for test, _ in outcome.decisions):
            driver = None
        dialect = self.dialect_of(driver)
        runs = site.method != "prepare"
        return SqlCall(node, function, driver, dialect, tuple(variants), site.method, runs)


def _begins(expr: s.Node) -> bool:
    """Does a text begin like a statement?"""
    while isinstance(expr, s.Binary):
        expr = expr.left
    if isinstance(expr, s.Template):
        expr = expr.parts[0] if expr.parts and expr.tag is None else expr
    return (
        isinstance(expr, s.Literal) and isinstance(expr.value, str) and verb(expr.value) is not None
    )


def _is_text(expr: s.Expr) -> bool:
    return isinstance(expr, s.Template) or (
        isinstance(expr, s.Literal) and isinstance(expr.value, str) and " " in expr.value
    )


def _driver(site: Site, entry: NodeEntry, given: Given) -> Driver | None:
    """The driver, with the placeholders that the values call for."""
    driver = site.driver
    items = given.positional.items
    if items and isinstance(items[0].value, Fragment) and driver is not None:
        return replace(driver, styles=frozenset[Style]({"qmark"}), server=True)
    if driver is None or entry.passing != "options":
        return driver
    option = _option(items[1].value) if len(items) > 1 else None
    if option is None:
        return replace(driver, styles=_UNBOUND) if len(items) > 1 else driver
    if option[0] == "bind":
        return replace(driver, styles=_BIND, server=True)
    return replace(driver, styles=_REPLACEMENTS)


def _option(options: Abstract) -> tuple[str, Abstract] | None:
    """The values among Sequelize's options, and under which name."""
    if not isinstance(options, Entries):
        return None if isinstance(options, Constant) else ("", options)
    for name in ("replacements", "bind"):
        if name in options.entries:
            return name, options.entries[name]
    return ("", Unknown("options")) if options.open else None


def _spread(rest: Items) -> Values:
    """Values given one by one, in a list, or in an object."""
    if len(rest.items) == 1 and not rest.open:
        only = rest.items[0]
        if isinstance(only.value, Items):
            return values_of(only.value)
        if isinstance(only.value, Entries):
            names = frozenset(name.lstrip(_PREFIXES) for name in only.value.entries)
            return Values("named", names=names, open=only.value.open)
        if isinstance(only.value, Unknown) and only.repeated is None:
            return Values("unknown")
    if not rest.items and not rest.open:
        return Values("none")
    if any(isinstance(item.value, Items | Entries) for item in rest.items):
        return Values("unknown")
    return positional(rest)
