"""SQL texts of a program, parsed and with their names resolved, for all rules to share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.nodesqlcalls import NodeSqlCalls
from ci_gate.codemodel.sql import Parsed, parse
from ci_gate.codemodel.sqlcalls import SqlCall, SqlCalls, Variant
from ci_gate.codemodel.sqldrivers import Dialect
from ci_gate.codemodel.sqlscope import Analysis, analyse
from ci_gate.codemodel.sqltext import Place
from ci_gate.data import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class ReadVariant:
    """A variant with what its text says; ``analyses`` are of statements on rows only."""

    variant: Variant
    parsed: Parsed
    analyses: tuple[Analysis, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ReadCall:
    call: SqlCall
    variants: tuple[ReadVariant, ...]


class SqlStatements:
    """Answers for one program. ``default`` is the dialect of the project's only database."""

    def __init__(self, model: CodeModel, default: Dialect | None) -> None:
        self._model = model
        self._calls = (SqlCalls(model, default), NodeSqlCalls(model, default))
        self._sources: dict[str, str] = {}

    @cached_property
    def all(self) -> Sequence[ReadCall]:
        """Every call that runs or makes SQL text, by file and line."""
        return [
            ReadCall(call, tuple(_read(variant, call) for variant in call.variants))
            for calls in self._calls
            for call in calls.all
        ]

    def place(self, read: ReadVariant, offset: int | None) -> Place | None:
        """Where in the source a character of the text is written."""
        if offset is None:
            return None
        return read.parsed.rendered.place(offset, self._source)

    def _source(self, path: str) -> str:
        found = self._sources.get(path)
        if found is None:
            try:
                found = self._model.tree.text(path)
            except (OSError, UnicodeError):
                found = ""
            self._sources[path] = found
        return found


def _read(variant: Variant, call: SqlCall) -> ReadVariant:
    parsed = parse(variant.text, call.driver, call.dialect)
    analyses = (analyse(statement) for statement in parsed.statements)
    return ReadVariant(variant, parsed, tuple(item for item in analyses if item is not None))
