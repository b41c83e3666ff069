"""Class views of Django and Django REST framework; view sets and their routers."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import ClassInfo, FunctionInfo
from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    ClassVal,
    Const,
    DictVal,
    LibraryObject,
    ListVal,
    Native,
    Value,
    bare,
    text_of,
)
from ci_gate.codemodel.routing.machine import ClassView, Machine
from ci_gate.codemodel.routing.views import (
    VERBS,
    attribute_values,
    class_methods,
    methods,
    methods_of,
)
from ci_gate.data import dataclass

_GENERIC: dict[str, tuple[str, ...]] = {
    "ListAPIView": ("GET",),
    "CreateAPIView": ("POST",),
    "RetrieveAPIView": ("GET",),
    "DestroyAPIView": ("DELETE",),
    "UpdateAPIView": ("PUT", "PATCH"),
    "ListCreateAPIView": ("GET", "POST"),
    "RetrieveUpdateAPIView": ("GET", "PUT", "PATCH"),
    "RetrieveDestroyAPIView": ("GET", "DELETE"),
    "RetrieveUpdateDestroyAPIView": ("GET", "PUT", "PATCH", "DELETE"),
    "ObtainAuthToken": ("POST",),
    "TokenObtainPairView": ("POST",),
    "TokenRefreshView": ("POST",),
    "TokenVerifyView": ("POST",),
    "TokenBlacklistView": ("POST",),
    "TokenViewBase": ("POST",),
    "SpectacularAPIView": ("GET",),
    "SpectacularSwaggerView": ("GET",),
    "SpectacularRedocView": ("GET",),
    "TemplateView": ("GET",),
    "ListView": ("GET",),
    "DetailView": ("GET",),
    "RedirectView": ("GET", "POST", "PUT", "PATCH", "DELETE"),
    "FormView": ("GET", "POST"),
    "CreateView": ("GET", "POST"),
    "UpdateView": ("GET", "POST"),
    "DeleteView": ("GET", "POST", "DELETE"),
    "LoginView": ("GET", "POST"),
    "LogoutView": ("POST",),
    "PasswordChangeView": ("GET", "POST"),
    "PasswordResetView": ("GET", "POST"),
    "PasswordResetConfirmView": ("GET", "POST"),
    "ArchiveIndexView": ("GET",),
    "JavaScriptCatalog": ("GET",),
}
"""What a library's view class answers by itself."""

_ACTIONS: dict[str, tuple[str, ...]] = {
    "ModelViewSet": ("list", "create", "retrieve", "update", "partial_update", "destroy"),
    "ReadOnlyModelViewSet": ("list", "retrieve"),
    "ListModelMixin": ("list",),
    "CreateModelMixin": ("create",),
    "RetrieveModelMixin": ("retrieve",),
    "UpdateModelMixin": ("update", "partial_update"),
    "DestroyModelMixin": ("destroy",),
}
_STANDARD = ("list", "create", "retrieve", "update", "partial_update", "destroy")

_ALWAYS = (
    "setup", "dispatch", "initialize_request", "initial", "get_queryset", "get_object",
    "filter_queryset", "get_serializer", "get_serializer_class", "get_serializer_context",
    "get_permissions", "check_permissions", "check_object_permissions", "has_permission",
    "get_context_data", "paginate_queryset", "test_func", "get_template_names",
)  # fmt: skip
_BY_METHOD = {
    "GET": ("list", "retrieve"),
    "POST": ("create", "perform_create", "form_valid", "form_invalid", "get_form",
             "get_form_kwargs", "get_success_url"),
    "PUT": ("update", "perform_update"),
    "PATCH": ("partial_update", "update", "perform_update"),
    "DELETE": ("destroy", "perform_destroy"),
}  # fmt: skip
_BY_ACTION = {
    "create": ("perform_create",),
    "update": ("perform_update",),
    "partial_update": ("update", "perform_update"),
    "destroy": ("perform_destroy",),
}


def declared_methods(bases: Iterable[str]) -> list[str]:
    found: dict[str, None] = {}
    for path in bases:
        found.update(dict.fromkeys(_GENERIC.get(path.rpartition(".")[2], ())))
    return list(found)


def guards(machine: Machine, cls: ClassVal) -> list[FunctionInfo]:
    """The permission and authentication checks of the tree that run before a class's views."""
    found: list[FunctionInfo] = []
    for value in attribute_values(
        machine, cls, "permission_classes", "authentication_classes", "throttle_classes"
    ):
        item = bare(value)
        if isinstance(item, ClassVal):
            names = ("has_permission", "has_object_permission", "authenticate", "allow_request")
            found += methods_of(machine, item, names)
    return found


