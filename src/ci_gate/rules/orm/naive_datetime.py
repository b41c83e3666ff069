from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.certain import Certain
from ci_gate.codemodel.dataflow.domain import ColumnRef
from ci_gate.codemodel.dataflow.events import Attribute, Compared
from ci_gate.codemodel.entities import Column, Entity
from ci_gate.codemodel.entities.declarations import declarations
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ClassValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._datetimes import Moments, Zone
from ci_gate.rules.orm._django_datetimes import Given, naive_in_django
from ci_gate.rules.orm._reads import service_functions

_KINDS: Final = frozenset({"sqlalchemy", "sqlmodel"})
_DEFAULTS: Final = ("default", "onupdate", "insert_default", "default_factory")
_ORDERED: Final = frozenset({"<", ">", "<=", ">=", "-"})
_COMPARED: Final = frozenset({"==", "!=", "<", ">", "<=", ">=", "between"})
#: Drivers that take what asyncpg does not.
_TOLERANT: Final = frozenset({"psycopg", "aiosqlite", "sqlite3"})


@dataclass(frozen=True, slots=True)
class _Stored:
    """A column of moments: what it keeps, and where it is mapped."""

    entity: Entity
    column: Column
    zone: Zone

    @property
    def label(self) -> str:
        return f"{self.entity.name}.{self.column.name}"


