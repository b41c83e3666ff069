"""SQLAlchemy's part in a run (and Flask-SQLAlchemy's and SQLModel's)."""

from __future__ import annotations

from typing import Final, Literal

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import instances, objects, renewed, running, sqlexpr, texts
from ci_gate.codemodel.dataflow import sqlalchemy_statements as build
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    ClassItem,
    ColumnRef,
    Columns,
    Const,
    Cursor,
    Eager,
    Expression,
    Factory,
    Frame,
    Func,
    Instance,
    Item,
    Library,
    Many,
    Method,
    Ref,
    RelationRef,
    Row,
    Rows,
    Session,
    Statement,
    Subquery,
    Table,
    Text,
    Val,
    merged,
    of,
    without_none,
)
from ci_gate.codemodel.dataflow.events import (
    Attribute,
    Consumed,
    Opened,
    Ran,
    Settled,
    SqlText,
    Wrote,
)
from ci_gate.codemodel.dataflow.running import Running
from ci_gate.codemodel.entities import Entity
from ci_gate.codemodel.libraries import canonical
from ci_gate.data import replace
from ci_gate.regex import regex

SYNC: Final = "sqlalchemy.orm.Session()"
ASYNC: Final = "sqlalchemy.ext.asyncio.AsyncSession()"
_FACTORIES: Final = {
    "sqlalchemy.orm.sessionmaker": False,
    "sqlalchemy.ext.asyncio.async_sessionmaker": True,
}
_CONNECTIONS: Final = {"sqlalchemy.Connection()": False,
                       "sqlalchemy.ext.asyncio.AsyncConnection()": True}  # fmt: skip
_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel", "table"})
_RUNS: Final = frozenset({
    "execute", "scalars", "scalar", "stream", "stream_scalars", "exec", "exec_driver_sql",
    "scalar_one", "scalar_one_or_none",
})  # fmt: skip
_MANY: Final = frozenset({"all", "fetchall", "fetchmany", "partitions", "yield_per", "columns",
                          "paginate"})  # fmt: skip
_ONE: Final = frozenset({
    "first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "fetchone",
    "first_or_404", "one_or_404", "get_or_404",
})  # fmt: skip
_BUILDERS: Final = regex(
    r"^(?:sqlalchemy\.(?:select|insert|update|delete|exists|union|union_all|func\.\w+|and_|or_|"
    r"not_|text|literal|literal_column|desc|asc|case|cast|tuple_|column|distinct|null|true|false|"
    r"nulls_last|nulls_first|nullslast|extract|lateral|intersect|except_|over|type_coerce|any_|"
    r"all_|bindparam|between|collate|values|within_group|sql\.\w+(?:\.\w+)*)"
    r"|sqlalchemy\.orm\.(?:joinedload|selectinload|subqueryload|lazyload|raiseload|noload|"
    r"contains_eager|immediateload|load_only|defer|undefer|aliased|with_loader_criteria|defaultload|Load)"
    r"|sqlalchemy\.dialects\.\w+\.(?:insert|aggregate_order_by|array_agg)"
    r"|sqlmodel\.(?:select|col|or_|and_|func\.\w+|delete|update|insert|text|desc|asc|not_|exists)"
    r"|flask_sqlalchemy\w*\.SQLAlchemy\(\)\.(?:select|insert|update|delete|func\.\w+|and_|or_|not_|"
    r"text|joinedload|selectinload|subqueryload|contains_eager|aliased|desc|asc|exists|case|cast))$"
)