def view_methods(machine: Machine, view: ClassView | ClassVal) -> dict[str, list[FunctionInfo]]:
    """The HTTP methods of a class view, each with what runs for it, the view's method first."""
    cls = view.cls if isinstance(view, ClassView) else view
    mapping = view.args.get(0, "actions") if isinstance(view, ClassView) else None
    if isinstance(mapping, DictVal):
        return {
            str(verb).upper(): action_handlers(machine, cls, action)
            for verb, value in mapping.entries.items()
            if (action := text_of(value))
        }
    found = class_methods(machine, cls)
    for method in declared_methods(machine.external_bases(cls)):
        found.setdefault(method, [])
    allowed = methods(machine.class_attribute(cls, "http_method_names"))
    before = guards(machine, cls)
    always = methods_of(machine, cls, _ALWAYS)
    return {
        method: [*own, *methods_of(machine, cls, _BY_METHOD.get(method, ())), *always, *before]
        for method, own in found.items()
        if allowed is None or method in allowed
    }


def action_handlers(machine: Machine, cls: ClassVal, action: str) -> list[FunctionInfo]:
    names = (action, *_BY_ACTION.get(action, ()), *_ALWAYS)
    return [*methods_of(machine, cls, names), *guards(machine, cls)]


@dataclass(slots=True)
class ViewSetEndpoint:
    method: str
    path: str
    handlers: list[FunctionInfo]
    args: Args
    view: ClassInfo
    action: str


@dataclass(slots=True)
class _Extra:
    """A method marked ``@action``."""

    name: str
    detail: bool
    path: str
    verbs: dict[str, str]


class Routers(LibraryObject):
    """A ``SimpleRouter`` or one derived from it."""

    def __init__(self, args: Args, prefix: str = "") -> None:
        super().__init__()
        self.prefix = prefix
        self.slash = "" if args.get(None, "trailing_slash") == Const(False) else "/"
        self.entries: list[tuple[str, Value, Args]] = []
        self.also: list[Routers] = []
        self.on_list = _mapping(get="list", post="create")
        self.on_detail = _mapping(
            get="retrieve", put="update", patch="partial_update", delete="destroy"
        )
        rows: list[Value] = [_row(self.on_list), UNKNOWN, _row(self.on_detail), UNKNOWN]
        self.attrs["routes"] = ListVal(rows)

    def attribute(self, machine: Machine, name: str) -> Value | None:
        del machine
        if name == "register":
            return Native(self._register)
        if name == "urls":
            return self
        if name == "registry":
            registry = LibraryObject()
            registry.attrs["extend"] = Native(self._extend)
            registry.attrs["of"] = self
            return registry
        return None

    def set_attribute(self, name: str, value: Value) -> None:
        super().set_attribute(name, value)
        if name == "trailing_slash":
            self.slash = text_of(value) or ""

    def _register(self, args: Args) -> Value:
        prefix = args.text(0, "prefix")
        view = args.get(1, "viewset") or UNKNOWN
        self.entries.append((HOLE if prefix is None else prefix, view, args))
        return NONE

    def _extend(self, args: Args) -> Value:
        other = args.get(0)
        inner = other.attrs.get("of") if isinstance(other, LibraryObject) else None
        if isinstance(inner, Routers) and inner is not self:
            self.also.append(inner)
        return NONE

    def endpoints(self, machine: Machine, depth: int = 0) -> list[ViewSetEndpoint]:
        found: list[ViewSetEndpoint] = []
        for prefix, view, args in self.entries:
            machine.root()
            cls = bare(view)
            if isinstance(cls, ClassVal):
                with machine.settled():
                    whole = self.prefix + paths.regex(prefix)
                    found += self._of_view_set(machine, whole, cls, args)
        for other in self.also if depth < 8 else ():
            found += other.endpoints(machine, depth + 1)
        return found

    def _of_view_set(
        self, machine: Machine, prefix: str, cls: ClassVal, args: Args
    ) -> list[ViewSetEndpoint]:
        lookup = _lookup(machine, cls)
        base = prefix.rstrip("/")
        detail = f"{base}/{{{lookup}}}".lstrip("/")
        available = _available(machine, cls)
        allowed = methods(machine.class_attribute(cls, "http_method_names"))
        found: list[ViewSetEndpoint] = []

        def add(verb: str, path: str, action: str) -> None:
            if allowed is None or verb.upper() in allowed:
                handlers = action_handlers(machine, cls, action)
                full = path + self.slash if path else ""
                found.append(ViewSetEndpoint(verb.upper(), full, handlers, args, cls.info, action))

        for mapping, path in ((self.on_list, base), (self.on_detail, detail)):
            for verb, value in mapping.entries.items():
                action = text_of(value) or ""
                if action in available or machine.method(cls, action) is not None:
                    add(str(verb), path, action)
        for extra in _extra_actions(machine, cls):
            start = detail if extra.detail else base
            for verb, action in extra.verbs.items():
                add(verb, f"{start}/{extra.path}".lstrip("/"), action)
        return found