class NaiveDatetime(Rule):
    """A moment with a time zone meets a column without one, or the reverse.

    As `default=` or `onupdate=` (followed into functions of the project), in a constructor, an
    assignment, `values()` or a filter under asyncpg; the same in Django with `USE_TZ = True`; and
    where Python compares or subtracts the value of such a column.

    ## Why is this bad?
    Django warns at each use (RuntimeWarning: received a naive datetime) and takes the moment for
    one in `TIME_ZONE`: `utcnow()` is off by the whole offset, `now()` by an hour when clocks
    change. asyncpg refuses to bind a moment with a time zone to `TIMESTAMP WITHOUT TIME ZONE` and
    raises DataError (can't subtract offset-naive and offset-aware datetimes). Python raises
    TypeError when it orders or subtracts the two kinds.

    ## Fix
    Declare the column `DateTime(timezone=True)`, or use moments without a time zone throughout
    (`datetime.now(UTC).replace(tzinfo=None)`). In Django: `django.utils.timezone.now()`.

    ## Silent on
    Storing under SQLite and psycopg, which convert; column types of the project's own,
    `type_annotation_map`; Django's dates and times without `USE_TZ = True` in the settings; moments
    whose kind is not sure.

    ## Source
    Constraint decay, arXiv 2605.06445; asyncpg, "Type Conversion"; Django, "Time zones: naive and
    aware datetime objects"; Python, `datetime`: aware and naive objects.
    """

    id = "orm/naive-datetime"
    group = "orm"
    follows = True
    languages = ("python",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        certain = facts.doubting
        moments = Moments(facts.model, certain)
        look = _Look(facts, certain, moments)
        seen: set[tuple[str, int, int]] = set()
        in_django = (self._in_django(item) for item in naive_in_django(facts, certain, moments))
        for finding in (*self._stored(look), *in_django, *self._in_python(look)):
            key = (finding.path, finding.start.line, finding.start.column)
            if key not in seen:
                seen.add(key)
                yield finding

    # --- stored ---

    def _stored(self, look: _Look) -> Iterator[Finding]:
        for path, expr, stored in look.defaults():
            if look.has_asyncpg(path) and stored.zone == "naive":
                yield self._bound(path, expr, stored, "is filled by its default with")
        for path, expr, stored in look.given():
            if look.has_asyncpg(path):
                yield self._bound(path, expr, stored, "is given")

    def _bound(self, path: str, expr: s.Expr, stored: _Stored, how: str) -> Finding:
        return self.finding(
            path,
            expr,
            message=(
                f"`{stored.label}` is a column without time zone and {how} a moment that has one."
            ),
            why=(
                "asyncpg raises DataError (can't subtract offset-naive and offset-aware "
                "datetimes): the statement fails each time."
            ),
            fix=f"Declare `{stored.column.name}` with `DateTime(timezone=True)`, or leave the time "
                "zone out of the value (`.replace(tzinfo=None)`).",
            subject=f"{stored.label} with time zone",
            related=[
                Related(stored.column.path, stored.column.span[0], f"{stored.label} is mapped here")
            ],
        )  # fmt: skip

    def _in_django(self, given: Given) -> Finding:
        label = f"{given.entity.name}.{given.column.name}"
        return self.finding(
            given.path,
            given.expr,
            message=f"`{label}` keeps time zones (`USE_TZ`) and {given.how} a moment without one.",
            why=(
                "Django warns at each use (received a naive datetime) and takes it for a moment in "
                "`TIME_ZONE`: `utcnow()` is off by the offset, `now()` when clocks change; Python "
                "raises TypeError when it compares the two kinds."
            ),
            fix="Use `django.utils.timezone.now()`, or `make_aware()` for moments from elsewhere.",
            subject=f"{label} without time zone",
            related=[
                Related(given.column.path, given.column.span[0], f"{label} is mapped here")
            ],
        )  # fmt: skip

    # --- in Python ---

    def _in_python(self, look: _Look) -> Iterator[Finding]:
        for function in service_functions(look.facts.model):
            nodes = look.facts.model.own_nodes(function)
            ordered = [node for node in nodes if isinstance(node, s.Binary) and node.op in _ORDERED]
            if not ordered:
                continue
            if any(isinstance(node, s.Attribute) and node.name in ("tzinfo", "utcoffset")
                   for node in nodes):  # fmt: skip
                continue
            written = {
                target.name
                for node in nodes
                if isinstance(node, s.Assign)
                for target in node.targets
                if isinstance(target, s.Attribute)
            }
            for node in ordered:
                for one, other in ((node.left, node.right), (node.right, node.left)):
                    stored = look.read(function, one)
                    if stored is None or stored.column.name in written:
                        continue
                    mine = look.loaded_zone(function.module.path, stored)
                    theirs = look.zone(other)
                    if mine is not None and theirs is not None and mine != theirs:
                        yield self._mixed(function, node, one, stored, mine)

    def _mixed(
        self, function: FunctionInfo, node: s.Binary, one: s.Expr, stored: _Stored, zone: Zone
    ) -> Finding:
        what = "subtracted" if node.op == "-" else "compared"
        mine, theirs = "has a time zone", "has none"
        if zone == "naive":
            mine, theirs = "has no time zone", "has one"
        name = s.dotted(one) or stored.label
        return self.finding(
            function.module.path,
            node,
            message=(
                f"`{name}` {mine} when it comes out of the database, and the moment that it is "
                f"{what} with {theirs}."
            ),
            why=f"Python raises TypeError: can't {'subtract' if node.op == '-' else 'compare'} "
                "offset-naive and offset-aware datetimes.",
            fix=(
                "Use `django.utils.timezone.now()`, which has the time zone that the column has."
                if stored.entity.kind == "django"
                else "Give both a time zone (`DateTime(timezone=True)`, `datetime.now(UTC)`), or "
                "none."
            ),
            subject=f"{function.name} {what} {stored.label}",
            related=[
                Related(stored.column.path, stored.column.span[0], f"{stored.label} is mapped here")
            ],
        )  # fmt: skip


class _Look:
    """What the rule looks at."""

    def __init__(self, facts: Facts, certain: Certain, moments: Moments) -> None:
        self.facts = facts
        self._certain = certain
        self._moments = moments
        self._columns = dict(self._declared())
        self._reads = dict(self._read_in_flow())

    def zone(self, expr: s.Expr) -> Zone | None:
        try:
            return self._moments.zone(expr, self.facts.model.scope_of(expr))
        except (KeyError, RecursionError):
            return None

    # --- columns ---

    def _declared(self) -> Iterator[tuple[tuple[str, s.Span], Zone]]:
        for owner, entity in self._owners():
            for item in declarations(owner, self.facts.model):
                column = entity.columns.get(item.name)
                if column is None or column.span != item.node.span:
                    continue
                zone = self._moments.column_zone(column, item)
                if zone is not None:
                    yield (column.path, column.span), zone

    def _owners(self) -> Iterator[tuple[ClassInfo, Entity]]:
        """The mapped classes with the classes that they inherit columns from."""
        for entity in self.facts.entities:
            if entity.kind in _KINDS and entity.cls is not None and not is_outside(entity.path):
                for owner in (ClassValue(entity.cls), *self.facts.model.ancestors(entity.cls)):
                    if isinstance(owner, ClassValue):
                        yield owner.cls, entity

    def stored(self, entity: Entity | None, name: str) -> _Stored | None:
        column = entity.columns.get(name) if entity is not None else None
        if entity is None or column is None:
            return None
        if entity.kind == "django":
            return _Stored(entity, column, "aware") if column.type == "datetime-tz" else None
        zone = self._columns.get((column.path, column.span))
        return _Stored(entity, column, zone) if zone is not None else None

    def defaults(self) -> Iterator[tuple[str, s.Expr, _Stored]]:
        """The defaults that give moments with a time zone."""
        seen: set[s.Expr] = set()
        for owner, entity in self._owners():
            for item in declarations(owner, self.facts.model):
                stored = self.stored(entity, item.name)
                if stored is None or not isinstance(item.value, s.Call) or entity.abstract:
                    continue
                calls = [item.value]
                given = item.value.argument(keyword="sa_column")
                calls += [given] if isinstance(given, s.Call) else []
                for call in calls:
                    for word in _DEFAULTS:
                        default = call.argument(keyword=word)
                        if default is None or default in seen:
                            continue
                        zone = self._moments.called(default, item.scope)
                        zone = zone or self._moments.zone(default, item.scope)
                        if zone == "aware":
                            seen.add(default)
                            yield stored.column.path, default, stored

    # --- values ---

    def given(self) -> Iterator[tuple[str, s.Expr, _Stored]]:
        """What has a time zone, and is stored in or compared with a column that has none."""
        if "naive" not in self._columns.values():
            return
        for path, expr, stored in self._all_given():
            if stored is not None and stored.zone == "naive" and self.zone(expr) == "aware":
                yield path, expr, stored

    def _all_given(self) -> Iterator[tuple[str, s.Expr, _Stored | None]]:
        model, entities = self.facts.model, self.facts.entities
        for function in service_functions(model):
            path = function.module.path
            for call in model.calls_in(function):
                if any(item.keyword for item in call.args):
                    named = self._certain.classes(call.func, model.scope_of(call))
                    if named is not None and len(named) == 1:
                        entity = entities.of_class(next(iter(named)))
                        for item in call.args:
                            if item.keyword is not None:
                                yield path, item.value, self.stored(entity, item.keyword)
            for node in model.own_nodes(function):
                if isinstance(node, s.Assign) and node.value is not None and node.op is None:
                    for target in node.targets:
                        if isinstance(target, s.Attribute):
                            yield path, node.value, self.set_column(target)
        for _, event in self.facts.flows.events():
            yield from self._in_flow(event)

    def _in_flow(self, event: object) -> Iterator[tuple[str, s.Expr, _Stored | None]]:
        if isinstance(event, Attribute) and event.how in ("values", "filter-by") and event.certain:
            node = event.place.node
            given = node.argument(keyword=event.name) if isinstance(node, s.Call) else None
            if given is not None and isinstance(event.entity, Entity):
                yield event.place.path, given, self.stored(event.entity, event.name)
        if isinstance(event, Compared) and event.operator in _COMPARED:
            node = event.place.node
            sides: list[tuple[object, s.Expr]] = []
            if isinstance(node, s.Binary):
                sides = [(event.left.only(), node.right), (event.right.only(), node.left)]
            elif isinstance(node, s.Call):
                sides = [(event.left.only(), item.value) for item in node.args]
            for ref, expr in sides:
                if isinstance(ref, ColumnRef):
                    yield event.place.path, expr, self.stored(ref.table.entity, ref.column)

    def set_column(self, target: s.Attribute) -> _Stored | None:
        classes = self._certain.objects(target.value)
        if classes is not None and len(classes) == 1:
            return self.stored(self.facts.entities.of_class(next(iter(classes))), target.name)
        return self._reads.get(target)

    # --- reads ---

    def _read_in_flow(self) -> Iterator[tuple[s.Node, _Stored]]:
        """The reads and writes of such columns on objects that queries gave."""
        for _, event in self.facts.flows.events():
            if (
                isinstance(event, Attribute)
                and event.certain
                and event.how in ("instance", "set")
                and isinstance(event.entity, Entity)
            ):
                stored = self.stored(event.entity, event.name)
                if stored is not None:
                    yield event.place.node, stored

    def read(self, function: FunctionInfo, expr: s.Expr) -> _Stored | None:
        """The column that the expression reads of a stored object."""
        if isinstance(expr, s.Name):
            bound = self.facts.model.binding(expr.id, self.facts.model.scope_in(function))
            if bound is None or bound[1].function is not function:
                return None
            expr = bound[0]
        if not isinstance(expr, s.Attribute):
            return None
        found = self._reads.get(expr)
        if found is not None:
            return found
        classes = self._certain.objects(expr.value)
        if classes is None or len(classes) != 1:
            return None
        return self.stored(self.facts.entities.of_class(next(iter(classes))), expr.name)

    # --- databases ---

    def has_asyncpg(self, path: str) -> bool:
        """The service that the file belongs to reaches PostgreSQL by asyncpg, and nothing else."""
        service = self.facts.stack.service_of(path)
        return (
            service is not None
            and "asyncpg" in service.drivers
            and service.orm_modes == ["async"]
            and set(service.databases) <= {"postgresql"}
            and not _TOLERANT & set(service.drivers)
        )

    def loaded_zone(self, path: str, stored: _Stored) -> Zone | None:
        """What a value of the column is when it comes out of the database."""
        if stored.zone == "naive" or stored.entity.kind == "django":
            return stored.zone
        service = self.facts.stack.service_of(path)
        databases = set(service.databases) if service is not None else set()
        if databases == {"postgresql"}:
            return "aware"
        return "naive" if databases == {"sqlite"} else None
