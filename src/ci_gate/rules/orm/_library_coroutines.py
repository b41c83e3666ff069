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
_COROUTINES: Final = regex(
    "|".join((
        _ASYNC_SESSION + r"\.(?:commit|flush|execute|scalar|scalars|stream|stream_scalars|exec|"
        r"refresh|delete|rollback|close|merge|get|get_one|run_sync|connection|reset|invalidate)",
        _ASYNC_CONNECTION + r"\.(?:execute|exec_driver_sql|scalar|scalars|commit|rollback|close|"
        r"run_sync)",
        r"sqlalchemy\.ext\.asyncio\.(?:\w+\.)*AsyncEngine\(\)\.dispose",
        r"asyncpg\.(?:\w+\.)*(?:Pool|Connection)\(\)\.(?:execute|executemany|fetch|fetchrow|"
        r"fetchval|fetchmany|close)",
        r"aiosqlite\.Connection\(\)\.(?:execute|executemany|executescript|execute_insert|"
        r"execute_fetchall|commit|rollback|close)",
        r"aiosqlite\.Cursor\(\)\.(?:execute|executemany|fetchone|fetchall|fetchmany|close)",
        r"psycopg\.AsyncConnection\(\)\.(?:execute|commit|rollback|close)",
        r"psycopg\.AsyncCursor\(\)\.(?:execute|executemany|fetchone|fetchall|fetchmany|close)",
        r"django\.(?:\w+\.)*models\.(?:\w+\.)*\w+" + _MANAGER + rf"\.(?:{_TERMINAL})",
        r"django\.(?:\w+\.)*models\.(?:\w+\.)*\w+\(\)\.(?:asave|adelete|arefresh_from_db)",
        r"tortoise\.(?:models\.)?Model\.(?:create|bulk_create|bulk_update|get_or_create|"
        r"update_or_create)",
        r"tortoise\.(?:models\.)?Model\(\)\.(?:save|delete|refresh_from_db|fetch_related)",
    ))
)  # fmt: skip


def coroutine_of_library(model: CodeModel, call: s.Call) -> str | None:
    """The library's path of what is called, where each thing that it can be gives a coroutine."""
    if not isinstance(call.func, s.Attribute):
        return None
    values = model.evaluate(call.func)
    paths = [value.path for value in values if isinstance(value, ExternalValue)]
    if not paths or len(paths) < len(values):
        return None
    return min(paths) if all(_COROUTINES.fullmatch(path) for path in paths) else None