def _mapping(**entries: str) -> DictVal:
    return DictVal({verb: Const(action) for verb, action in entries.items()})


def _row(mapping: DictVal) -> LibraryObject:
    row = LibraryObject()
    row.attrs["mapping"] = mapping
    return row


def _available(machine: Machine, cls: ClassVal) -> set[str]:
    found: set[str] = set()
    for path in machine.external_bases(cls):
        found.update(_ACTIONS.get(path.rpartition(".")[2], ()))
    return found


def _lookup(machine: Machine, cls: ClassVal) -> str:
    for name in ("lookup_url_kwarg", "lookup_field"):
        value = machine.class_attribute(cls, name)
        text = None if value is None else text_of(value)
        if text and HOLE not in text:
            return text
    return "pk"


def _extra_actions(machine: Machine, cls: ClassVal) -> list[_Extra]:
    """The ``@action`` methods of a view set, inherited ones included."""
    found: dict[str, _Extra] = {}
    for owner in machine.lineage(cls):
        if not isinstance(owner, ClassVal):
            continue
        own: dict[str, _Extra] = {}
        for statement in owner.info.node.body:
            if isinstance(statement, s.FunctionDef):
                _read_action(machine, owner, statement.function, own)
        for name, extra in own.items():
            found.setdefault(name, extra)
    return list(found.values())


def _read_action(
    machine: Machine, owner: ClassVal, node: s.Function, found: dict[str, _Extra]
) -> None:
    for decorator in node.decorators:
        if not isinstance(decorator, s.Call):
            if isinstance(decorator, s.Attribute):
                _read_mapping(decorator, node.name, found)
            continue
        func = decorator.func
        if isinstance(func, s.Attribute) and func.name in VERBS:
            _read_mapping(func, node.name, found)
            continue
        name = func.id if isinstance(func, s.Name) else getattr(func, "name", "")
        if name not in {"action", "detail_route", "list_route"}:
            continue
        args = machine.arguments(decorator, owner.env)
        given = args.get(0, "methods")
        verbs = methods(given) if given is not None else ["GET"]
        path = args.text(None, "url_path")
        detail = name == "detail_route" or args.get(None, "detail") == Const(True)
        shown = node.name if path is None else paths.regex(path)
        found[node.name] = _Extra(
            node.name, detail, shown, {verb.lower(): node.name for verb in verbs or ()}
        )


def _read_mapping(decorator: s.Attribute, name: str, found: dict[str, _Extra]) -> None:
    """``@tags.mapping.post``: another method on the path of an action above."""
    holder = decorator.value
    if (
        decorator.name in VERBS
        and isinstance(holder, s.Attribute)
        and holder.name == "mapping"
        and isinstance(holder.value, s.Name)
        and holder.value.id in found
    ):
        found[holder.value.id].verbs[decorator.name] = name


def _router(machine: Machine, args: Args) -> Value:
    del machine
    return Routers(args)


def _nested(machine: Machine, args: Args) -> Value:
    """``NestedSimpleRouter(parent, prefix, lookup="author")`` of drf-nested-routers."""
    del machine
    parent = args.get(0)
    outer = bare(parent) if parent is not None else None
    start = outer.prefix if isinstance(outer, Routers) else HOLE
    lookup = args.text(None, "lookup") or "nested"
    key = "pk"
    return Routers(args, f"{start}{args.text(1) or HOLE}/{{{lookup}_{key}}}/")


_NESTED = ("NestedSimpleRouter", "NestedDefaultRouter")
EXTERNALS: dict[str, Callable[[Machine, Args], Value | None]] = {
    "rest_framework.routers.DefaultRouter": _router,
    "rest_framework.routers.SimpleRouter": _router,
    "rest_framework_extensions.routers.ExtendedDefaultRouter": _router,
    "rest_framework_extensions.routers.ExtendedSimpleRouter": _router,
    **{f"rest_framework_nested.routers.{name}": _nested for name in _NESTED},
}
