"""Flask: applications, blueprints, class views; Flask-RESTful, Flask-RESTX, Flask-Smorest."""

from __future__ import annotations

from collections.abc import Callable

from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.routing import paths
from ci_gate.codemodel.routing.domain import (
    HOLE,
    NONE,
    UNKNOWN,
    Args,
    ClassVal,
    Native,
    Value,
    Wrapped,
    library_part,
)
from ci_gate.codemodel.routing.graph import Router
from ci_gate.codemodel.routing.machine import Machine
from ci_gate.codemodel.routing.views import (
    VERBS,
    attribute_values,
    class_methods,
    class_of,
    methods,
    methods_of,
)


class FlaskRouter(Router):
    """A ``Flask`` application, a ``Blueprint`` or an ``Api``."""

    framework = "flask"
    join = staticmethod(paths.slashed)
    template = staticmethod(paths.angle)

    def attribute(self, machine: Machine, name: str) -> Value | None:
        actions: dict[str, Callable[[Machine, Args], Value]] = {
            "route": self._route,
            "add_url_rule": self._add_url_rule,
            "register_blueprint": self._register_blueprint,
            "before_request": self._before,
            "before_app_request": self._before_app,
            "url_value_preprocessor": self._before,
            "resource": self._route,
            "add_resource": self._add_resource,
            "add_namespace": self._add_namespace,
            "namespace": self._new_namespace,
            "init_app": self._init_app,
        }
        action = actions.get(name)
        if action is not None:
            return Native(lambda args: action(machine, args))
        if name in VERBS:
            return Native(lambda args: self._route(machine, args, (name,)))
        if name in {"app_context", "test_request_context"}:
            return Native(lambda _: self)
        return None

    def _route(self, machine: Machine, args: Args, verbs: tuple[str, ...] | None = None) -> Value:
        paths_given = [
            text for item in range(len(args.positional)) if (text := args.text(item)) is not None
        ] or [args.text(None, "rule") or HOLE]

        def register(inner: Args) -> Value:
            view = inner.get(0) or UNKNOWN
            for path in paths_given:
                self._register(machine, path, view, args, verbs)
            return view

        return Native(register)

    def _register(
        self,
        machine: Machine,
        path: str,
        view: Value,
        args: Args,
        verbs: tuple[str, ...] | None = None,
    ) -> None:
        given = args.get(None, "methods")
        allowed = verbs or (methods(given) if given is not None and given != NONE else None)
        if given is not None and given != NONE and allowed is None:
            self.mount_unknown(path)
            return
        cls = class_of(view)
        if cls is None:
            handlers = machine.handlers([view])
            self.add(allowed or ("GET",), path, handlers, args.module, args.span)
            return
        around = machine.handlers(view.others) if isinstance(view, Wrapped) else []
        for verb, handlers in class_verbs(machine, cls).items():
            if allowed is None or verb in {item.upper() for item in allowed}:
                self.add((verb,), path, [*handlers, *around], args.module, args.span)

    def _add_url_rule(self, machine: Machine, args: Args) -> Value:
        view = args.get(2, "view_func")
        path = args.text(0, "rule")
        if view is not None and path is not None:
            self._register(machine, path, view, args)
        elif not args.whole:
            self.mount_unknown(path or "")
        return NONE

    def _register_blueprint(self, machine: Machine, args: Args) -> Value:
        del machine
        blueprint = library_part(args.get(0, "blueprint"))
        if isinstance(blueprint, Router):
            prefix = args.text(1, "url_prefix")
            if prefix is None:
                self.mount("", blueprint)
            else:
                self.mount(prefix, blueprint, instead=True)
        else:
            self.mount_unknown(args.text(1, "url_prefix") or "")
        return NONE

    def _before(self, machine: Machine, args: Args) -> Value:
        self.hooks += machine.handlers(args.positional)
        return args.get(0) or NONE

    def _before_app(self, machine: Machine, args: Args) -> Value:
        self.app_hooks += machine.handlers(args.positional)
        return args.get(0) or NONE

    def _add_resource(self, machine: Machine, args: Args) -> Value:
        view = args.get(0) or UNKNOWN
        for position in range(1, len(args.positional)):
            self._register(machine, args.text(position) or HOLE, view, args)
        return NONE

    def _add_namespace(self, machine: Machine, args: Args) -> Value:
        del machine
        namespace = library_part(args.get(0, "ns"))
        if isinstance(namespace, Router):
            path = args.text(1, "path")
            self.mount(path or "", namespace, instead=path is not None)
        else:
            self.mount_unknown(args.text(1, "path") or "")
        return NONE

    def _new_namespace(self, machine: Machine, args: Args) -> Value:
        made = _namespace(machine, args)
        self.mount("", made)
        return made

    def _init_app(self, machine: Machine, args: Args) -> Value:
        del machine
        target = library_part(args.get(0, "app"))
        if isinstance(target, Router):
            target.mount("", self)
        return NONE


_HOOKS = ("dispatch_request", "prepare")


def class_verbs(machine: Machine, cls: ClassVal) -> dict[str, list[FunctionInfo]]:
    """The methods of a ``MethodView``, ``Resource`` or ``View`` class with their handlers."""
    before = methods_of(machine, cls, _HOOKS)
    before += machine.handlers(attribute_values(machine, cls, "decorators", "method_decorators"))
    found = class_methods(machine, cls)
    if found:
        return {verb: [*handlers, *before] for verb, handlers in found.items()}
    if machine.class_attribute(cls, "dispatch_request") is None:
        return {}
    declared = methods(machine.class_attribute(cls, "methods"))
    return dict.fromkeys(declared or ["GET"], before)


def _app(machine: Machine, args: Args) -> Router:
    return machine.created(FlaskRouter(is_app=True), args)


def _blueprint(machine: Machine, args: Args) -> Router:
    return machine.created(FlaskRouter(args.text(None, "url_prefix") or ""))


def _namespace(machine: Machine, args: Args) -> Router:
    name = args.text(0, "name") or HOLE
    path = args.text(None, "path")
    return machine.created(FlaskRouter("/" + name if path is None else path))


def _api(machine: Machine, args: Args) -> Router:
    made = FlaskRouter(args.text(None, "prefix") or "")
    made.hooks += machine.handlers(
        [item for item in (args.get(None, "decorators"),) if item is not None]
    )
    target = library_part(args.get(0, "app"))
    if isinstance(target, Router):
        target.mount("", made)
    return machine.created(made)


EXTERNALS = {
    "flask.Flask": _app,
    "quart.Quart": _app,
    "flask.Blueprint": _blueprint,
    "quart.Blueprint": _blueprint,
    "flask_smorest.Blueprint": _blueprint,
    "flask_openapi3.APIBlueprint": _blueprint,
    "flask_openapi3.OpenAPI": _app,
    "apiflask.APIFlask": _app,
    "apiflask.APIBlueprint": _blueprint,
    "flask_restful.Api": _api,
    "flask_restx.Api": _api,
    "flask_restplus.Api": _api,
    "flask_smorest.Api": _api,
    "flask_restx.Namespace": _namespace,
    "flask_restplus.Namespace": _namespace,
}
TYPED = {"flask.Flask": _app, "flask.Blueprint": _blueprint, "quart.Quart": _app}
PACKAGES = ("flask", "flask_restful", "flask_restx", "flask_restplus", "flask_smorest", "quart")