class SqlAlchemy(Adapter):
    # --- values ---

    def value(self, path: str) -> Val | None:
        if path in (SYNC, ASYNC):
            return of(self.machine.ambient(path, is_async=path == ASYNC))
        if path in _CONNECTIONS:
            return of(self.machine.ambient(path, is_async=_CONNECTIONS[path]))
        return None

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if isinstance(item, Library):
            return self._function(item.path, args, node, frame)
        if isinstance(item, Table) and item.entity.kind in _KINDS and item.entity.cls is not None:
            return instances.construct(self.machine, item, args, node, frame)
        if isinstance(item, Factory):
            return self._opened(item.is_async, node, frame, commits=False, expires=item.expires)
        if isinstance(item, Session) and item.library == "sqlalchemy":
            return of(item)
        if not isinstance(item, Method):
            return None
        owner, name = item.owner, item.name
        if isinstance(owner, Factory):
            if name == "begin":
                return self._opened(
                    owner.is_async, node, frame, commits=True, expires=owner.expires
                )
            return NONE
        if isinstance(owner, Session) and owner.library == "sqlalchemy":
            return self._session_method(owner, name, args, node, frame)
        if isinstance(owner, Statement) and owner.library == "sqlalchemy":
            return self._statement_method(owner, name, args, node, frame)
        if isinstance(owner, Rows):
            return self._rows_method(owner, name, args, node, frame)
        if isinstance(owner, Subquery):
            return of(owner) if name in ("alias", "lateral", "as_scalar", "label") else UNKNOWN
        if isinstance(owner, Expression) and owner.texts and name in ("bindparams", "columns"):
            machine = self.machine
            machine.use(*args.all())
            return of(owner, sources=args.sources())
        if isinstance(owner, ColumnRef | RelationRef | Expression):
            return build.column_method(self.machine, owner, name, args, node, frame)
        if isinstance(owner, Eager):
            return build.eager_method(self.machine, owner, name, args)
        return None

    def _function(self, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        machine = self.machine
        if path in ("sqlalchemy.orm.scoped_session", "sqlalchemy.ext.asyncio.async_scoped_session"):
            made = [item for value in args.positional for item in value.items]
            expires = next((i.expires for i in made if isinstance(i, Factory)), machine.expires)
            is_async = "asyncio" in path
            return of(machine.session(is_async=is_async, origin=node, scoped=True, expires=expires))
        if path in _FACTORIES:
            return of(Factory(_FACTORIES[path], _flag(args, "expire_on_commit")))
        if path.endswith(".Table") and path.startswith(("sqlalchemy.", "flask_sqlalchemy")):
            entity = machine.entities.at(frame.function.module.path, node.span)
            return of(Table(entity)) if entity is not None else UNKNOWN
        if _BUILDERS.match(path):
            if path.rpartition(".")[2] == "text" and args.positional:
                given = args.positional[0]
                machine.emit(SqlText(running.home(machine.place(node, frame)), given))
                machine.use(*args.all())
                clause = Expression(opaque=True, texts=texts.texts(given))
                return Val((clause,), args.sources(), given.partial)
            return build.function(machine, path.rpartition(".")[2], path, args, node, frame)
        if path == "sqlalchemy.inspect":
            return UNKNOWN
        if path.endswith("object_session"):
            return of(machine.ambient(SYNC, is_async=False))
        result = canonical(path + "()")
        if result in (SYNC, ASYNC) and not path.endswith(".session"):
            commits = path.endswith(".begin")
            expires = machine.expires if "sessionmaker" in path else _flag(args, "expire_on_commit")
            return self._opened(result == ASYNC, node, frame, commits=commits, expires=expires)
        if result in _CONNECTIONS:
            commits = path.endswith(".begin")
            return self._opened(_CONNECTIONS[result], node, frame, commits=commits)
        if result in (SYNC, ASYNC):
            return self.value(result)
        if path.startswith(("sqlalchemy.", "flask_sqlalchemy", "sqlmodel.")):
            found = self._flask(path, args, node, frame)
            if found is not None:
                return found
            machine.use(*args.all())
            return Val((Library(result),), args.sources())
        return None

    def _opened(
        self,
        is_async: bool,
        node: s.Expr,
        frame: Frame,
        *,
        commits: bool,
        expires: bool | None = None,
    ) -> Val:
        machine = self.machine
        made = machine.session(is_async=is_async, origin=node, commits=commits, expires=expires)
        machine.home(node, frame)
        machine.emit(Opened(machine.place(node, frame), made))
        return of(made)

    def _flask(self, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        """``db.paginate(select)``, ``db.get_or_404(Entity, id)``, ``db.session.…``."""
        name = path.rpartition(".")[2]
        if not path.startswith("flask_sqlalchemy") or not args.positional:
            return None
        session = self.machine.ambient(SYNC, is_async=False)
        if name == "paginate":
            self.machine.use(*args.all())
            rows = self._run(session, args.positional[0], args, node, frame)
            self._mark(rows, "one")
            return UNKNOWN
        if name in ("get_or_404", "first_or_404", "one_or_404"):
            if name == "get_or_404":
                return self._get(session, args, node, frame)
            rows = self._run(session, args.positional[0], args, node, frame)
            return merged(self._one(item) for item in rows.items if isinstance(item, Rows))
        return None

    # --- sessions ---

    def _session_method(
        self, session: Session, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        place = machine.place(node, frame)
        first = args.get(0, "statement") or args.get(0)
        if name in _RUNS and first is not None:
            rows = self._run(session, first, args, node, frame)
            if name in ("scalars", "stream_scalars"):
                return self._shaped(rows, "scalars")
            if name in ("scalar", "scalar_one", "scalar_one_or_none"):
                return merged(
                    running.scalar(machine, item) if isinstance(item, Cursor)
                    else self._one(item, scalar=True)
                    for item in rows.items
                )  # fmt: skip
            if name == "exec":
                return self._shaped(rows, "scalars", single=True)
            return rows
        if name in ("query",):
            return build.legacy_query(machine, args, node, frame)
        if name in ("get", "get_one"):
            return self._get(session, args, node, frame)
        if name in ("add", "add_all", "merge", "delete", "bulk_save_objects", "save",
                    "bulk_insert_mappings", "bulk_update_mappings"):  # fmt: skip
            machine.use(*args.all())
            deleted = _sure_instance(first) if name == "delete" else None
            machine.emit(Wrote(place, session, _written(name, args, machine), deleted))
            if name == "add" and first is not None:
                self._attach(session, first)
            return args.positional[0] if name == "merge" and args.positional else NONE
        if name in ("commit", "rollback"):
            machine.emit(Settled(place, session, name))  # type: ignore[arg-type]
            objects.expire(machine, session, node, frame, committed=name == "commit")
            return NONE
        if name == "flush":
            machine.emit(Settled(place, session, "flush"))
            renewed.flushed(machine, session, node, frame)
            return NONE
        if name in ("close", "aclose", "remove", "close_all"):
            machine.emit(Settled(place, session, "close"))
            machine.state.closed[session.id] = machine.tick()
            return NONE
        if name in ("refresh", "expire", "expunge", "expunge_all", "expire_all"):
            names = args.get(1, "attribute_names")
            if first is not None and name != "expire_all":
                instances.refresh(machine, first, _texts(machine, names))
            return NONE
        if name in ("begin", "begin_nested"):
            nested = name == "begin_nested"
            return of(_committing(session, commits=not nested))
        if name == "run_sync" and first is not None:
            from ci_gate.codemodel.dataflow import calls  # noqa: PLC0415  a cycle

            sync = Session(session.id, False, session.library, session.shared, session.scoped)
            return calls.call(
                machine, first, Args(None, (of(sync), *args.positional[1:])), node, frame
            )
        if name in ("connection", "__call__", "execution_options"):
            return of(session)
        if name == "no_autoflush":
            return of(session)
        machine.use(*args.all())
        return UNKNOWN

    def _attach(self, session: Session, value: Val) -> None:
        """A new object belongs to the session from now on."""
        self.machine.attached.update(
            {item.origin: session for item in value.items
             if isinstance(item, Instance) and item.fresh and item.origin is not None}
        )  # fmt: skip

    def _get(self, session: Session, args: Args, node: s.Expr, frame: Frame) -> Val:
        machine = self.machine
        machine.use(*args.all())
        found = []
        target = args.get(0, "entity")
        options = args.get(None, "options")
        for item in target.items if target is not None else ():
            if not isinstance(item, Table):
                continue
            statement = Statement(
                "sqlalchemy", "select", node, frame.function.module.path, (item,), single=True,
                sources=args.sources(),
            )  # fmt: skip
            if options is not None:
                statement = build.with_options(machine, statement, (options,))
            self._looked_up(item, args.get(1, "ident"), node, frame)
            machine.emit(Ran(machine.place(node, frame), statement, "one", session, args.sources()))
            found.append(
                of(instances.instance(machine, item.entity, statement, session), Const(None))
            )
        return merged(found) if found else UNKNOWN

    def _looked_up(self, table: Table, key: Val | None, node: s.Expr, frame: Frame) -> None:
        """``get()`` compares the primary key; one of several columns by their order."""
        primary = table.entity.primary_key()
        if key is None:
            return
        parts = [key]
        if len(primary) > 1:
            parts = self._parts(key)
        if len(parts) == len(primary):
            place = self.machine.place(node, frame)
            for column, value in zip(primary, parts, strict=True):
                ref = ColumnRef(table, column.name)
                sqlexpr.compared(self.machine, place, of(ref), value, "get")

    def _parts(self, key: Val) -> list[Val]:
        """The values of a tuple."""
        item = key.only()
        if not isinstance(item, Ref) or key.partial:
            return []
        thing = self.machine.thing(item)
        return list(thing.items) if thing.kind == "list" and thing.whole else []

    def _run(self, session: Session, first: Val, args: Args, node: s.Expr, frame: Frame) -> Val:
        """``session.execute(statement)``."""
        machine = self.machine
        machine.use(*args.all())
        place = machine.place(node, frame)
        sources = args.sources()
        found: list[Val] = []
        for item in first.items:
            statement = item.statement if isinstance(item, Subquery) else item
            if not isinstance(statement, Statement):
                continue
            how: Literal["rows", "write"] = "rows" if statement.kind == "select" else "write"
            ran = Ran(place, statement, how, session, statement.sources | sources)
            machine.emit(ran)
            if statement.kind != "select":
                machine.emit(Wrote(place, session, f"{statement.kind} runs"))
            found.append(of(Rows(statement, session, clock=machine.tick(), ran=ran)))
        if not found:
            return self._run_text(session, first, args, node, frame)
        rows = merged(found)
        return Val(rows.items, sources, rows.partial or first.partial)

    def _run_text(
        self, session: Session, first: Val, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        """``session.execute(text("SELECT ..."))``; ``text()`` itself has told of the text."""
        machine = self.machine
        clauses = [item for item in first.items if isinstance(item, Expression)]
        known = tuple(Text(text) for item in clauses for text in item.texts)
        text = Val(known or first.items, first.sources, first.partial)
        what = Running(session, "sqlalchemy", "unknown", text, args)
        told = bool(clauses) or _may_be_statement(args, first, frame)
        ran = running.run(machine, what, "rows", node, frame, told=told)
        return of(running.cursor(machine, what, [ran]))

    def _shaped(self, rows: Val, shape: Literal["rows", "scalars"], *, single: bool = False) -> Val:
        items = tuple(
            replace(item, shape=shape)
            if isinstance(item, Rows) and (not single or len(item.statement.selected) == 1)
            else item
            for item in rows.items
        )
        return Val(items, rows.sources, rows.partial)

    # --- results ---

    def _rows_method(
        self, rows: Rows, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        if name == "scalars":
            return of(replace(rows, shape="scalars"))
        if name == "mappings":
            return of(replace(rows, shape="mappings"))
        if name == "unique":
            return of(replace(rows, unique=True))
        if name in ("tuples", "freeze", "execution_options"):
            return of(rows)
        if name in _MANY:
            self._mark(of(rows), "many")
            machine.emit(Consumed(machine.place(node, frame), rows))
            return of(self._many(rows))
        if name in _ONE:
            self._mark(of(rows), "one")
            if name not in ("first", "fetchone", "scalar"):
                machine.emit(Consumed(machine.place(node, frame), rows))
            return self._one(rows, scalar=name.startswith("scalar"))
        machine.use(*args.all())
        return UNKNOWN

    def _mark(self, rows: Val, how: str) -> None:
        for item in rows.items:
            if isinstance(item, Rows) and isinstance(item.ran, Ran) and item.ran.how == "rows":
                item.ran.how = "count" if _is_count(item.statement) else how  # type: ignore[assignment]

    def _many(self, rows: Rows) -> Many:
        bounded = rows.statement.single or (
            _is_count(rows.statement) and not rows.statement.grouped
        )
        return Many(self._element(rows), not bounded, rows.statement)

    def _one(self, rows: Item, *, scalar: bool = False) -> Val:
        if not isinstance(rows, Rows):
            return UNKNOWN
        self._mark(of(rows), "one")
        if scalar:
            rows = replace(rows, shape="scalars")
        element = self._element(rows)
        return merged((element, NONE)) if element.items else element

    def _element(self, rows: Rows) -> Val:
        """One row, as the result hands it out."""
        statement = rows.statement
        places = [self._place(item, rows) for item in statement.selected]
        if rows.shape == "mappings" or not places:
            return UNKNOWN
        if rows.shape == "scalars":
            return places[0]
        return of(Row(tuple(places)))

    def _place(self, item: Item, rows: Rows) -> Val:
        if isinstance(item, Table) and item.entity.cls is not None and not item.core:
            made = instances.instance(self.machine, item.entity, rows.statement, rows.session)
            return of(made)
        return UNKNOWN

    def iterated(self, item: Item, node: s.Node, frame: Frame) -> Many | None:
        if isinstance(item, Rows):
            self._mark(of(item), "many")
            self.machine.emit(Consumed(self.machine.place(node, frame), item))
            return self._many(item)
        if isinstance(item, Statement) and item.library == "sqlalchemy" and item.legacy:
            rows = self._run_legacy(item, node, frame)
            self._mark(of(rows), "many")
            return self._many(rows)
        return None

    # --- statements ---

    def _run_legacy(self, statement: Statement, node: s.Node, frame: Frame) -> Rows:
        machine = self.machine
        session = machine.ambient(SYNC, is_async=False)
        ran = Ran(machine.place(node, frame), statement, "rows", session, statement.sources)
        machine.emit(ran)
        machine.run.used |= statement.sources
        shape = "scalars" if len(statement.selected) == 1 else "rows"
        return Rows(statement, session, shape, True, machine.tick(), ran)  # type: ignore[arg-type]

    def _statement_method(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        if statement.legacy:
            if name == "paginate":
                machine.use(*args.all())
                self._mark(of(self._run_legacy(build.limited(statement), node, frame)), "one")
                return UNKNOWN
            if name in ("all", "yield_per"):
                machine.use(*args.all())
                rows = self._run_legacy(statement, node, frame)
                self._mark(of(rows), "many")
                return of(self._many(rows))
            if name in ("get", "get_or_404"):
                one = Statement(
                    "sqlalchemy", "select", node, statement.module, statement.selected,
                    single=True, legacy=True, eager=statement.eager, sources=args.sources(),
                )  # fmt: skip
                machine.use(*args.all())
                if statement.focus is not None:
                    self._looked_up(statement.focus, args.get(0, "ident"), node, frame)
                return self._one(self._run_legacy(one, node, frame))
            if name in _ONE:
                rows = self._run_legacy(statement, node, frame)
                return self._one(rows, scalar=name.startswith("scalar"))
            if name == "count":
                rows = self._run_legacy(statement, node, frame)
                if isinstance(rows.ran, Ran):
                    rows.ran.how = "count"
                return UNKNOWN
            if name in ("delete", "update"):
                machine.use(*args.all())
                session = machine.ambient(SYNC, is_async=False)
                place = machine.place(node, frame)
                machine.emit(Ran(place, statement, "write", session, statement.sources))
                machine.emit(Wrote(place, session, f"{name} runs"))
                return UNKNOWN
            if name in ("append", "remove", "add", "extend") and args.positional:
                machine.use(*args.all())
                machine.emit(Wrote(machine.place(node, frame), None, f"{name} on a collection"))
                return NONE
        return build.statement_method(machine, statement, name, args, node, frame)

    # --- attributes ---

    def attribute(self, item: Item, name: str, node: s.Node, frame: Frame) -> Val | None:
        machine = self.machine
        if isinstance(item, Session):
            if name == "no_autoflush":
                return of(item)
            return of(Method(item, name))
        if isinstance(item, Statement) and item.library == "sqlalchemy":
            if name in ("c", "columns", "selected_columns", "exported_columns"):
                return of(Expression(opaque=True))
            return of(Method(item, name))
        if isinstance(item, Subquery):
            return (
                of(Expression(opaque=True)) if name in ("c", "columns") else of(Method(item, name))
            )
        if isinstance(item, Rows | Eager | ColumnRef | Expression | Factory):
            return of(Method(item, name))
        if isinstance(item, RelationRef):
            return self._relation_attribute(item, name, node, frame)
        if isinstance(item, Columns):
            return self._column(item.table, name, node, frame)
        if isinstance(item, Table) and item.entity.kind in _KINDS:
            return self._class_attribute(item, name, node, frame)
        if isinstance(item, Instance) and item.entity.kind in _KINDS:
            relation = item.entity.relations.get(name)
            if relation is not None and relation.loading in ("dynamic", "write-only"):
                target = machine.entities.target(item.entity, name)
                if target is None:
                    return UNKNOWN
                return of(build.query_of(Table(target), node, frame, legacy=True, single=False))
            return instances.attribute(machine, self._of_session(item), name, node, frame)
        return None

    def _of_session(self, item: Instance) -> Instance:
        """A new object with the session that it was added to."""
        session = self.machine.attached.get(item.origin) if item.fresh else None
        return item if session is None else replace(item, session=session)

    def _relation_attribute(self, item: RelationRef, name: str, node: s.Node, frame: Frame) -> Val:
        machine = self.machine
        target = machine.entities.target(item.table.entity, item.relation)
        if target is not None and (name in target.columns or name in target.relations):
            machine.emit(Attribute(machine.place(node, frame), item, name, "class"))
            return UNKNOWN
        return of(Method(item, name))

    def _column(self, table: Table, name: str, node: s.Node, frame: Frame) -> Val:
        columns = table.entity.columns
        for column in columns.values():
            if name in (column.column, column.name):
                return of(ColumnRef(table, column.name))
        if name in ("values", "keys", "items", "get", "contains_column"):
            return UNKNOWN
        self.machine.emit(Attribute(self.machine.place(node, frame), table.entity, name, "class"))
        return UNKNOWN

    def _class_attribute(self, table: Table, name: str, node: s.Node, frame: Frame) -> Val:
        machine, entity = self.machine, table.entity
        if name in ("c", "columns", "__table__"):
            return of(replace(table, core=True) if name == "__table__" else Columns(table))
        if name in entity.columns:
            return of(ColumnRef(table, name))
        if name in entity.relations:
            return of(RelationRef(table, name))
        if entity.cls is None:
            return of(Method(table, name)) if name in _TABLE_METHODS else UNKNOWN
        if name == "query" and _has_query(machine, entity):
            return of(build.query_of(table, node, frame, legacy=True, single=False))
        method = machine.model.method(entity.cls, name)
        if method is not None and isinstance(method.node, s.Function):
            if method.node.kind == "class":
                return of(Func(method, of(table)))
            if "hybrid" in " ".join(_names(method.node)):
                return of(Expression(opaque=True))
            return of(Func(method))
        declared = objects.declared_value(machine, entity.cls, name)
        if declared is not None:
            return declared if declared.items else of(Expression(opaque=True))
        machine.emit(Attribute(machine.place(node, frame), entity, name, "class"))
        return UNKNOWN

    def set_attribute(self, item: Item, target: s.Attribute, value: Val, frame: Frame) -> bool:
        if isinstance(item, Instance) and item.entity.kind in _KINDS:
            instances.set_attribute(self.machine, self._of_session(item), target, value, frame)
            return True
        return False

    def item(self, item: Item, key: Val, node: s.Node, frame: Frame) -> Val | None:
        if isinstance(item, Statement) and item.library == "sqlalchemy" and item.legacy:
            self.machine.use(key)
            rows = self._run_legacy(build.limited(item), node, frame)
            return of(self._many(rows))
        if isinstance(item, Columns):
            constant = key.only()
            if isinstance(constant, Const) and isinstance(constant.value, str):
                return self._column(item.table, constant.value, node, frame)
            return of(Expression(opaque=True))
        if isinstance(item, ColumnRef | Expression):
            return of(item)
        return None

    def entered(self, manager: Val, node: s.Expr, frame: Frame) -> Val | None:
        item = manager.only()
        if isinstance(item, Library) and item.path.startswith("sqlalchemy."):
            result = canonical(item.path)
            found = self.value(result)
            return found if found is not None else of(item)
        del node, frame
        return None


_TABLE_METHODS: Final = frozenset({"select", "insert", "update", "delete", "alias", "join",
                                   "outerjoin"})  # fmt: skip


#: What makes a text of a text.
_OF_TEXTS: Final = frozenset({
    "format", "format_map", "join", "replace", "strip", "lstrip", "rstrip", "lower", "upper", "get",
    "str", "dedent", "decode", "read", "read_text", "pop", "substitute", "render",
})  # fmt: skip


def _may_be_statement(args: Args, given: Val, frame: Frame) -> bool:
    """Nothing is known of what is run, and it is not written as text here: a statement, made in a
    way that is not followed (``stmt = loans.insert().values(...)``)."""
    node = args.node
    first = node.argument(0) if isinstance(node, s.Call) else None
    if not all(isinstance(item, Library) for item in given.items):
        return False
    if not isinstance(first, s.Name):
        return isinstance(first, s.Call)
    made = [
        part.value
        for part in s.walk(frame.function.node, into_functions=False)
        if isinstance(part, s.Assign)
        and any(isinstance(target, s.Name) and target.id == first.id for target in part.targets)
    ]
    return bool(made) and all(
        isinstance(value, s.Call) and s.last_name(value.func) not in _OF_TEXTS for value in made
    )


def _flag(args: Args, name: str) -> bool | None:
    """A keyword that is true unless said otherwise."""
    value = args.get(None, name)
    if value is None:
        return True if args.whole else None
    item = value.only()
    return item.value if isinstance(item, Const) and isinstance(item.value, bool) else None


def _has_query(machine: object, entity: Entity) -> bool:
    del machine
    return entity.kind == "sqlalchemy" and "query" not in entity.columns


def _names(node: s.Function) -> list[str]:
    return [
        inner.id if isinstance(inner, s.Name) else getattr(inner, "name", "")
        for decorator in node.decorators
        for inner in s.walk(decorator)
    ]


def _is_count(statement: Statement) -> bool:
    return bool(statement.selected) and all(
        isinstance(item, Expression) and item.aggregate for item in statement.selected
    )


def _committing(session: Session, *, commits: bool) -> Session:
    return replace(session, commits=commits)


def _texts(machine: object, value: Val | None) -> frozenset[str]:
    found: set[str] = set()
    for item in value.items if value is not None else ():
        if isinstance(item, Ref):
            for inner in machine.thing(item).items:  # type: ignore[attr-defined]
                constant = inner.only()
                if isinstance(constant, Const) and isinstance(constant.value, str):
                    found.add(constant.value)
    return frozenset(found)


def _sure_instance(value: Val | None) -> Instance | None:
    """The object that the value is, if it is not None."""
    if value is None or value.partial:
        return None
    item = without_none(value).only()
    return item if isinstance(item, Instance) else None


def _written(name: str, args: Args, machine: object) -> str:
    del machine
    value = args.positional[0] if args.positional else UNKNOWN
    for item in value.items:
        if isinstance(item, Instance):
            return f"{name}({item.entity.name})"
    return name


__all__ = ["ClassItem", "SqlAlchemy"]
