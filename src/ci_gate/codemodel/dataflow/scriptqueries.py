"""The queries of Node services: Sequelize's, SQL text, and those of other libraries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, running, scriptrows
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    ColumnRef,
    Condition,
    Const,
    DriverRow,
    Expression,
    Frame,
    Many,
    Prepared,
    Ref,
    Session,
    Statement,
    Table,
    Thing,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.events import Paged, Ran
from ci_gate.codemodel.nodedrivers import TAGS, NodeEntry
from ci_gate.codemodel.nodesqlcalls import NodeSqlCalls
from ci_gate.codemodel.sequelize.queries import OPTIONS, Query
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import replace
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataaccess import Access, DataAccess
    from ci_gate.codemodel.dataflow.running import How
    from ci_gate.codemodel.dataflow.scriptmachine import ScriptMachine
    from ci_gate.codemodel.entities import Entity
    from ci_gate.codemodel.program import FunctionInfo
    from ci_gate.codemodel.sqlcalls import Site

_HOW: Final[dict[str, How]] = {
    "findAll": "many", "findAndCountAll": "many", "findOne": "one", "findByPk": "one",
    "count": "count", "max": "count", "min": "count", "sum": "count",
}  # fmt: skip
_ONE: Final = regex(
    r"(?:findUnique|findFirst|findOne|findById|findByPk|first|OrThrow|OrFail|count|exists|aggregate)\w*$",
    re.IGNORECASE,
)
_KEYS: Final = regex(r"^(?:(?:\w+_)?(?:id|slug|uuid|email|username|token)|\w+I[dD])$")

#: Drivers whose calls give a row or a list of rows,
_LISTING: Final = frozenset({"better-sqlite3", "node:sqlite", "bun:sqlite", "sqlite"})
#: rows beside columns, or a result that holds the rows.
_PAIRS: Final = frozenset({"mysql2"})
_HOLDING: Final = frozenset({"pg", "@vercel/postgres", "@neondatabase/serverless"})
_OF_RESULT: Final = ("rows", "rowCount", "command", "fields", "oid")


class Queries:
    """A library's call as an event of the run."""

    def __init__(self, machine: ScriptMachine, access: DataAccess) -> None:
        self._machine = machine
        self._access = access
        self._sql = NodeSqlCalls(machine.model)
        self._models = machine.entities.sequelize
        self._accesses: dict[FunctionInfo, dict[s.Node, Access]] = {}
        self._sites: dict[s.Node, Site | None] = {}

    def called(self, call: s.Call, owner: Val, args: Args, frame: Frame) -> Val | None:
        """What a call gives that asks the database; None for others, and for those of which no
        more is known than that they do."""
        query = self._models.queries.of_call.get(call)
        if query is not None and call.func == query.call.func:
            return self._sequelize(query, args, frame)
        site = self._site(call, frame.function)
        if site is not None:
            return self._text(site, call, owner, args, frame)
        access = self._access_of(frame.function).get(call)
        if access is not None and access.runs:
            self._ran(access, call, args, frame)
        return None

    def tagged(self, template: s.Template, frame: Frame) -> None:
        """A tagged template runs, or is a part of what will."""
        assert template.tag is not None
        for value in self._machine.model.evaluate(template.tag):
            if isinstance(value, ExternalValue) and TAGS.search(value.path):
                self._machine.emit(Ran(self._machine.place(template, frame), None, "rows", None))
                return

    def _access_of(self, function: FunctionInfo) -> dict[s.Node, Access]:
        found = self._accesses.get(function)
        if found is None:
            found = {item.node: item for item in self._access.accesses_in(function)}
            self._accesses[function] = found
        return found

    def _ran(self, access: Access, call: s.Call, args: Args, frame: Frame) -> None:
        machine = self._machine
        data = frozenset().union(*(machine.deep_sources(value) for value in args.all()))
        how: How = "one" if _ONE.search(access.what) else "rows"
        if access.kind == "write":
            how = "write"
        machine.emit(Ran(machine.place(call, frame), None, how, None, data))

    # --- Sequelize ---

    def _sequelize(self, query: Query, args: Args, frame: Frame) -> Val:
        machine = self._machine
        call = query.call
        machine.home(call, frame)
        machine.use(*args.all())
        data = frozenset().union(*(machine.deep_sources(value) for value in args.all()))
        place = machine.place(call, frame)
        model = query.model
        entity = machine.entities.at(model.path, model.span)
        if not query.reads or entity is None:
            how: How = "rows" if query.reads else "write"
            machine.emit(Ran(place, None, how, None, data))
            return UNKNOWN if query.reads else scriptrows.given(machine, query, None)
        how = _HOW[query.method]
        statement = self._statement(query, entity, args, frame)
        machine.emit(Ran(place, statement, how, None, data))
        return scriptrows.given(machine, query, statement)

    def _statement(self, query: Query, entity: Entity, args: Args, frame: Frame) -> Statement:
        table = Table(entity)
        plain = Statement(
            "sequelize", "select", query.call, frame.function.module.path, (table,),
            single=_HOW[query.method] == "one", opaque=not args.whole or _is_scoped(query.call),
        )  # fmt: skip
        given = args.get(OPTIONS[query.method])
        if given is None:
            return plain
        item = given.only()
        thing = self._machine.thing(item) if isinstance(item, Ref) and given.known else None
        if thing is None or thing.kind != "dict":
            return replace(plain, opaque=True)
        for name in ("limit", "offset"):
            value = thing.fields.get(name)
            if value is not None:
                self._machine.emit(Paged(self._machine.place(query.call, frame), value))
        limited = "limit" in thing.fields or "offset" in thing.fields
        conditions = self._conditions(thing.fields.get("where"), table, query.call)
        tied = self._is_tied(thing.fields.get("include"), set())
        if tied or not self._are_names(thing.fields.get("attributes")):
            conditions = (*conditions, _unclear(query.call))
        return replace(
            plain, limited=limited, conditions=conditions,
            opaque=plain.opaque or not thing.whole or "having" in thing.fields,
            grouped="group" in thing.fields,
        )  # fmt: skip

    def _are_names(self, attributes: Val | None) -> bool:
        """Are columns asked for, and nothing that is worked out over several rows?"""
        item = attributes.only() if attributes is not None else None
        thing = self._machine.thing(item) if isinstance(item, Ref) else None
        if thing is not None and thing.kind == "dict":
            return "exclude" in thing.fields and "include" not in thing.fields
        return attributes is None or (
            thing is not None and all(isinstance(one.only(), Const) for one in thing.items)
        )

    def _conditions(self, where: Val | None, table: Table, node: s.Node) -> tuple[Condition, ...]:
        """The columns of a ``where``; what else it says is not clear."""
        if where is None or where.only() == Const(None):
            return ()
        item = where.only()
        thing = self._machine.thing(item) if isinstance(item, Ref) else None
        if thing is None or thing.kind != "dict":
            return (_unclear(node),)
        names = [name for name in thing.fields if isinstance(name, str)]
        found = tuple(
            Condition("filter", Expression(frozenset({ColumnRef(table, name)})), node)
            for name in names
        )
        plain = all(self._is_scalar(thing.fields[name]) for name in names)
        if plain and thing.whole and len(names) == len(thing.fields):
            return found
        return (*found, _unclear(node))

    def _is_scalar(self, value: Val) -> bool:
        """Is it no range, list or other condition of its own?"""
        return not any(isinstance(item, Ref) for item in value.items)

    def _is_tied(self, value: Val | None, seen: set[int]) -> bool:
        """Does an include hold the rows to a key of another table, or is it not known?"""
        for item in value.items if value is not None else ():
            if not isinstance(item, Ref) or item.id in seen:
                continue
            seen.add(item.id)
            thing = self._machine.thing(item)
            if not thing.whole:
                return True
            where = thing.fields.get("where")
            inner = where.only() if where is not None else None
            if where is not None and not isinstance(inner, Ref):
                return True
            if isinstance(inner, Ref):
                held = self._machine.thing(inner)
                if not held.whole or any(_KEYS.match(str(name)) for name in held.fields):
                    return True
            rest = [*thing.items, thing.fields.get("include")]
            if any(self._is_tied(each, seen) for each in rest):
                return True
        return False

    # --- SQL text ---

    def _site(self, call: s.Call, function: FunctionInfo) -> Site | None:
        if call not in self._sites:
            found = self._sql.site(call, function)
            part = (
                found is not None
                and isinstance(found.entry, NodeEntry)
                and (
                    found.entry.driver == "knex"  # a fragment of a statement
                )
            )
            self._sites[call] = None if part else found
        return self._sites[call]

    def _text(self, site: Site, call: s.Call, owner: Val, args: Args, frame: Frame) -> Val | None:
        machine = self._machine
        entry = site.entry
        assert isinstance(entry, NodeEntry)
        if site.method == "prepare" or (entry.passing == "none" and not entry.prepared):
            machine.use(*args.all())
            text = args.get(0) or UNKNOWN
            return of(Prepared(text)) if site.method == "prepare" else UNKNOWN
        given = list(args.positional)
        if entry.prepared:
            held = owner.only()
            text = held.text if isinstance(held, Prepared) else UNKNOWN
        else:
            text = given.pop(0) if given else UNKNOWN
        text, values = self._taken(text, given, entry)
        name = site.driver.name if site.driver is not None else ""
        spread = entry.passing == "spread" and not (len(values) == 1 and self._is_list(values[0]))
        session = Session(0, True, "driver", driver=name)
        what = running.Running(
            session, name, "unknown", text, Args(call, (text, *values), (), args.whole), spread
        )
        how: How = "one" if site.method == "get" else "many"
        ran = running.run(machine, what, how, call, frame, prepared=entry.prepared)
        machine.use(*args.all(), *values)
        calls.callbacks(machine, args, call, frame)
        return self._result(name, site.method, ran)

    def _result(self, driver: str, method: str, ran: Ran) -> Val:
        """What the driver's call gives: its rows, in the form that it has for them."""
        row = of(DriverRow(driver, "object", None, ran.texts if ran.told else ()))
        if driver in _LISTING:
            if method == "get":
                return merged((row, NONE))
            return of(Many(row)) if method in ("all", "iterate") else UNKNOWN
        if driver in _PAIRS:
            return of(self._machine.allocate(Thing("list", items=[of(Many(row)), UNKNOWN])))
        if driver in _HOLDING:
            fields: dict[object, Val] = dict.fromkeys(_OF_RESULT, UNKNOWN)
            fields["rows"] = of(Many(row))
            return of(self._machine.allocate(Thing("dict", fields=fields)))
        return UNKNOWN

    def _taken(self, text: Val, values: list[Val], entry: NodeEntry) -> tuple[Val, list[Val]]:
        """Text and values that come in one object: ``{ text, values }``."""
        item = text.only()
        if not isinstance(item, Ref) or self._machine.thing(item).kind != "dict":
            return text, values
        fields = self._machine.thing(item).fields
        for name in (entry.keys[0], "text", "sql", "query"):
            if name in fields:
                held = fields.get(entry.keys[1] or "values")
                return fields[name], [held] if held is not None else values
        return UNKNOWN, values

    def _is_list(self, value: Val) -> bool:
        item = value.only()
        return isinstance(item, Ref) and self._machine.thing(item).kind in ("list", "dict")


def _unclear(node: s.Node) -> Condition:
    """A condition of which no more is known."""
    return Condition("filter", Expression(opaque=True), node)


def _is_scoped(call: s.Call) -> bool:
    """``Model.scope("page").findAll()``: the scope may say more."""
    return isinstance(call.func, s.Attribute) and not isinstance(
        call.func.value, s.Name | s.Attribute
    )
