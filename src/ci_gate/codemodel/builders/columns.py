"""The columns that a table builder of Knex or Kysely adds."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from ci_gate.codemodel import ddl
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.chains import Chain, Step, chain_of
from ci_gate.codemodel.builders.texts import text_of, texts_of
from ci_gate.codemodel.entities.facts import ColumnType
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.surroundings import parents_below
from ci_gate.data import dataclass

#: Knex's methods that add a column.
_TYPES: Final[dict[str, ColumnType | None]] = {
    "increments": "integer", "bigIncrements": "integer", "bigincrements": "integer",
    "integer": "integer", "int": "integer", "tinyint": "integer", "smallint": "integer",
    "mediumint": "integer", "bigint": "integer", "bigInteger": "integer", "biginteger": "integer",
    "text": "text", "string": "text", "float": "float", "double": "float", "decimal": "decimal",
    "numeric": "decimal", "boolean": "boolean", "bool": "boolean", "date": "date",
    "datetime": "datetime", "dateTime": "datetime", "time": "time", "timestamp": "datetime",
    "binary": "binary", "enum": "enum", "enu": "enum", "json": "json", "jsonb": "json",
    "uuid": "uuid", "geometry": None, "geography": None, "point": None, "specificType": None,
}  # fmt: skip
_COUNTED: Final = frozenset({"increments", "bigIncrements", "bigincrements"})
#: Methods that leave the columns as they are.
_OTHERS: Final = frozenset({
    "primary", "unique", "index", "dropPrimary", "dropUnique", "dropIndex", "dropForeign",
    "comment", "engine", "charset", "collate", "inherits", "setNullable", "dropNullable", "check",
    "checkPositive", "checkNegative", "checkIn", "checkNotIn", "checkBetween", "checkLength",
    "checkRegex", "dropChecks", "queryContext", "dropUniqueIfExists", "dropForeignIfExists",
    "dropIndexIfExists", "dropPrimaryIfExists",
})  # fmt: skip
_NOT_NULL: Final = frozenset({"notNullable", "notNull", "primary"})
#: Words in Kysely's names of types.
_WORDS: Final[tuple[tuple[str, ColumnType], ...]] = (
    ("serial", "integer"), ("int", "integer"), ("char", "text"), ("text", "text"),
    ("uuid", "uuid"), ("bool", "boolean"), ("timestamp", "datetime"), ("datetime", "datetime"),
    ("date", "date"), ("json", "json"), ("decimal", "decimal"), ("numeric", "decimal"),
    ("real", "float"), ("double", "float"), ("float", "float"), ("blob", "binary"),
    ("bytea", "binary"),
)  # fmt: skip


@dataclass(slots=True)
class Built:
    """``complete`` is false where the builder adds or changes what was not understood."""

    columns: list[ddl.ColumnSpec] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    keys: list[tuple[tuple[str, ...], str, tuple[str, ...]]] = field(default_factory=list)
    complete: bool = True


def columns_of(model: CodeModel, builder: s.Function) -> Built | None:
    """What the callback of ``createTable`` and ``alterTable`` does with its table."""
    if builder.params and not builder.params[0].name:
        return None
    table = builder.params[0].name if builder.params else "this"
    built = Built()
    parents = parents_below(builder)
    for node in s.walk(builder):
        if not (isinstance(node, s.Name) and node.id == table):
            continue
        first = parents.get(node)
        call = parents.get(first) if isinstance(first, s.Attribute) else None
        if not isinstance(call, s.Call) or call.func is not first:
            built.complete = False
            continue
        last = call
        while isinstance(parents.get(last), s.Attribute):
            above = parents.get(parents[last])
            if not isinstance(above, s.Call):
                break
            last = above
        chain = chain_of(last)
        if chain is None:
            built.complete = False
        else:
            _read(model, chain, built, conditional=_is_conditional(call, parents))
    return built


def _is_conditional(node: s.Node, parents: dict[s.Node, s.Node]) -> bool:
    around = parents.get(node)
    while around is not None:
        if isinstance(around, s.If | s.Conditional | s.For | s.While | s.Switch | s.Try):
            return True
        around = parents.get(around)
    return False


def _read(model: CodeModel, chain: Chain, built: Built, *, conditional: bool) -> None:
    first = chain.steps[0]
    name = first.name
    given = text_of(model, first.argument(0))
    if name in _TYPES:
        if given is None and not first.call.args and name in _COUNTED:
            given = "id"
        if given is None and name in _COUNTED and isinstance(first.argument(0), s.Mapping):
            given = "id"
        if given is None:
            built.complete = False
        else:
            built.columns.append(_column(model, chain, given))
    elif name == "timestamps":
        built.columns.extend(_timestamps(first, built))
    elif name == "foreign":
        _foreign(model, chain, built)
    elif name == "renameColumn":
        new = text_of(model, first.argument(1))
        if given is None or new is None:
            built.complete = False
        elif conditional:
            built.columns.append(ddl.ColumnSpec(new, quoted=True, line=first.call.line))
        else:
            built.renamed.append((given, new))
    elif name in ("dropColumn", "dropColumns", "dropTimestamps"):
        if not conditional:
            _drop(model, first, built)
    elif name not in _OTHERS:
        built.complete = False


def _column(model: CodeModel, chain: Chain, name: str) -> ddl.ColumnSpec:
    first = chain.steps[0]
    names = chain.names()
    counted = first.name in _COUNTED
    primary = "primary" in names or (counted and not _is_plain(first))
    line = first.call.func.name_span[0] if isinstance(first.call.func, s.Attribute) else 1
    return ddl.ColumnSpec(
        name,
        _TYPES[first.name],
        nullable=not (names & _NOT_NULL or counted),
        primary_key=primary,
        references=_reference(model, chain),
        quoted=True,
        line=line,
        filled=counted or "defaultTo" in names,
    )


def _is_plain(step: Step) -> bool:
    """``increments("id", { primaryKey: false })``."""
    options = step.argument(1)
    if not isinstance(options, s.Mapping):
        return False
    primary = options.get("primaryKey")
    return isinstance(primary, s.Literal) and primary.value is False


def _reference(model: CodeModel, chain: Chain) -> tuple[str, str | None] | None:
    references = chain.step("references")
    if references is None:
        return None
    column = text_of(model, references.argument(0))
    into = chain.step("inTable", "on")
    if column is None:
        return None
    if into is None:
        table, dot, name = column.rpartition(".")
        return (table, name) if dot else None
    table_name = text_of(model, into.argument(0))
    return (table_name, column.rpartition(".")[2]) if table_name is not None else None


def _foreign(model: CodeModel, chain: Chain, built: Built) -> None:
    own = texts_of(model, chain.steps[0].argument(0))
    references = chain.step("references")
    into = chain.step("inTable", "on")
    theirs = texts_of(model, references.argument(0)) if references is not None else None
    target = text_of(model, into.argument(0)) if into is not None else None
    if own and theirs and target is None and into is None and len(theirs) == 1:
        target = theirs[0].rpartition(".")[0] or None
    if own and theirs and target:
        built.keys.append((tuple(own), target, tuple(n.rpartition(".")[2] for n in theirs)))


def _timestamps(step: Step, built: Built) -> list[ddl.ColumnSpec]:
    camel: s.Expr | None = step.argument(2)
    first = step.argument(0)
    if isinstance(first, s.Mapping):
        camel = first.get("useCamelCase")
    written = isinstance(camel, s.Literal) and camel.value is True
    if camel is not None and not isinstance(camel, s.Literal):
        built.complete = False
    names = ("createdAt", "updatedAt") if written else ("created_at", "updated_at")
    return [
        ddl.ColumnSpec(name, "datetime", None, quoted=True, line=step.call.line) for name in names
    ]


def _drop(model: CodeModel, step: Step, built: Built) -> None:
    if step.name == "dropTimestamps":
        built.dropped.extend(("created_at", "updated_at"))
        return
    for argument in step.call.args:
        names = texts_of(model, argument.value)
        if names is None or argument.star:
            continue  # what is not known to be gone may be there
        built.dropped.extend(names)


# --- Kysely --------------------------------------------------------------------------------------


def kysely_column(model: CodeModel, step: Step) -> ddl.ColumnSpec | None:
    """``addColumn("id", "serial", (col) => col.primaryKey())``."""
    name = text_of(model, step.argument(0))
    if name is None:
        return None
    kind = step.argument(1)
    written = kind.value if isinstance(kind, s.Literal) else None
    found: ColumnType | None = None
    if isinstance(written, str):
        found = next((of for word, of in _WORDS if word in written.lower()), None)
    details = step.argument(2)
    names: frozenset[str] = frozenset()
    references: tuple[str, str | None] | None = None
    if isinstance(details, s.FunctionExpr):
        for node in s.walk(details):
            if isinstance(node, s.Call) and isinstance(node.func, s.Attribute):
                names |= {node.func.name}
                if node.func.name == "references":
                    text = text_of(model, node.argument(0)) or ""
                    table, dot, column = text.rpartition(".")
                    references = (table, column) if dot else None
    primary = "primaryKey" in names
    return ddl.ColumnSpec(
        name, found, not (primary or "notNull" in names), primary, references, quoted=True,
        line=step.call.line, filled=bool(names & {"defaultTo", "autoIncrement", "generatedAlwaysAs",
                                                  "generatedByDefaultAsIdentity", "identity"}),
    )  # fmt: skip
