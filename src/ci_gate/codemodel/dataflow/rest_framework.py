"""Django REST framework's part in a run: serializers read the objects that they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, objects, web
from ci_gate.codemodel.dataflow.adapters import Adapter
from ci_gate.codemodel.dataflow.django import Django
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    Const,
    Frame,
    Func,
    Instance,
    Item,
    Manager,
    Many,
    Method,
    Params,
    Ref,
    Table,
    Thing,
    Typed,
    Val,
    merged,
    of,
    tainted,
    without_none,
)
from ci_gate.codemodel.dataflow.events import Attribute
from ci_gate.codemodel.dataflow.rest_fields import Field, Shapes
from ci_gate.codemodel.dataflow.rest_views import Views
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Route

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.machine import Machine

_MANY: Final = ("serializer", "many")
_DONE: Final = ("serializer", "done")
_VALIDATED: Final = ("serializer", "validated")
_CHANGING: Final = ("validate", "to_internal_value", "run_validation")
_METHODS: Final = frozenset({
    "is_valid", "save", "create", "update", "to_representation", "to_internal_value",
    "run_validation", "validate", "get_fields", "get_value", "get_attribute", "get_initial",
    "run_validators",
})  # fmt: skip
_MAX_NESTED: Final = 6


class RestFramework(Adapter):
    def __init__(self, machine: Machine, django: Django) -> None:
        super().__init__(machine)
        self.django = django
        self.shapes = Shapes(machine)
        self.views = Views(self)
        self._walked: list[ClassInfo] = []
        self._run: object = None
        self._seen: set[object] = set()

    # --- routes ---

    def action(self, route: Route) -> str | None:
        return self.views.action(route)

    def answer(self, route: Route, this: Val, action: str) -> Val | None:
        if route.view is None or "generic" not in self.shapes.kinds(route.view):
            return None
        return self.views.play(route.view, this, action)

    # --- objects ---

    def constructed(self, cls: ClassInfo, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if "serializer" not in self.shapes.kinds(cls):
            return None
        made = self.machine.allocate(Thing("object", cls, made=node))
        given = args.get(1, "data")
        if given is not None and given.only() != Params("query"):
            self.machine.use(given)
        init = self.machine.model.method(cls, "__init__")
        if init is not None:
            calls.invoke(self.machine, Func(init, of(made)), args, node, frame)
        else:
            self._initialise(self.machine.thing(made), args)
        return of(made)

    def _initialise(self, thing: Thing, args: Args) -> None:
        thing.fields["instance"] = args.get(0, "instance") or (NONE if args.whole else UNKNOWN)
        thing.fields["initial_data"] = args.get(1, "data") or NONE
        thing.fields["context"] = args.get(None, "context") or UNKNOWN
        many = args.get(None, "many")
        thing.fields[_MANY] = many if many is not None else of(Const(False))

    def member(
        self, cls: ClassInfo, this: Val, name: str, node: s.Node, frame: Frame
    ) -> Val | None:
        kinds = self.shapes.kinds(cls)
        if "serializer" in kinds:
            return self._of_serializer(cls, this, name, node, frame)
        if "view" in kinds:
            return self.views.member(this, name, generic="generic" in kinds)
        if "paginator" in kinds and name in ("paginate_queryset", "get_paginated_response"):
            return of(*(Method(item, name) for item in this.items))
        return None

    def called(self, item: Item, args: Args, node: s.Expr, frame: Frame) -> Val | None:
        if not isinstance(item, Method):
            return None
        owner, name = item.owner, item.name
        cls = self._class_of(owner)
        if cls is None:
            return None
        kinds = self.shapes.kinds(cls)
        if "serializer" in kinds:
            return self._method(cls, of(owner), name, args, node, frame)
        if "view" in kinds:
            return self.views.method(cls, of(owner), name, args, node, frame)
        if "paginator" in kinds and name == "paginate_queryset":
            return self.views.page(args.get(0, "queryset") or UNKNOWN, node, frame)
        return None

    def inherited(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        own = self._class_of(this.only()) or cls
        kinds = self.shapes.kinds(own)
        if "serializer" in kinds:
            if name == "__init__":
                item = this.only()
                if isinstance(item, Ref):
                    thing = self.machine.thing(item)
                    self.machine.written(thing, *args.all())
                    self._initialise(thing, args)
                return NONE
            return self._method(own, this, name, args, node, frame)
        if "view" in kinds:
            return self.views.method(own, this, name, args, node, frame)
        if "paginator" in kinds and name == "paginate_queryset":
            return self.views.page(args.get(0, "queryset") or UNKNOWN, node, frame)
        return None

    def _class_of(self, item: Item | None) -> ClassInfo | None:
        if isinstance(item, Ref):
            return self.machine.thing(item).cls
        return item.cls if isinstance(item, Typed) else None

    # --- serializers ---

    def _of_serializer(
        self, cls: ClassInfo, this: Val, name: str, node: s.Node, frame: Frame
    ) -> Val | None:
        if name == "data":
            return self._data(cls, this, node, frame)
        if name == "validated_data":
            return self._validated(cls, this)
        if name in _METHODS:
            return of(*(Method(item, name) for item in this.items))
        if name in ("errors", "fields", "context", "instance", "initial_data", "parent", "root"):
            return UNKNOWN
        return None

    def _validated(self, cls: ClassInfo, this: Val) -> Val:
        """What was sent, after its checks: the fields that the serializer declares."""
        machine, item = self.machine, this.only()
        fields = machine.thing(item).fields if isinstance(item, Ref) else {}
        if fields.get("initial_data", NONE).only() != Params("query"):
            return of(Params("body"))
        if _VALIDATED not in fields:
            fields[_VALIDATED] = self._from_query(cls)
            machine.written(machine.thing(item), fields[_VALIDATED])  # type: ignore[arg-type]
        return fields[_VALIDATED]

    def _from_query(self, cls: ClassInfo) -> Val:
        """The parameters of the query string that the serializer's fields take, by their
        sources."""
        machine, model = self.machine, self.machine.model
        inputs = self.shapes.inputs(cls)
        if inputs is None:
            machine.run.wildcard = True
            return of(Params("query"))
        whole = all(model.method(cls, name) is None for name in _CHANGING)
        held: dict[object, Val] = {}
        for one in inputs:
            machine.homes.setdefault(one.node, one.path)
            value = web.taken(machine, "query", one.name, one.node)
            if whole and len(one.source) == 1:
                before = held.get(one.source[0], UNKNOWN)
                held[one.source[0]] = tainted(value, before.sources)
            else:
                machine.use(value)
        return of(machine.allocate(Thing("dict", fields=held, whole=whole)))

    def _data(self, cls: ClassInfo, this: Val, node: s.Node, frame: Frame) -> Val:
        item = this.only()
        if not isinstance(item, Ref):
            return UNKNOWN
        thing = self.machine.thing(item)
        if _DONE not in thing.fields:
            thing.fields[_DONE] = NONE
            thing.fields[_DONE] = self.represent(cls, thing, this, node, frame)
            self.machine.written(thing, thing.fields[_DONE])
        return thing.fields[_DONE]

    def represent(self, cls: ClassInfo, thing: Thing, this: Val, node: s.Node, frame: Frame) -> Val:
        """Read the objects of a serializer, as ``serializer.data`` does."""
        if thing.fields.get("initial_data", NONE).only() == Params("query"):
            self.machine.run.wildcard = True
        given = without_none(thing.fields.get("instance", UNKNOWN))
        if thing.fields.get(_MANY, NONE).only() == Const(True):
            return self.each(cls, this, given, node, frame)
        if given.items and _MANY in thing.fields:
            self.one(cls, this, given, node, frame)
        return UNKNOWN

    def each(self, cls: ClassInfo, this: Val, given: Val, node: s.Node, frame: Frame) -> Val:
        """Read each object of a collection."""
        if self.shapes.option(cls, "list_serializer_class") is not None:
            rows = objects.iterated(self.machine, self._rows(given, node, frame), node, frame)
            return of(Many(UNKNOWN, rows.stored, rows.statement))
        return self._looped(given, node, frame, lambda one: self.one(cls, this, one, node, frame))

    def _looped(self, given: Val, node: s.Node, frame: Frame, body: Callable[[Val], object]) -> Val:
        """Do something with each object; what comes of it is a list."""
        machine = self.machine
        rows = self._rows(given, node, frame)
        element, loop = objects.loop_over(machine, rows, node, node, frame)

        def run() -> bool:
            body(element)
            return False

        if loop is None:
            run()
            return UNKNOWN
        machine.looping(loop, run)
        return of(Many(UNKNOWN, stored=True, statement=loop.statement))

    def _rows(self, given: Val, node: s.Node, frame: Frame) -> Val:
        """The collection itself: of a manager, all that it has."""
        items: list[Item] = []
        for item in given.items:
            if isinstance(item, Manager):
                starts = self.django.managers.start(item, _expr(node), frame)
                items += [self.django.results.note(one) for one in starts]
            else:
                items.append(item)
        return Val(tuple(items), given.sources, given.partial)

    def one(self, cls: ClassInfo, this: Val, given: Val, node: s.Node, frame: Frame) -> Val:
        """Read one object."""
        machine = self.machine
        machine.unspoken += 1  # what was read before is not read again
        if self._walked.count(cls) > 1 or len(self._walked) > _MAX_NESTED or not machine.step():
            return UNKNOWN
        if self._is_repeated(cls, given):
            return UNKNOWN
        override = machine.model.method(cls, "to_representation")
        self._walked.append(cls)
        try:
            if override is not None and override not in machine.active:
                args = Args(None, (given,))
                return calls.invoke(machine, Func(override, this), args, _expr(node), frame)
            self._fields(cls, this, given)
        finally:
            self._walked.pop()
        return UNKNOWN

    def _is_repeated(self, cls: ClassInfo, given: Val) -> bool:
        """Has the class read such an object in this run before? Nothing new is seen then."""
        self.machine.unspoken += 1
        if self._run is not self.machine.run:
            self._run, self._seen = self.machine.run, set()
        kinds = frozenset(
            (item.entity, item.loaded) if isinstance(item, Instance) else type(item)
            for item in given.items
        )
        key = (cls, kinds, bool(self.machine.loops), bool(self._walked))
        if key in self._seen:
            return True
        self._seen.add(key)
        return False

    def _fields(self, cls: ClassInfo, this: Val, given: Val) -> None:
        shape = self.shapes.of(cls)
        if shape.open or not given.items:
            return
        for item in shape.fields:
            self._field(item, cls, this, given, Frame(self._body(item, cls)))

    def _body(self, item: Field, cls: ClassInfo) -> FunctionInfo:
        """The class body that names a field, as what reads it."""
        module = self.machine.model.modules[item.path]
        return FunctionInfo(f"{item.path}::<module>", cls.name, module, module, None, None)

    # --- fields ---

    def _field(self, item: Field, cls: ClassInfo, this: Val, given: Val, frame: Frame) -> None:
        machine, node = self.machine, item.node
        if item.kind == "method":
            method = machine.model.method(cls, item.attribute or "")
            if method is not None:
                calls.invoke(machine, Func(method, this), Args(None, (given,)), _expr(node), frame)
            return
        source = item.source
        if item.kind == "key" and not item.many:
            source = source[:-1]
        if item.kind == "value" and not item.many and _is_column(given, source):
            return
        value = self._read(given, source, node, frame)
        if item.optional:
            self._excuse(node)
        if item.many:
            if item.kind == "nested" and item.cls is not None:
                inner = self._nested(item.cls, this)
                self.each(item.cls, inner, value, node, frame)
            elif value.items:
                self._looped(value, node, frame, lambda one: self._shown(item, this, one, frame))
        else:
            self._shown(item, this, without_none(value), frame)

    def _shown(self, item: Field, this: Val, value: Val, frame: Frame) -> None:
        """What a field makes of one value."""
        machine, node = self.machine, item.node
        if item.kind == "nested" and item.cls is not None and value.items:
            self.one(item.cls, self._nested(item.cls, this), value, node, frame)
        elif item.kind == "custom" and item.cls is not None:
            if self._is_repeated(item.cls, value):
                return
            method = machine.model.method(item.cls, "to_representation")
            if method is not None:
                made = machine.allocate(Thing("object", item.cls))
                machine.thing(made).fields["context"] = self._context(this)
                func = Func(method, of(made))
                calls.invoke(machine, func, Args(None, (value,)), _expr(node), frame)
        elif item.kind == "slug" and item.attribute is not None:
            self._read(value, tuple(item.attribute.split("__")), node, frame)
        elif item.kind == "text":
            for one in value.items:
                if isinstance(one, Instance):
                    written = objects.method_of(machine, of_entity(one), ("__str__",))
                    if written is not None:
                        func = Func(written.info, Val((one,), value.sources))
                        calls.invoke(machine, func, Args(None), _expr(node), frame)

    def _read(self, given: Val, source: tuple[str, ...], node: s.Node, frame: Frame) -> Val:
        """``instance.a.b``; what can be called without arguments is called."""
        machine, value = self.machine, given
        for part in source:
            value = objects.attribute(machine, without_none(value), part, node, frame)
            functions = [item for item in value.items if isinstance(item, Func)]
            if functions and len(functions) == len(value.items):
                value = calls.call(machine, value, Args(None), _expr(node), frame)
            if not value.items:
                break
        return value

    def _excuse(self, node: s.Node) -> None:
        """The field is left out where the object has no such attribute."""
        events = self.machine.run.events
        while events and isinstance(events[-1], Attribute) and events[-1].place.node is node:
            events.pop()

    def _nested(self, cls: ClassInfo, this: Val) -> Val:
        made = self.machine.allocate(Thing("object", cls))
        self.machine.thing(made).fields["context"] = self._context(this)
        return of(made)

    def _context(self, this: Val) -> Val:
        item = this.only()
        return (
            self.machine.thing(item).fields.get("context", UNKNOWN)
            if isinstance(item, Ref)
            else UNKNOWN
        )

    # --- methods of serializers ---

    def _method(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        machine = self.machine
        first = args.get(0)
        if name == "to_representation" and first is not None:
            if self.shapes.option(cls, "list_serializer_class") is None:
                self._fields(cls, this, first)
            return UNKNOWN
        if name == "save":
            return self._save(cls, this, args, node, frame)
        if name in ("create", "update"):
            return self._stored(cls, this, name, args, node, frame)
        if name == "is_valid":
            self._validate(cls, this, node, frame)
            return UNKNOWN
        if name in ("validate", "to_internal_value", "run_validation"):
            return of(Params("body")) if name != "validate" else first or UNKNOWN
        if name not in _METHODS:
            return None
        machine.use(*args.all())
        return UNKNOWN

    def _validate(self, cls: ClassInfo, this: Val, node: s.Expr, frame: Frame) -> None:
        """The tree's own checks get what was sent."""
        for name in ("validate", *(f"validate_{item.name}" for item in self.shapes.of(cls).fields)):
            method = self.machine.model.method(cls, name)
            if method is not None:
                body = Val((Params("body"),))
                calls.invoke(self.machine, Func(method, this), Args(None, (body,)), node, frame)

    def _save(self, cls: ClassInfo, this: Val, args: Args, node: s.Expr, frame: Frame) -> Val:
        machine = self.machine
        item = this.only()
        if not isinstance(item, Ref):
            return UNKNOWN
        fields = machine.thing(item).fields
        data = of(Params("body"))
        if args.keywords:
            extra = machine.allocate(Thing("dict", fields=dict(args.keywords), whole=False))
            data = of(extra, Params("body"))
        before = fields.get("instance", UNKNOWN)
        results: list[Val] = []
        if before.only() != Const(None):
            given = Args(None, (without_none(before), data))
            results.append(self._own(cls, this, "update", given, node, frame))
        if Const(None) in before.items:
            results.append(self._own(cls, this, "create", Args(None, (data,)), node, frame))
        made = merged(results)
        fields["instance"] = made
        machine.written(machine.thing(item), made)
        fields.pop(_DONE, None)
        return made

    def _own(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        """Call a method, the tree's own if it has one."""
        method = self.machine.model.method(cls, name)
        if method is not None:
            return calls.invoke(self.machine, Func(method, this), args, node, frame)
        return self._stored(cls, this, name, args, node, frame)

    def _stored(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val:
        """What ``ModelSerializer`` does by itself."""
        machine = self.machine
        machine.use(*args.all())
        entity = self.shapes.of(cls).entity
        del this
        if name == "update":
            given = args.get(0, "instance") or UNKNOWN
            for item in given.items:
                if isinstance(item, Instance):
                    self.django.results.stored(item, "save", Args(None), node, frame)
            return given
        if entity is None:
            return UNKNOWN
        statements = self.django.statements(of(Table(entity)), node, frame)
        return merged(
            self.django.results.method(one, "create", Args(None), node, frame) for one in statements
        )


def _is_column(given: Val, source: tuple[str, ...]) -> bool:
    return (
        len(source) == 1
        and bool(given.items)
        and all(
            isinstance(item, Instance) and source[0] in item.entity.columns for item in given.items
        )
    )


def of_entity(item: Instance) -> Item:
    """An object of the entity's class, for its methods to be looked up."""
    return Typed(item.entity.cls) if item.entity.cls is not None else item


def _expr(node: s.Node) -> s.Expr:
    return node  # type: ignore[return-value]
