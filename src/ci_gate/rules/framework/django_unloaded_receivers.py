from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._installed_apps import installed_apps

_RECEIVERS: Final = frozenset({
    "django.dispatch.receiver", "django.dispatch.dispatcher.receiver",
})  # fmt: skip
#: Modules that Django and its companions load by name.
_BY_NAME: Final = frozenset({
    "models", "apps", "admin", "urls", "views", "tasks", "celery", "settings", "manage", "wsgi",
    "asgi", "__init__", "__main__", "templatetags", "checks", "translation", "search_indexes",
    "documents", "wagtail_hooks", "permissions", "middleware", "context_processors",
})  # fmt: skip
#: Ways of loading modules by names that are not written down.
_LOADERS: Final = (
    "import_module", "__import__", "autodiscover_modules", "walk_packages", "iter_modules",
    "import_string", "module_has_submodule", "find_modules",
)  # fmt: skip


class DjangoUnloadedReceivers(Rule):
    """No module imports the receivers of Django's signals.

    ## Why is this bad?
    `@receiver` connects a function when its module is loaded. Django does not load `signals.py` by
    itself: nothing is connected, the signal is sent and nobody hears it. There is no error; what
    the receivers are to keep up to date stays as it was.

    ## Fix
    Import the module in `ready()` of the app's configuration.

    ## Silent on
    Modules that any other one imports, also inside a function; those that Django and known packages
    load by name; programs that load modules by computed names; apps that are not installed; tests.

    ## Source
    Django, "Signals: Where should this code live?" (docs.djangoproject.com/en/stable/topics).
    """

    id = "framework/django-unloaded-receivers"
    group = "framework"
    languages: ClassVar = ("python",)
    needs: ClassVar = ("django",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        found = list(_with_receivers(model))
        if not found or any(model.calls_named(name) for name in _LOADERS):
            return
        apps = installed_apps(model)
        if apps is None:
            return
        imported = {
            path
            for edge in model.import_edges
            if edge.source != edge.target
            for path in (edge.target, *(step.path for step in edge.via))
        }
        named = _named(model)
        for path, node, name in found:
            module = posixpath.basename(path).removesuffix(".py")
            if path in imported or not apps.holds(path) or module in named:
                continue
            package = posixpath.dirname(path).replace("/", ".")
            config = f"{posixpath.dirname(path)}/apps.py"
            there = config if config in model.modules else None
            yield self.finding(
                path,
                node,
                message=f"No module imports {path}: {name} is never connected to its signal.",
                why=(
                    "Django does not load this module by itself. The signal is sent and nobody "
                    "hears it, without any error."
                ),
                fix=(
                    f"Import {package}.{module} in ready() of the app's configuration"
                    f"{f' ({there})' if there else ''}."
                ),
                subject=f"{path} is never imported",
                related=[Related(there, 1, "the app's configuration")] if there else [],
            )


def _with_receivers(model: CodeModel) -> Iterator[tuple[str, s.Node, str]]:
    """The modules that connect receivers as they are loaded, with the first one of each."""
    for path, module in sorted(model.modules.items()):
        if module.language != "python" or is_outside(path):
            continue
        if posixpath.basename(path).removesuffix(".py") in _BY_NAME or "/templatetags/" in path:
            continue
        for statement in module.body:
            if isinstance(statement, s.FunctionDef):
                function = statement.function
                if any(_is_receiver(model, item) for item in function.decorators):
                    yield path, function.decorators[0], function.name
                    break


def _is_receiver(model: CodeModel, decorator: s.Expr) -> bool:
    return isinstance(decorator, s.Call) and any(
        isinstance(value, ExternalValue) and value.path in _RECEIVERS
        for value in model.evaluate(decorator.func)
    )


def _named(model: CodeModel) -> frozenset[str]:
    """The last parts of dotted names in texts, by which something may be loaded."""
    return frozenset(
        node.value.rpartition(".")[2]
        for path, module in model.modules.items()
        if module.language == "python" and not is_outside(path)
        for node in s.walk(module)
        if isinstance(node, s.Literal) and isinstance(node.value, str) and "." in node.value
    )
