"""Node: tables that Sequelize never creates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import Scope
from ci_gate.codemodel.sequelize.facts import SequelizeModel
from ci_gate.codemodel.sequelize.models import Models
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Related, Severity
from ci_gate.regex import regex
from ci_gate.rules._defects import Defect
from ci_gate.rules.base import Facts
from ci_gate.rules.database._late_associations import associated_too_late
from ci_gate.rules.database._node_reached import End, is_tests, reached_of

_FILES: Final = regex(r"(?:^|/)(?:migrations?|umzug)(?:/|\.)|\.sql$|(?:^|/)\.sequelizerc$")
_STARTS: Final = regex(r"(?:^|/)(?:(?:run|start|entrypoint|docker-entrypoint|server)[^/]*\.sh|"
                            r"Dockerfile[^/]*|package\.json|Procfile)$")  # fmt: skip
#: Generated from a database, or synchronised once and commented out.
_BY_HAND: Final = regex(r"sequelize-auto|initModels|\bschema\s*:|//.*\bsync\s*\(")
_MAX_DEPTH: Final = 8


def never_created(facts: Facts) -> Iterator[Defect]:
    models = facts.entities.sequelize
    mapped = [item for item in models.all if not item.abstract]
    if not mapped or not models.instances.all or made_otherwise(facts):
        return
    syncs = list(_syncs(models))
    reached = reached_of(facts.model)
    ends = [(call, scope, reached.end(scope.module.path, call)) for call, scope in syncs]
    running = [(call, scope) for call, scope, end in ends if end is None]
    if not running:
        yield from _not_called(facts, models, mapped, [(call, end) for call, _, end in ends if end])
        return
    yield from associated_too_late(models, syncs)
    never = [_never(facts, models, call, scope) for call, scope in running]
    if any(end is None for end in never):
        return
    call, scope = running[0]
    end = never[0]
    assert end is not None
    test, name, value, path, line = end
    yield _defect(
        mapped, scope.module.path, test,
        f"are not created where the service is started: `sync()` runs under a condition on {name}, "
        f"which is `{value}` there, and there are no migrations.",
        "Call `await sequelize.sync()` whatever the environment, or add migrations that run before "
        "the start.",
        (Related(path, line, f"{name} is set here"),
         Related(scope.module.path, call.line, "the tables would be made here")), None,
    )  # fmt: skip


def _not_called(
    facts: Facts, models: Models, mapped: list[SequelizeModel], ends: list[tuple[s.Call, End]]
) -> Iterator[Defect]:
    """Nothing that the service runs calls ``sync()``."""
    first = models.instances.all[0]
    severity = None if _starts_empty(facts, models) else Severity.WARNING
    opened = Related(first.scope.module.path, first.call.line, "Sequelize is opened here")
    left = [(call, end) for call, end in ends if end.kind != "test"]
    if not left:
        tests = " but the tests" if ends else ""
        yield _defect(
            mapped, first.scope.module.path, first.call,
            f"are never created: nothing{tests} calls `sequelize.sync()`, and there are no "
            "migrations.",
            "Call `await sequelize.sync()` before the server listens, or add migrations.",
            tuple(_checked(facts)),
            severity,
        )  # fmt: skip
        return
    call, end = left[0]
    program = end.kind == "module"
    yield _defect(
        mapped, end.path, end.node,
        f"are never created: only {end.path} calls `sync()`, which nothing imports and no command "
        "or document names." if program else
        f"are never created: nothing calls {end.name}(), which would, and there are no migrations.",
        "Call `await sequelize.sync()` before the server listens, or add migrations." if program
        else f"Call {end.name}() before the server listens.",
        (opened, Related(end.path, call.line, "`sync()` is called here")),
        severity if program else None,
    )  # fmt: skip


def _checked(facts: Facts) -> Iterator[Related]:
    """Where the connection is tried, which is where the tables are made as a rule."""
    for call, scope in facts.model.calls_named("authenticate"):
        path = scope.module.path
        values = facts.model.evaluate(call.func, scope)
        if not is_tests(path) and any(
            isinstance(value, ExternalValue) and value.path.startswith("sequelize.Sequelize()")
            for value in values
        ):
            yield Related(path, call.line, "the connection is tried here, and no table is made")


def _starts_empty(facts: Facts, models: Models) -> bool:
    """Is the database surely one that only the service fills: a SQLite file, or one whose tables
    the base of the change or the tests make? Else a start command says that it is to run, and no
    sign that the tables come from a database that was there before the models."""
    if models.instances.dialect == "sqlite":
        return True
    if facts.base is not None:
        before = facts.base.entities.sequelize
        reached = reached_of(facts.base.model)
        if any(reached.end(scope.module.path, call) is None for call, scope in _syncs(before)):
            return True
    if any(is_tests(scope.module.path) for _, scope in _syncs(models)):
        return True
    return reached_of(facts.model).told.starts and not _modelled_on_tables(facts, models)


def _modelled_on_tables(facts: Facts, models: Models) -> bool:
    """May the models describe tables that were there first, or that were made once by hand?"""
    mapped = [item for item in models.all if not item.abstract]
    if not any("createdAt" in item.attributes for item in mapped):
        return True
    for path in {item.path for item in mapped} | {
        i.scope.module.path for i in models.instances.all
    }:
        try:
            text = facts.model.tree.text(path)
        except (OSError, UnicodeError):
            return True
        if _BY_HAND.search(text):
            return True
    return any(item.options.has("schema") for item in models.instances.all)


def _defect(
    mapped: list[SequelizeModel], path: str, node: s.Node, what: str, fix: str,
    related: tuple[Related, ...], severity: Severity | None,
) -> Defect:  # fmt: skip
    names = ", ".join(f"`{item.table or item.name}`" for item in mapped[:4])
    more = f" and {len(mapped) - 4} more" if len(mapped) > 4 else ""
    return Defect(
        path, node, f"The tables {names}{more} {what}",
        f"The first query on {mapped[0].name} fails on a fresh database: no such table.", fix,
        "tables not created", related, severity,
    )  # fmt: skip


def _syncs(models: Models) -> Iterator[tuple[s.Call, Scope]]:
    """The calls that create tables."""
    for call, scope in models.model.calls_named("sync"):
        if scope.module.language == "python" or not isinstance(call.func, s.Attribute):
            continue
        values = models.model.evaluate(call.func.value)
        external = [item for item in values if isinstance(item, ExternalValue)]
        if all(item.path.startswith("sequelize") for item in external):
            yield call, scope


def made_otherwise(facts: Facts, besides: Set[str] = frozenset()) -> bool:
    """Do migrations, SQL text or documents tell of another way to make the tables? ``besides``:
    packages that could migrate and surely do not."""
    told = reached_of(facts.model).told
    if told.makes_tables or told.tools - besides:
        return True
    if any(_FILES.search(path) for path in facts.model.tree.files):
        return True
    for path, module in facts.model.modules.items():
        if module.language == "python" or is_tests(path):
            continue
        if any(edge.package in ("umzug", "sequelize-cli") for edge in facts.model.imports_of(path)):
            return True
        for node in s.walk(module):
            if isinstance(node, s.Literal) and isinstance(node.value, str):
                if re.search(r"create\s+table", node.value, re.IGNORECASE):
                    return True
            elif isinstance(node, s.Attribute) and node.name in (
                "getQueryInterface", "queryInterface", "createTable",
            ):  # fmt: skip
                return True
    return False


_End = tuple[s.Node, str, str, str, int]


def _never(facts: Facts, models: Models, call: s.Call, scope: Scope) -> _End | None:
    """The condition that keeps a call from running the way the service is started: with the
    variable, its value, and where that is set."""
    for enclosing in models.origins.surroundings.of(scope.module.path, call):
        node = enclosing.node
        if isinstance(node, s.If | s.Conditional) and enclosing.branch in ("body", "orelse"):
            test = _Test(facts, models)
            found = test.value(node.test, scope, 0)
            if found is (enclosing.branch != "body") and isinstance(found, bool) and test.read:
                name = next(iter(test.read))
                return node, name, *test.read[name]
    return None


class _Test:
    """A condition's value where the service is started; ``read`` are the variables it asks."""

    def __init__(self, facts: Facts, models: Models) -> None:
        self._facts = facts
        self._models = models
        self.read: dict[str, tuple[str, str, int]] = {}

    def value(self, expr: s.Expr, scope: Scope, depth: int) -> str | bool | None:
        """The value; None where it cannot be told."""
        if depth > _MAX_DEPTH:
            return None
        match expr:
            case s.Unary(op="not", value=inner):
                found = self.value(inner, scope, depth + 1)
                return None if found is None else not found
            case s.Binary(op="==" | "!=" as op, left=left, right=right):
                one = self.value(left, scope, depth + 1)
                two = self.value(right, scope, depth + 1)
                if one is None or two is None:
                    return None
                return (one == two) is (op == "==")
            case s.Binary(op="and", left=left, right=right):
                both = [self.value(item, scope, depth + 1) for item in (left, right)]
                return False if False in both else None if None in both else True
        origins = self._models.origins.of(expr, scope).origins
        for origin in origins:
            name = _variable(origin.expr)
            if name is not None:
                return self._set(name)
        if len(origins) != 1 or origins[0].element:
            return None
        only = origins[0].expr
        if isinstance(only, s.Literal) and isinstance(only.value, str | bool):
            return only.value
        if isinstance(only, s.Binary | s.Unary) and only is not expr:
            return self.value(only, origins[0].scope, depth + 1)
        return None

    def _set(self, name: str) -> str | None:
        """What the way to start the service sets a variable to."""
        setting = re.compile(
            rf"\b{re.escape(name)}[\"']?\s*[=:\s]\s*[\"']?(?:\$\{{{re.escape(name)}:?-)?([\w.-]+)"
        )
        tree = self._facts.model.tree
        found: dict[str, tuple[str, int]] = {}
        for path in tree.files:
            if not _STARTS.search(path):
                continue
            try:
                text = tree.text(path)
            except (OSError, UnicodeError):
                continue
            for number, line in enumerate(text.splitlines(), 1):
                if path.endswith("package.json") and '"start"' not in line:
                    continue
                if line.lstrip().startswith("#"):
                    continue
                match = setting.search(line)
                if match:
                    found.setdefault(match[1], (path, number))
        if len(found) != 1:
            return None
        value, (path, number) = next(iter(found.items()))
        self.read[name] = value, path, number
        return value


def _variable(expr: s.Expr) -> str | None:
    """``NODE_ENV`` of ``process.env.NODE_ENV``."""
    match expr:
        case s.Attribute(value=s.Attribute(value=s.Name(id="process"), name="env"), name=name):
            return name
    return None
