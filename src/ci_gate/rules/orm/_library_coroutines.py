"""Calls of database libraries that give a coroutine."""

from __future__ import annotations

from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.values import ExternalValue
from ci_gate.regex import regex

_ASYNC_SESSION: Final = (
    r"(?:sqlalchemy\.ext\.asyncio\.(?:\w+\.)*|sqlmodel\.ext\.asyncio\.session\.)AsyncSession\(\)"
)
_ASYNC_CONNECTION: Final = r"sqlalchemy\.ext\.asyncio\.(?:\w+\.)*AsyncConnection\(\)"
_MANAGER: Final = r"\.(?:objects|_default_manager|_base_manager)(?:\.\w+(?:\(\))?)*"
_TERMINAL: Final = (
    "aget|acreate|aget_or_create|aupdate_or_create|abulk_create|abulk_update|acount|aexists|afirst|"
    "alast|aearliest|alatest|aaggregate|ain_bulk|aupdate|adelete|acontains|aexplain"
)
#: What gives them: receivers, and names of theirs.
_CALLS: Final = (
    (_ASYNC_SESSION, "commit|flush|execute|scalar|scalars|stream|stream_scalars|exec|refresh|"
     "delete|rollback|close|merge|get|get_one|run_sync|connection|reset|invalidate"),
    (_ASYNC_CONNECTION, "execute|exec_driver_sql|scalar|scalars|commit|rollback|close|run_sync"),
    (r"sqlalchemy\.ext\.asyncio\.(?:\w+\.)*AsyncEngine\(\)", "dispose"),
    (r"asyncpg\.(?:\w+\.)*(?:Pool|Connection)\(\)",
     "execute|executemany|fetch|fetchrow|fetchval|fetchmany|close"),
    (r"aiosqlite\.Connection\(\)", "execute|executemany|executescript|execute_insert|"
     "execute_fetchall|commit|rollback|close"),
    (r"aiosqlite\.Cursor\(\)", "execute|executemany|fetchone|fetchall|fetchmany|close"),
    (r"psycopg\.AsyncConnection\(\)", "execute|commit|rollback|close"),
    (r"psycopg\.AsyncCursor\(\)", "execute|executemany|fetchone|fetchall|fetchmany|close"),
    (r"django\.(?:\w+\.)*models\.(?:\w+\.)*\w+" + _MANAGER, _TERMINAL),
    (r"django\.(?:\w+\.)*models\.(?:\w+\.)*\w+\(\)", "asave|adelete|arefresh_from_db"),
    (r"tortoise\.(?:models\.)?Model", "create|bulk_create|bulk_update|get_or_create|"
     "update_or_create"),
    (r"tortoise\.(?:models\.)?Model\(\)", "save|delete|refresh_from_db|fetch_related"),
)  # fmt: skip
_COROUTINES: Final = regex("|".join(rf"(?:{of})\.(?:{names})" for of, names in _CALLS))
_NAMES: Final = frozenset(name for _, names in _CALLS for name in names.split("|"))


def coroutine_of_library(model: CodeModel, call: s.Call) -> str | None:
    """The library's path of what is called, where each thing that it can be gives a coroutine."""
    func = call.func
    if not isinstance(func, s.Attribute):
        return None
    if func.name not in _NAMES and func.name not in model.given_names:
        return None
    values = model.evaluate(func, model.scope_of(call))
    paths = [value.path for value in values if isinstance(value, ExternalValue)]
    if not paths or len(paths) < len(values):
        return None
    return min(paths) if all(_COROUTINES.fullmatch(path) for path in paths) else None
