"""Django's part in a run: models, managers, query sets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import (
    convert,
    django_expressions,
    instances,
    objects,
)
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.django_managers import Managers
from ci_gate.codemodel.dataflow.django_names import AddedNames, is_class_api, is_instance_api
from ci_gate.codemodel.dataflow.django_querysets import BUILDERS, Builder, limited
from ci_gate.codemodel.dataflow.django_results import METHODS, Results
from ci_gate.codemodel.dataflow.domain import (
    UNKNOWN,
    Args,
    Const,
    Field,
    Frame,
    Func,
    Instance,
    Item,
    Library,
    Lookups,
    Manager,
    Many,
    Method,
    Pages,
    Ref,
    Request,
    Statement,
    Table,
    Typed,
    Val,
    merged,
    of,
)
from ci_gate.codemodel.dataflow.events import Attribute, Paged, Recut, Unresolved
from ci_gate.codemodel.program import ClassInfo
from ci_gate.codemodel.values import ClassValue, ExternalValue, InstanceValue, Value
from ci_gate.data import replace
from ci_gate.regex import regex

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_SHORTCUTS: Final = regex(
    r"^(?:django\.shortcuts|rest_framework\.generics)\.a?get_(object|list)_or_404$"
)
_ANSWERS: Final = frozenset({"rest_framework.response.Response", "django.http.JsonResponse"})
_RELATED_WRITES: Final = frozenset({"add", "remove", "set", "clear", "aadd", "aremove", "aset",
                                    "aclear"})  # fmt: skip
_USER_WRITES: Final = frozenset({"create_user", "create_superuser", "acreate_user",
                                 "acreate_superuser"})  # fmt: skip
_QUIET: Final = frozenset({
    "db", "_db", "query", "ordered", "name", "through", "auto_created", "creation_counter",
    "use_in_migrations", "query_field_name", "source_field_name", "target_field_name",
    "contribute_to_class", "deconstruct", "check", "as_manager", "resolve_expression",
    "_meta", "core_filters", "prefetch_cache_name", "get_prefetch_queryset", "_hints",
    "_result_cache", "_prefetch_related_lookups", "_clone", "_chain", "explain", "iterator",
    "make_random_password", "normalize_email", "with_perm", "__class__", "__dict__", "_insert",
    "_fetch_all", "_filter_or_exclude", "field", "reverse", "do_not_call_in_templates",
})  # fmt: skip


#: What Django refuses once a query set is sliced; the latter where they are given something.
_NOT_ON_A_PART: Final = frozenset({
    "filter", "exclude", "complex_filter", "order_by", "reverse", "distinct", "last", "latest",
    "earliest", "update", "delete", "extra", "in_bulk", "get",
})  # fmt: skip
_WITH_ARGUMENTS: Final = frozenset({"filter", "exclude", "complex_filter", "get"})


class Django(Adapter):
    def __init__(self, machine: Machine) -> None:
        super().__init__(machine)
        self.managers = Managers(machine)
        self.builder = Builder(machine)
        self.results = Results(machine, self.builder)

    @cached_property
    def added(self) -> AddedNames:
        return AddedNames(self.machine.model)

    # --- values ---

    def value(self, path: str) -> Val | None:
        if path == "django.contrib.auth.get_user_model()":
            return of(Table(self.managers.user)) if self.managers.user is not None else None
        return None

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if isinstance(item, Library):
            return self._function(item.path, args, node, frame)
        if isinstance(item, Table):
            return self._construct(item, args, node, frame)
        if not isinstance(item, Method):
            return None
        owner, name = item.owner, item.name
        if isinstance(owner, Manager):
            return self._manager_method(owner, name, args, node, frame)
        if isinstance(owner, Statement) and owner.library == "django":
            return self._statement_method(owner, name, args, node, frame)
        if isinstance(owner, Lookups):
            self.machine.use(*args.all())
            return of(owner, sources=args.sources())
        if isinstance(owner, Pages):
            self.machine.use(*args.all())
            return of(owner) if name in ("page", "get_page", "apage", "aget_page") else UNKNOWN
        if isinstance(owner, Instance) and owner.entity.kind == "django":
            return self._instance_method(owner, name, args, node, frame)
        return None

    def _function(self, path: str, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if not path.startswith(("django.", "rest_framework.")):
            return None
        match = _SHORTCUTS.match(path)
        if match is not None:
            return self._or_404(args, node, frame, many=match[1] == "list")
        if path == "django.contrib.auth.get_user_model":
            return self.value(path + "()")
        if path in ("django.core.paginator.Paginator", "django.core.paginator.AsyncPaginator"):
            given = args.get(0, "object_list")
            self.machine.use(*args.all())
            found = [Pages(limited(item)) for item in self.statements(given, node, frame)]
            return of(*found) if found else UNKNOWN
        if path in _ANSWERS:
            self.machine.use(*args.all())
            return args.get(0, "data") or UNKNOWN
        if path.endswith("models.prefetch_related_objects"):
            self._prefetch_objects(args, node, frame)
            return UNKNOWN
        return django_expressions.called(self.machine, path, args, node, frame)

    def statements(self, value: Val | None, node: s.Expr, frame: Frame) -> list[Statement]:
        """The query sets that a model, manager or query set stands for."""
        found: list[Statement] = []
        for item in value.items if value is not None else ():
            if isinstance(item, Table) and item.entity.kind == "django":
                manager = self.managers.manager(item.entity, "_default_manager", node, frame)
                found += self.managers.start(manager, node, frame) if manager is not None else []
            elif isinstance(item, Manager):
                found += self.managers.start(item, node, frame)
            elif isinstance(item, Statement) and item.library == "django":
                found.append(item)
        return found

    def _or_404(self, args: Args, node: s.Expr, frame: Frame, *, many: bool) -> Val:
        rest = Args(args.node, args.positional[1:], args.keywords, args.whole)
        found: list[Val] = []
        for statement in self.statements(args.get(0, "klass"), node, frame):
            if many:
                made = self.builder.build(statement, "filter", rest, node, frame)
                found.append(of(self.results.rows(self.results.note(made), node, frame)))
            else:
                found.append(self.results.method(statement, "get", rest, node, frame))
        self.machine.use(*args.all())
        return merged(found) if found else UNKNOWN

    def _prefetch_objects(self, args: Args, node: s.Expr, frame: Frame) -> None:
        if args.positional:
            given = objects.iterated(self.machine, args.positional[0], node, frame)
            names = {
                str(item.value).partition("__")[0]
                for value in args.positional[1:]
                for item in value.items
                if isinstance(item, Const)
            }
            held = any(isinstance(item, Statement | Pages) for item in args.positional[0].items)
            self.results.refreshed(given.element, frozenset(names), later=held)

    def _construct(self, table: Table, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        entity = table.entity
        if entity.kind != "django" or entity.cls is None:
            return None
        if self.machine.model.method(entity.cls, "__init__") is not None:
            return instances.construct(self.machine, table, args, node, frame)
        self.results.keywords(entity, args, node, frame)
        self.machine.use(*args.all())
        tick = self.machine.tick()
        return of(Instance(entity, None, None, tick, fresh=True, origin=node))

    # --- managers and query sets ---

    def _manager_method(
        self, manager: Manager, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        if name in ("db_manager", "using"):
            return of(manager)
        starts = self.managers.start(manager, node, frame)
        if name in ("all", "get_queryset"):
            return of(*(self.results.note(item) for item in starts))
        if name in _RELATED_WRITES:
            return merged(
                self.results.related_write(item, name, args, node, frame) for item in starts
            )
        if name in _USER_WRITES:
            fields = Args(args.node, (), args.keywords, args.whole)
            return merged(
                self.results.method(item, "create", fields, node, frame) for item in starts
            )
        if name in ("get_by_natural_key", "aget_by_natural_key"):
            return merged(
                self.results.method(item, "get", Args(None), node, frame) for item in starts
            )
        return merged(
            found
            for item in starts
            if (found := self._statement_method(item, name, args, node, frame)) is not None
        )

    def _statement_method(
        self, statement: Statement, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        if statement.sliced and name.removeprefix("a") in _NOT_ON_A_PART:
            named = name.removeprefix("a") in _WITH_ARGUMENTS
            if not named or args.positional or args.keywords:
                place = self.machine.place(node, frame)
                self.machine.emit(Recut(place, statement, name))
        if name in BUILDERS:
            made = self.builder.build(statement, name, args, node, frame)
            return of(self.results.note(made))
        if name in METHODS:
            return self.results.method(statement, name, args, node, frame)
        return None

    def attribute(self, item: Item, name: str, node: s.Node, frame: Frame) -> Val | None:
        if isinstance(item, Instance):
            if item.entity.kind != "django":
                return None
            return self._instance_attribute(item, name, node, frame)
        if isinstance(item, Manager | Statement):
            if isinstance(item, Statement) and item.library != "django":
                return None
            return self._query_attribute(item, name, node, frame)
        if isinstance(item, Table) and item.entity.kind == "django":
            return self._class_attribute(item, name, node, frame)
        if isinstance(item, Lookups):
            return of(Method(item, name))
        if isinstance(item, Method) and item.name == "_state" and name == "adding":
            owner = item.owner
            stored = isinstance(owner, Instance) and owner.origin is not None and not owner.fresh
            return of(Const(False)) if stored else UNKNOWN
        if isinstance(item, Pages):
            if name == "object_list":
                return of(self.results.note(item.statement))
            return of(Method(item, name))
        if isinstance(item, Request) and name == "user" and self.managers.user is not None:
            return Val((Instance(self.managers.user),), partial=True)
        return None

    def _query_attribute(
        self, item: Manager | Statement, name: str, node: s.Node, frame: Frame
    ) -> Val:
        statement = item.statement if isinstance(item, Manager) else item
        classes = item.classes
        method = self.managers.method(classes, name)
        if method is not None and isinstance(method.node, s.Function):
            this: list[Item] = [item]
            owner = method.cls
            if (
                isinstance(item, Manager)
                and owner is not None
                and "manager" not in self.managers.kinds(owner)
                and "queryset" in self.managers.kinds(owner)
            ):
                this = list(self.managers.start(item, node, frame))  # type: ignore[arg-type]
            return of(*(Func(method, of(one)) for one in this))
        if name == "model":
            return of(statement.focus) if statement.focus is not None else UNKNOWN
        if name == "instance" and isinstance(item, Manager) and item.owner is not None:
            return of(item.owner)
        known = name in BUILDERS or name in METHODS
        if isinstance(item, Manager):
            known = known or name in _RELATED_WRITES or name in _USER_WRITES or name in (
                "get_queryset", "db_manager", "get_by_natural_key", "aget_by_natural_key"
            )  # fmt: skip
        if known:
            return of(Method(item, name))
        focus = statement.focus
        if focus is not None and name not in _QUIET and not name.startswith("__"):
            closed = self.managers.is_closed(classes) and not statement.opaque
            declared = any(self._declares(cls, name) for cls in classes)
            if closed and not declared:
                place = self.machine.place(node, frame)
                self.machine.emit(Attribute(place, focus.entity, name, "manager", found=False))
        return UNKNOWN

    def _declares(self, cls: ClassInfo, name: str) -> bool:
        return bool(_of_the_tree(self.machine.model.attribute(InstanceValue(cls), name)))

    def iterated(self, item: Item, node: s.Node, frame: Frame) -> Many | None:
        if isinstance(item, Statement) and item.library == "django":
            return self.results.rows(item, node, frame)
        if isinstance(item, Pages):
            return self.results.rows(item.statement, node, frame)
        return None

    def item(self, item: Item, key: Val, node: s.Node, frame: Frame) -> Val | None:
        if not (isinstance(item, Statement) and item.library == "django"):
            return None
        if isinstance(node, s.Subscript) and isinstance(node.index, s.Unknown):
            bounded = any(not _is_none(part) for part in node.index.children)
            item = replace(item, sliced=item.sliced or bounded)
            for part in node.index.children:
                if not any(isinstance(inner, s.Call) for inner in s.walk(part)):
                    value = self.machine.evaluate(part, frame)
                    self.machine.emit(Paged(self.machine.place(part, frame), value))
                    item = replace(item, sources=item.sources | value.sources)
            made = limited(item)
            return of(self.results.note(replace(made, ready=item.ready)))
        self.machine.use(key)
        if not item.ready:
            self.results.ran(limited(item), "one", node, frame, kept=True)
        return self.results.element(item)

    def tested(self, item: Item, node: s.Expr, frame: Frame) -> None:
        if isinstance(item, Statement) and item.library == "django":
            self.results.rows(item, node, frame)

    def combined(self, op: str, left: Val, right: Val) -> Val | None:
        made = django_expressions.binary(self.machine, op, left, right)
        if made is not None:
            for item in made.items:
                if isinstance(item, Statement):
                    self.results.note(item)
        return made

    # --- objects of the tree's manager classes ---

    def constructed(self, cls: ClassInfo, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        kinds = self.managers.kinds(cls)
        if not kinds & {"manager", "queryset"}:
            return None
        model = args.get(0, "model")
        target = model.only() if model is not None else None
        entity = target.entity if isinstance(target, Table) else self.managers.entity_of(cls)
        if entity is None or entity.kind != "django":
            return UNKNOWN
        base = self.managers.base(entity, (cls,), node, frame)
        return of(Manager(base, (cls,)) if "manager" in kinds else self.results.note(base))

    def member(
        self, cls: ClassInfo, this: Val, name: str, node: s.Node, frame: Frame
    ) -> Val | None:
        if not self.managers.kinds(cls) & {"manager", "queryset"}:
            return None
        found = self.managers.of_class(cls, node, frame)
        del this
        return self._query_attribute(found, name, node, frame) if found is not None else UNKNOWN

    def inherited(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        found: list[Val] = []
        for item in this.items:
            one: Item | None = item
            if isinstance(item, Typed | Ref) and self.managers.kinds(cls):
                one = self.managers.of_class(cls, node, frame)
            if isinstance(one, Manager):
                base = replace(one.statement, node=node, module=frame.function.module.path)
                if name == "get_queryset":
                    found.append(of(self.results.note(base)))
                else:
                    given = self._manager_method(one, name, args, node, frame)
                    found += [given] if given is not None else []
            elif isinstance(one, Statement) and one.library == "django":
                given = self._statement_method(one, name, args, node, frame)
                found += [given] if given is not None else []
            elif isinstance(one, Instance) and one.entity.kind == "django":
                given = self._instance_method(one, name, args, node, frame)
                found += [given] if given is not None else []
        return merged(found) if found else None

    # --- models ---

    def _class_attribute(self, table: Table, name: str, node: s.Node, frame: Frame) -> Val:
        machine, entity = self.machine, table.entity
        manager = self.managers.manager(entity, name, node, frame)
        if manager is not None:
            return of(manager)
        if entity.cls is None or name in entity.columns or name in entity.relations:
            return UNKNOWN
        method = machine.model.method(entity.cls, name)
        if method is not None and isinstance(method.node, s.Function):
            if method.node.kind == "class":
                return of(Func(method, of(table)))
            return of(Func(method))
        declared = objects.declared_value(machine, entity.cls, name)
        if declared is not None and declared.items:
            return declared
        values = _of_the_tree(machine.model.attribute(ClassValue(entity.cls), name))
        if values:
            return convert.converted(machine, values)
        if declared is None and not is_class_api(name) and name not in self.added.names:
            machine.emit(Attribute(machine.place(node, frame), entity, name, "class"))
        return UNKNOWN

    def _instance_attribute(self, item: Instance, name: str, node: s.Node, frame: Frame) -> Val:
        machine = self.machine
        item = instances.current(machine, item)
        entity = item.entity
        relation = entity.relations.get(name)
        if relation is not None:
            if relation.many is False:
                return self._one(item, name, node, frame)
            if relation.many is None:
                return UNKNOWN
            manager = self.managers.related(item, name, node, frame)
            return of(manager) if manager is not None else UNKNOWN
        if name in entity.columns or name == "pk":
            return self._column(item, name, node, frame)
        cls = entity.cls
        if cls is None:
            return UNKNOWN
        if is_instance_api(machine.model, cls, name):
            return of(Method(item, name))
        values = _of_the_tree(machine.model.attribute(InstanceValue(cls), name))
        if values or objects.declared_value(machine, cls, name) is not None:
            return convert.converted(machine, values)
        if name not in self.added.names and not self.added.open:
            certain = item.origin is not None
            place = machine.place(node, frame)
            machine.emit(Attribute(place, entity, name, "instance", certain=certain))
        return UNKNOWN

    def _column(self, item: Instance, name: str, node: s.Node, frame: Frame) -> Val:
        """The value that an object has in a column."""
        if item.origin is not None:
            held = self.machine.state.expressions.get((item.origin, name))
            if held is not None and held[0] >= item.clock:
                place = self.machine.place(node, frame)
                self.machine.emit(Unresolved(place, item, name, held[1], held[2]))
        keys = item.entity.primary_key()
        if name == "pk" and len(keys) != 1:
            return UNKNOWN
        column = keys[0] if name == "pk" else item.entity.columns[name]
        stored = item.origin is not None and not item.fresh
        instances.note_read(self.machine, item, column, node, frame)
        return of(Field(item.entity, column.name, stored and column.primary_key))

    def _one(self, item: Instance, name: str, node: s.Node, frame: Frame) -> Val:
        """The one object that a relation holds; one-to-one, it knows this one in turn."""
        relation = item.entity.relations[name]
        found = instances.related(self.machine, item, name, node, frame)
        target = self.machine.entities.target(item.entity, name)
        back = target.relations.get(relation.back or "") if target is not None else None
        if back is None or back.many is not False:
            return found
        return Val(
            tuple(
                replace(other, loaded=other.loaded | {(back.name,)})
                if isinstance(other, Instance) and other.loaded is not None
                else other
                for other in found.items
            ),
            found.sources,
            found.partial,
        )

    def set_attribute(self, item: Item, target: s.Attribute, value: Val, frame: Frame) -> bool:
        if not isinstance(item, Instance) or item.entity.kind != "django":
            return False
        place = self.machine.place(target, frame)
        certain = item.origin is not None
        self.machine.emit(Attribute(place, item.entity, target.name, "set", value, certain))
        self.machine.use(value)
        self._keep(item, target, value, frame)
        method = (
            self.machine.model.method(item.entity.cls, target.name) if item.entity.cls else None
        )
        if target.name in item.entity.relations or method is not None:
            self.results.refreshed(of(item), frozenset({target.name}))
        return True

    def _keep(self, item: Instance, target: s.Attribute, value: Val, frame: Frame) -> None:
        """Remember an SQL expression that an attribute holds from now on."""
        if item.origin is None or target.name not in item.entity.columns:
            return
        expressions = self.machine.state.expressions
        key = (item.origin, target.name)
        expressions.pop(key, None)
        given = value.only()
        alone = all(relation.target != item.entity.name for relation in
                    item.entity.relations.values())  # fmt: skip
        if alone and isinstance(given, Lookups):
            expressions[key] = (self.machine.tick(), target, frame.function.module.path)

    def _instance_method(
        self, item: Instance, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        if name in ("save", "delete", "asave", "adelete", "save_base"):
            return self.results.stored(item, name, args, node, frame)
        if name in ("refresh_from_db", "arefresh_from_db"):
            statement = self.managers.base(item.entity, (), node, frame)
            self.results.ran(replace(statement, single=True), "one", node, frame)
            for key in [key for key in self.machine.state.expressions if key[0] is item.origin]:
                del self.machine.state.expressions[key]
            return UNKNOWN
        self.machine.use(*args.all())
        return UNKNOWN


def _is_none(part: s.Node) -> bool:
    return isinstance(part, s.Literal) and part.kind == "none"


def _of_the_tree(values: Iterable[Value]) -> list[Value]:
    """Without what a library's base class may have."""
    return [value for value in values if not isinstance(value, ExternalValue)]
