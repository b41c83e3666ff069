from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule

_ASYNC: Final = r"^sqlalchemy\.ext\.asyncio\.(?:AsyncSession|AsyncConnection)\(\)"
_PLAIN: Final = regex(
    rf"{_ASYNC}\.(?:add|add_all|expunge|expunge_all|expire|expire_all)$"
    # what `execute()` gives once it was awaited
    rf"|{_ASYNC}\.(?:execute|scalars)\(\)(?:\.(?:scalars|mappings|unique|columns|tuples)\(\))*\."
    r"(?:all|first|one|one_or_none|scalar|scalars|scalar_one|scalar_one_or_none|fetchone|fetchall|"
    r"fetchmany|mappings|unique|partitions|columns|tuples)$"
    r"|^sqlalchemy\.orm\.Session\(\)\.(?:execute|scalars?|get|get_one|commit|flush|rollback|refresh|"
    r"delete|merge|close|add|add_all)$"
    r"|^(?:sqlite3|psycopg2|pymysql)\.(?:Connection|Cursor)\(\)\.(?:execute\w*|fetch\w+|commit|"
    r"rollback|close)$"
)
_DRIVER: Final = regex(r"^(?:sqlite3|psycopg2|pymysql)\.")


class NotAwaitable(Rule):
    """What is awaited is no coroutine: a plain method of an AsyncSession, of a result, or of a
    synchronous session or driver.

    `await session.add(item)`, `await result.scalars()` of a result that was awaited already,
    `await session.execute(…)` of a plain `Session`.

    ## Why is this bad?
    The method does its work and returns a plain value; the `await` then raises TypeError: object
    NoneType can't be used in 'await' expression. The request ends with status 500 each time.

    ## Fix
    Drop the `await`; of an AsyncSession `flush()`, `commit()` and `execute()` are what has to be
    awaited.

    ## Silent on
    Objects that are not surely of that kind; `stream()` and its results; the session inside
    `run_sync`, which is a plain one and awaited by nobody.

    ## Source
    SQLAlchemy, "Asynchronous I/O": AsyncSession.add, AsyncSession.execute.
    """

    id = "orm/not-awaitable"
    group = "orm"
    languages: ClassVar = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        for path, module in model.modules.items():
            if module.language != "python" or is_outside(path):
                continue
            for node in model.nodes_of(module, s.Await):
                call = node.value
                called = _called(model, call) if isinstance(call, s.Call) else None
                if called is None:
                    continue
                name = called.rpartition(".")[2]
                owner = _owner(called)
                yield self.finding(
                    path,
                    node,
                    message=f"`{name}()` is a plain method of {owner}; there is nothing to await.",
                    why="The method does its work and gives a plain value; the `await` then raises "
                    "TypeError: object can't be used in 'await' expression.",
                    fix=_fix(called),
                    subject=f"await {name}",
                )


def _called(model: CodeModel, call: s.Call) -> str | None:
    """The plain method that surely is called."""
    if not isinstance(call.func, s.Attribute):
        return None
    values = model.evaluate(call.func)
    paths = {value.path if isinstance(value, ExternalValue) else "" for value in values}
    found = next(iter(sorted(paths)), "")
    return found if paths and all(_PLAIN.search(path) for path in paths) else None


def _owner(called: str) -> str:
    parts = called.replace("()", "").split(".")
    if "execute" in parts[:-1] or "scalars" in parts[:-1]:
        return "a result"
    name = parts[-2]
    return f"a {parts[0]} {name.lower()}" if _DRIVER.match(called) else (
        f"an {name}" if name[0] in "AEIOU" else f"a {name}"
    )  # fmt: skip


def _fix(called: str) -> str:
    if called.startswith("sqlalchemy.orm.Session()"):
        return "Drop the `await`, or use an AsyncSession."
    if _DRIVER.match(called):
        return "Drop the `await` and leave the event loop, or use an asynchronous driver."
    return "Drop the `await`; `flush()`, `commit()` and `execute()` are what has to be awaited."
