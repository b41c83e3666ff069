"""What the generic views of Django REST framework do by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow import calls, objects
from ci_gate.codemodel.dataflow.django_querysets import limited
from ci_gate.codemodel.dataflow.domain import (
    NONE,
    UNKNOWN,
    Args,
    ClassItem,
    Const,
    Frame,
    Item,
    Lookup,
    Lookups,
    Manager,
    Method,
    Params,
    Request,
    Source,
    Statement,
    Thing,
    Val,
    merged,
    of,
    without_none,
)
from ci_gate.codemodel.dataflow.rest_settings import RestSettings
from ci_gate.codemodel.entities.declarations import Declaration, declarations
from ci_gate.codemodel.entities.django.declared import text
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Route
from ci_gate.codemodel.values import ClassValue, ExternalValue
from ci_gate.data import replace

if TYPE_CHECKING:
    from ci_gate.codemodel.dataflow.rest_framework import RestFramework

_ACTIONS: Final = frozenset({"list", "retrieve", "create", "update", "partial_update", "destroy"})
_GENERIC: Final = _ACTIONS | {
    "get_queryset", "get_object", "filter_queryset", "paginate_queryset", "get_paginated_response",
    "get_serializer", "get_serializer_class", "get_serializer_context", "perform_create",
    "perform_update", "perform_destroy",
}  # fmt: skip
_PLAIN: Final = frozenset({
    "initial", "initialize_request", "finalize_response", "check_permissions", "dispatch", "setup",
    "check_object_permissions", "check_throttles", "perform_authentication", "get_permissions",
    "get_authenticators", "get_throttles", "get_renderers", "get_parsers", "permission_denied",
    "handle_exception", "get_exception_handler_context", "get_view_name", "reverse_action",
    "get_success_headers", "http_method_not_allowed", "options", "get_extra_action_url_map",
})  # fmt: skip
_VERBS: Final = {
    "GET": (("List", "list"), ("Retrieve", "retrieve")), "POST": (("Create", "create"),),
    "PUT": (("Update", "update"),), "PATCH": (("Update", "partial_update"),),
    "DELETE": (("Destroy", "destroy"),),
}  # fmt: skip
_PAGE_NAMES: Final = {
    "PageNumberPagination": ("page",), "LimitOffsetPagination": ("limit", "offset"),
    "CursorPagination": ("cursor",),
}  # fmt: skip


class Views:
    def __init__(self, rest: RestFramework) -> None:
        self._rest = rest
        self._machine = rest.machine
        self._django = rest.django
        self._settings = RestSettings(rest.machine.model)
        self._by_path: dict[str, ClassInfo | str] = {}

    # --- routes ---

    def action(self, route: Route) -> str | None:
        """The method of the view's class that answers a route."""
        if route.view is None:
            return None
        if route.action is not None:
            return route.action
        verb = route.method.lower()
        if self._machine.model.method(route.view, verb) is not None:
            return verb
        for value in self._machine.model.ancestors(route.view):
            if isinstance(value, ExternalValue) and value.path.startswith("rest_framework."):
                name = value.path.rpartition(".")[2]
                for mark, action in _VERBS.get(route.method, ()):
                    if mark in name and name.endswith("APIView"):
                        return action
        return None

    def play(self, cls: ClassInfo, this: Val, action: str) -> Val:
        """What the library's own method of a view set or generic view does."""
        home = self._machine.model.functions[f"{cls.module.path}::<module>"]
        node = self._machine.model.make_up(s.Name(cls.node.name_span, cls.name))
        return self.own(this, action, Args(None, (of(Request()),)), node, Frame(home))

    # --- attributes and methods ---

    def member(self, this: Val, name: str, *, generic: bool) -> Val | None:
        if name in _PLAIN or (generic and name in _GENERIC):
            return of(*(Method(item, name) for item in this.items))
        return None

    def own(self, this: Val, name: str, args: Args, node: s.Expr, frame: Frame) -> Val:
        """Call a method of the view, the tree's own if it has one."""
        func = objects.attribute(self._machine, this, name, node, frame)
        return calls.call(self._machine, func, args, node, frame)

    def method(
        self, cls: ClassInfo, this: Val, name: str, args: Args, node: s.Expr, frame: Frame
    ) -> Val | None:
        first = args.get(0)
        if name in _ACTIONS:
            return self._answer(cls, this, name, node, frame)
        if name == "get_queryset":
            return self._queryset(cls, node, frame)
        if name == "get_object":
            return self._object(cls, this, node, frame)
        if name == "filter_queryset":
            return self._filtered(cls, this, first or UNKNOWN, node, frame)
        if name == "paginate_queryset":
            return self._paginated(cls, first or UNKNOWN, node, frame)
        if name == "get_serializer_class":
            return objects.declared_value(self._machine, cls, "serializer_class") or UNKNOWN
        if name == "get_serializer":
            return self._serializer(this, args, node, frame)
        if name == "get_serializer_context":
            fields: dict[object, Val] = {"request": of(Request()), "view": this, "format": NONE}
            return of(self._machine.allocate(Thing("dict", fields=fields)))
        if name in ("perform_create", "perform_update") and first is not None:
            return self.own(first, "save", Args(None), node, frame)
        if name == "perform_destroy" and first is not None:
            return self.own(first, "delete", Args(None), node, frame)
        if name in _PLAIN or name in _GENERIC:
            self._machine.use(*args.all())
            return first or UNKNOWN if name == "get_paginated_response" else UNKNOWN
        return None

    # --- actions ---

    def _answer(self, cls: ClassInfo, this: Val, action: str, node: s.Expr, frame: Frame) -> Val:
        if action == "list":
            return self._list(this, node, frame)
        if action == "retrieve":
            found = self.own(this, "get_object", Args(None), node, frame)
            self._show(self._made(this, Args(None, (found,)), node, frame), node, frame)
        elif action == "destroy":
            found = self.own(this, "get_object", Args(None), node, frame)
            self.own(this, "perform_destroy", Args(None, (found,)), node, frame)
        elif action == "partial_update" and self._has(cls, "update"):
            self.own(this, "update", Args(None, (of(Request()),)), node, frame)
        else:
            given: tuple[Val, ...] = ()
            if action != "create":
                given = (self.own(this, "get_object", Args(None), node, frame),)
            body = (("data", of(Params("body"))),)
            serializer = self._made(this, Args(None, given, body), node, frame)
            self.own(serializer, "is_valid", Args(None), node, frame)
            perform = "perform_create" if action == "create" else "perform_update"
            self.own(this, perform, Args(None, (serializer,)), node, frame)
            self._show(serializer, node, frame)
        return UNKNOWN

    def _has(self, cls: ClassInfo, name: str) -> bool:
        return self._machine.model.method(cls, name) is not None

    def _list(self, this: Val, node: s.Expr, frame: Frame) -> Val:
        rows = self.own(this, "get_queryset", Args(None), node, frame)
        rows = self.own(this, "filter_queryset", Args(None, (rows,)), node, frame)
        page = self.own(this, "paginate_queryset", Args(None, (rows,)), node, frame)
        shown = rows if page.only() == Const(None) and not page.partial else without_none(page)
        many = (("many", of(Const(True))),)
        where, home = self._spot(rows, node, frame)
        return self._show(self._made(this, Args(None, (shown,), many), node, frame), where, home)

    def _made(self, this: Val, args: Args, node: s.Expr, frame: Frame) -> Val:
        return self.own(this, "get_serializer", args, node, frame)

    def _show(self, serializer: Val, node: s.Node, frame: Frame) -> Val:
        return objects.attribute(self._machine, serializer, "data", node, frame)

    def _spot(self, value: Val, node: s.Expr, frame: Frame) -> tuple[s.Expr, Frame]:
        """Where to say that the rows are taken: where the tree makes the query."""
        for item in value.items:
            if isinstance(item, Statement):
                try:
                    scope = self._machine.model.scope_of(item.node)
                except KeyError:
                    continue
                return item.node, Frame(scope.function)  # type: ignore[return-value]
        return node, frame

    # --- query sets ---

    def declaration(self, cls: ClassInfo, name: str) -> Declaration | None:
        found = objects.declared(self._machine, cls, name)
        return found if found is not None and found.value is not None else None

    def _queryset(self, cls: ClassInfo, node: s.Expr, frame: Frame) -> Val:
        found = self.declaration(cls, "queryset")
        if found is None or found.value is None:
            return UNKNOWN
        value = self._machine.evaluate(found.value, Frame(found.scope.function))
        items: list[Item] = []
        for item in value.items:
            if isinstance(item, Manager):
                items += self._django.managers.start(item, found.value, frame)
            elif isinstance(item, Statement):
                items.append(item)
        del node
        return of(*(self._django.results.note(i) for i in items if isinstance(i, Statement)))

    def _statements(self, value: Val, node: s.Expr, frame: Frame) -> list[Statement]:
        return self._django.statements(value, node, frame)

    def _object(self, cls: ClassInfo, this: Val, node: s.Expr, frame: Frame) -> Val:
        rows = self.own(this, "get_queryset", Args(None), node, frame)
        rows = self.own(this, "filter_queryset", Args(None, (rows,)), node, frame)
        field = self._text(cls, "lookup_field", "pk")
        name = self._text(cls, "lookup_url_kwarg", field) or field
        declared = self.declaration(cls, "lookup_field")
        where = declared.value if declared is not None and declared.value is not None else node
        source = Source("path", name, where)
        self._machine.run.read.add(source)
        found: list[Val] = []
        for statement in self._statements(rows, node, frame):
            spot, home = self._spot(of(statement), node, frame)
            if field is None:
                made = replace(statement, opaque=True)
            else:
                lookup = Lookup(field, where, Val((), frozenset({source})))
                made = self._django.builder.apply(
                    statement, Lookups((lookup,)), "filter", node, Frame(self._home(cls, declared))
                )
            made = replace(made, single=True, ready=False, sources=made.sources | {source})
            self._django.results.ran(made, "one", spot, home)
            found.append(self._django.results.element(made))
        return merged(found) if found else UNKNOWN

    def _home(self, cls: ClassInfo, declared: Declaration | None) -> FunctionInfo:
        if declared is not None:
            return declared.scope.function
        return self._machine.model.functions[f"{cls.module.path}::<module>"]

    def _text(self, cls: ClassInfo, name: str, otherwise: str | None) -> str | None:
        found = self.declaration(cls, name)
        if found is None or found.value is None:
            return otherwise
        return text(self._machine.model, found.value)

    # --- filters ---

    def _filtered(self, cls: ClassInfo, this: Val, rows: Val, node: s.Expr, frame: Frame) -> Val:
        machine = self._machine
        backends = self._classes(cls, "filter_backends", "DEFAULT_FILTER_BACKENDS")
        if backends is None:
            machine.run.wildcard = True
            return rows
        for backend in backends:
            if isinstance(backend, ClassInfo):
                method = machine.model.method(backend, "filter_queryset")
                if method is None:
                    machine.run.wildcard = True
                    continue
                made = machine.allocate(Thing("object", backend))
                given = Args(None, (of(Request()), rows, this))
                rows = self.own(of(made), "filter_queryset", given, node, frame)
            elif backend.endswith(".filters.SearchFilter"):
                self._searched(cls, "search_fields", rows, frame)
                self._asked(cls, "search")
            elif backend.endswith(".filters.OrderingFilter"):
                self._searched(cls, "ordering_fields", rows, frame)
                self._asked(cls, "ordering")
            else:
                machine.run.wildcard = True
        return rows

    def _searched(self, cls: ClassInfo, name: str, rows: Val, frame: Frame) -> None:
        """The fields that a backend may search or order by are looked up in the model."""
        declared = self.declaration(cls, name)
        value = declared.value if declared is not None else None
        if declared is None or not isinstance(value, s.Sequence):
            return
        home = Frame(declared.scope.function)
        for item in value.items:
            if isinstance(item, s.Literal) and isinstance(item.value, str):
                lookup = Lookup(item.value.lstrip("^=@$-"), item)
                for statement in rows.items:
                    if isinstance(statement, Statement) and item.value != "__all__":
                        self._django.builder.apply(
                            statement, Lookups((lookup,)), "order", item, home
                        )
        del frame

    def _asked(self, cls: ClassInfo, *names: str) -> None:
        """The library reads these query parameters, and uses them."""
        for name in names:
            node = self._machine.model.make_up(s.Name(cls.node.name_span, cls.name))
            source = Source("query", name, node)
            self._machine.run.read.add(source)
            self._machine.run.used.add(source)
            self._machine.homes.setdefault(source.node, cls.module.path)

    def _classes(
        self, cls: ClassInfo, attribute: str, setting: str
    ) -> list[ClassInfo | str] | None:
        """The classes that an attribute of the view, else a setting, names; None when they are not
        known."""
        declared = self.declaration(cls, attribute)
        if declared is not None:
            return None if declared.value is None else self._named(declared.value, declared)
        if "foreign" in self._rest.shapes.kinds(cls):
            return None
        given = self._settings.get(setting)
        if given.state == "absent":
            return []
        if given.value is None:
            return None
        found: list[ClassInfo | str] = []
        for node in s.walk(given.value):
            if isinstance(node, s.Literal) and isinstance(node.value, str):
                found.append(node.value)
            elif not isinstance(node, s.Literal | s.Sequence):
                return None
        return [self._dotted(item) for item in found if isinstance(item, str)]

    def _named(self, expr: s.Expr, declared: Declaration) -> list[ClassInfo | str] | None:
        items = expr.items if isinstance(expr, s.Sequence) else [expr]
        found: list[ClassInfo | str] = []
        for item in items:
            if isinstance(item, s.Literal) and item.value is None:
                continue
            values = self._machine.model.evaluate(item, declared.scope)
            if len(values) != 1:
                return None
            for value in values:
                if isinstance(value, ClassValue):
                    found.append(value.cls)
                elif isinstance(value, ExternalValue):
                    found.append(value.path)
                else:
                    return None
        return found

    def _dotted(self, path: str) -> ClassInfo | str:
        """The class of the tree that a dotted path names, else the path."""
        module, _, name = path.rpartition(".")
        tail = module.replace(".", "/") + ".py"
        known = self._by_path.get(path)
        if known is None:
            found = [
                cls
                for cls in self._machine.model.classes.values()
                if cls.name == name and f"/{cls.module.path}".endswith(f"/{tail}")
            ]
            known = self._by_path[path] = found[0] if len(found) == 1 else path
        return known

    # --- pages ---

    def _paginated(self, cls: ClassInfo, rows: Val, node: s.Expr, frame: Frame) -> Val:
        """One page; None where the view does not paginate."""
        classes = self._classes(cls, "pagination_class", "DEFAULT_PAGINATION_CLASS")
        if classes == []:
            return NONE
        if classes is None:
            self._machine.run.wildcard = True
        for item in classes or ():
            self._asked(cls, *self._page_names(item))
        where, home = self._spot(rows, node, frame)
        page = self.page(rows, where, home)
        if not page.items:
            self._machine.run.wildcard = True
        return page

    def _page_names(self, item: ClassInfo | str) -> Iterator[str]:
        names = [item] if isinstance(item, str) else [
            value.path for value in self._machine.model.ancestors(item)
            if isinstance(value, ExternalValue)
        ]  # fmt: skip
        for name in names:
            yield from _PAGE_NAMES.get(name.rpartition(".")[2], ())
        if isinstance(item, ClassInfo):
            for declared in declarations(item, self._machine.model):
                if declared.name.endswith("_query_param") and declared.value is not None:
                    found = text(self._machine.model, declared.value)
                    if found is not None:
                        yield found
        if not any(name.rpartition(".")[2] in _PAGE_NAMES for name in names):
            self._machine.run.wildcard = True

    def page(self, rows: Val, node: s.Expr, frame: Frame) -> Val:
        """What a paginator gives of a query set: a list that is there."""
        found: list[Item] = []
        for item in self._statements(rows, node, frame):
            made = limited(item)
            self._django.results.ran(made, "many", node, frame, kept=True)
            found.append(self._django.results.many(made))
        return Val(tuple(found), rows.sources) if found else UNKNOWN

    # --- serializers ---

    def _serializer(self, this: Val, args: Args, node: s.Expr, frame: Frame) -> Val:
        given = self.own(this, "get_serializer_class", Args(None), node, frame)
        keywords = dict(args.keywords)
        if "context" not in keywords:
            context = self.own(this, "get_serializer_context", Args(None), node, frame)
            keywords["context"] = context
        full = Args(args.node, args.positional, tuple(keywords.items()), args.whole)
        classes = Val(tuple(item for item in given.items if isinstance(item, ClassItem)))
        if not classes.items:
            self._machine.use(*args.all())
            for value in args.positional[:1]:
                if any(isinstance(item, Statement) for item in value.items):
                    objects.iterated(self._machine, value, node, frame)
            return UNKNOWN
        return calls.call(self._machine, classes, full, node, frame)
