from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.graph import Endpoint, Mount, Opening, Registration, Router
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._lost_modules import Importers, lost_modules

#: What loads modules whose names are not written.
_LOADERS: Final = (
    "import_module", "iter_modules", "walk_packages", "find_modules", "__import__", "autoload",
    "import_string", "load_module", "exec_module", "run_path",
)  # fmt: skip
#: In JavaScript what finds files is enough: `require` and `import()` take any name.
_FINDERS: Final = ("readdirSync", "readdir", "globSync", "glob", "sync")
_MOUNTING: Final = frozenset({
    "register_blueprint", "include_router", "use", "route", "register", "mount", "add_routes",
    "add_subapp",
})  # fmt: skip
_SIBLINGS_AT_LEAST: Final = 2


class UnmountedRouter(Rule):
    """A router with routes is mounted nowhere, and those of the files beside it are.

    Or a module whose function registers routes (`module.exports = (router) => router.get(…)`,
    `def register(blueprint)`) is imported by nothing, or imported and never used, and its
    neighbours are mounted.

    ## Why is this bad?
    All its routes answer 404. Nothing fails at start, and a test of the handlers alone passes.

    ## Fix
    Mount it where the others are mounted.

    ## Silent on
    Projects that load modules by names which are not written (`importlib`, `readdir`, autoload),
    that mount something which could not be followed, and where more than one router of the
    directory is left out; routers that another file imports and uses.

    ## Source
    Constraint decay, arXiv 2605.06445: endpoints that were written and never registered; Flask,
    "Blueprints"; FastAPI, "Bigger Applications"; Express, "express.Router"; Fastify, "Plugins".
    """

    id = "framework/unmounted-router"
    group = "framework"

    def check(self, facts: Facts) -> Iterable[Finding]:
        importers = Importers(facts.model)
        routers = list(self._routers(facts.model, importers))
        yield from routers
        seen = {finding.path for finding in routers}
        for defect in lost_modules(facts.model, importers):
            if defect.path not in seen:
                yield defect.finding(self)

    def _routers(self, model: CodeModel, importers: Importers) -> Iterator[Finding]:
        routers = model.route_table.routers
        if any(isinstance(entry, Opening) for item in routers for entry in item.entries):
            return
        if not any(item.is_app for item in routers):
            return
        parents = {
            entry.router: item
            for item in routers
            for entry in item.entries
            if isinstance(entry, Mount)
        }
        left_out: dict[str, list[Endpoint]] = {}
        serving: dict[str, Router] = {}
        for item in routers:
            routes = [entry for entry in item.entries if isinstance(entry, Endpoint)]
            if not routes or is_outside(routes[0].module):
                continue
            if item in parents:
                serving[routes[0].module] = parents[item]
            elif item.is_app:
                serving[routes[0].module] = item
            else:
                left_out.setdefault(routes[0].module, routes)
        for module, routes in left_out.items():
            folder = posixpath.dirname(module)
            beside = [path for path in serving if posixpath.dirname(path) == folder]
            alone = sum(posixpath.dirname(path) == folder for path in left_out) == 1
            if module in serving or not alone or len(beside) < _SIBLINGS_AT_LEAST:
                continue
            if importers.use(module) or _loads(model):
                continue
            yield self._found(module, routes, beside, _mounts(serving[path] for path in beside))

    def _found(
        self,
        module: str,
        routes: Sequence[Endpoint],
        beside: Sequence[str],
        mounts: Sequence[Registration],
    ) -> Finding:
        first = routes[0]
        others = f" and {len(routes) - 1} more" if len(routes) > 1 else ""
        return self.finding(
            module,
            s.Node(first.span),
            message=(
                f"The routes of {module} ({first.methods[0]} {first.path or '/'}{others}) are on a "
                f"router that nothing mounts; that of {beside[0]} is mounted."
            ),
            why="They all answer 404, and nothing says so at start.",
            fix="Mount the router where the others are mounted.",
            subject=f"router of {module}",
            related=[
                Related(call.args.module, call.args.span[0], "the others are mounted here")
                for call in mounts[-1:]
            ],
        )


def _mounts(parents: Iterable[Router]) -> list[Registration]:
    """The calls that mount the routers beside it, in their order."""
    found = {
        (call.args.module, call.args.span): call
        for parent in dict.fromkeys(parents)
        for call in parent.calls
        if call.name in _MOUNTING
    }
    return [found[key] for key in sorted(found)]


def _loads(model: CodeModel) -> bool:
    return any(
        not is_outside(scope.module.path)
        and (name in _LOADERS or scope.module.language != "python")
        for name in (*_LOADERS, *_FINDERS)
        for call, scope in model.calls_named(name)
        if name != "sync" or _finds(call)
    )


def _finds(call: s.Call) -> bool:
    """``glob.sync(…)``, not ``sequelize.sync()``"""
    func = call.func
    return not isinstance(func, s.Attribute) or "glob" in s.dotted(func.value).lower()
