from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo, Scope
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue, ObjectValue
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

#: What is there to make the database empty, and says so.
_ON_PURPOSE: Final = regex(r"reset|drop|clear|clean|wipe|seed|test|recreate|fixture|demo|e2e",
                           re.IGNORECASE)  # fmt: skip
_SEQUELIZE: Final = regex(r"^sequelize\.(?:Sequelize\(\)|Model)")
_MAX_CALLERS: Final = 40

_COMPARISONS: Final = frozenset({"==", "!=", "===", "!=="})


class DroppedAtStart(Rule):
    """The service drops its tables when it starts.

    `sequelize.sync({ force: true })`, `Base.metadata.drop_all(engine)`.

    ## Why is this bad?
    Every restart, deployment and crash empties the database. Tests begin with an empty one anyway
    and pass.

    ## Fix
    `sequelize.sync()` and `create_all()` make what is missing; leave changes to migrations.

    ## Silent on
    Calls under a condition (`if (process.env.NODE_ENV === 'test')`), and functions or files whose
    name says that they empty the database (`resetDatabase`, `seed.js`), or that only such call;
    programs with a database in memory.

    ## Source
    Sequelize, "Model Synchronization"; SQLAlchemy, `MetaData.drop_all`.
    """

    id = "database/dropped-at-start"
    group = "database"

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for call, scope in (*_synced(model), *_dropped(model)):
            path = scope.module.path
            if is_outside(path) or _ON_PURPOSE.search(posixpath.basename(path)):
                continue
            if _is_conditional(model, path, call) or not _runs_at_start(model, scope.function):
                continue
            if _is_in_memory(model):
                return
            written = f"{s.dotted(call.func)}()"
            yield self.finding(
                path,
                spot(call),
                message=f"{written} drops the tables, and it runs when the service starts.",
                why="Every start of the service empties the database, a restart after a crash too.",
                fix="Make what is missing only, and leave changes to migrations.",
                subject=f"{written} in {scope.function.name}",
            )


def _is_in_memory(model: CodeModel) -> bool:
    """Is there a database that is empty at each start anyway? What is compared with the name is
    none."""
    for path, module in model.modules.items():
        if is_outside(path):
            continue
        compared = {
            side
            for node in model.nodes_of(module, s.Binary)
            if node.op in _COMPARISONS
            for side in (node.left, node.right)
        }
        for literal in model.nodes_of(module, s.Literal):
            text = literal.value if isinstance(literal.value, str) else ""
            if ":memory:" in text and literal not in compared:
                return True
    return False


def _synced(model: CodeModel) -> Iterator[tuple[s.Call, Scope]]:
    """``sequelize.sync({ force: true })``"""
    for call, scope in model.calls_named("sync"):
        force = _written(model, call.argument(0), scope)
        if (
            scope.module.language != "python"
            and isinstance(force, s.Literal)
            and force.value is True
            and isinstance(call.func, s.Attribute)
            and _is_external(model, call.func.value, scope, _SEQUELIZE)
        ):
            yield call, scope


def _written(model: CodeModel, options: s.Expr | None, scope: Scope) -> s.Expr | None:
    """The value of `force` in the options, also where they are a constant."""
    if isinstance(options, s.Mapping):
        return options.get("force")
    values = model.evaluate(options, scope) if isinstance(options, s.Name | s.Attribute) else ()
    found = [value.mapping.get("force") for value in values if isinstance(value, ObjectValue)]
    return found[0] if len(found) == len(values) == 1 else None


def _dropped(model: CodeModel) -> Iterator[tuple[s.Call, Scope]]:
    """``Base.metadata.drop_all(engine)``, also as ``connection.run_sync(…drop_all)``."""
    for call, scope in model.calls_named("drop_all"):
        if scope.module.language == "python":
            yield call, scope
    for call, scope in model.calls_named("run_sync"):
        first = call.argument(0)
        if isinstance(first, s.Attribute) and first.name == "drop_all":
            yield call, scope


def _is_external(model: CodeModel, expr: s.Expr, scope: Scope, path: re.Pattern[str]) -> bool:
    values = model.evaluate(expr, scope)
    return bool(values) and all(
        isinstance(value, ExternalValue) and path.match(value.path) for value in values
    )


def _is_conditional(model: CodeModel, path: str, call: s.Node) -> bool:
    """Is the call made in one case only, within its function?"""
    for enclosing in model.surroundings.of(path, call):
        match enclosing.node:
            case s.If(test=test) if not _is_main(test):
                return True
            case s.Conditional() | s.Handler() | s.Case():
                return True
            case s.Binary(op="and" | "or" | "??") if enclosing.branch == "right":
                return True
    return False


def _is_main(test: s.Expr) -> bool:
    """``if __name__ == "__main__"``, ``if (require.main === module)``."""
    return any(
        (isinstance(part, s.Name) and part.id == "__name__")
        or (isinstance(part, s.Attribute) and part.name == "main")
        for part in s.walk(test)
    )


def _runs_at_start(model: CodeModel, function: FunctionInfo) -> bool:
    """Does loading a module of the service lead to the function, by nothing that is named for it
    and under no condition?"""
    seen = {function}
    queue = [function]
    while queue and len(seen) < _MAX_CALLERS:
        current = queue.pop()
        if isinstance(current.node, s.Module):
            return True
        if _ON_PURPOSE.search(current.name):
            continue
        if _is_lifespan(current):
            return True
        for edge in model.callers(current):
            path = edge.caller.module.path
            if edge.caller in seen or is_outside(path) or _is_conditional(model, path, edge.node):
                continue
            if not _ON_PURPOSE.search(posixpath.basename(path)):
                seen.add(edge.caller)
                queue.append(edge.caller)
    return False


def _is_lifespan(function: FunctionInfo) -> bool:
    """What the framework runs when it starts."""
    return function.name in ("lifespan", "on_startup", "startup", "on_start")
