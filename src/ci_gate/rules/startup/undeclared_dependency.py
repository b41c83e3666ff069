from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel.dependencies import known
from ci_gate.codemodel.dependencies.environment import Environment
from ci_gate.codemodel.dependencies.requirement import normal
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._loaded import Loaded
from ci_gate.rules.startup._needs import Need, needs
from ci_gate.rules.startup._node_needs import NodeNeed, undeclared

#: Names of distributions that bundle others for a company or a group of services.
_BUNDLE: Final = regex(r"(?:^|-)(?:common|commons|core|base|platform|shared|internal|meta|kit)$")
#: Words that distributions share for what they extend, not for what they are.
_FAMILIES: Final = frozenset({
    "django", "flask", "python", "fastapi", "aiohttp", "djangorestframework", "sqlalchemy", "rest",
    "framework", "async", "client", "pytest", "pydantic", "starlette", "extensions", "utils",
})  # fmt: skip
_WORDS: Final = regex(r"[^a-z0-9]+")
_MORE: Final = 4
#: So many different distributions missing, and more than are found, say that the service is
#: installed in a way that the gate does not see.
_MANY: Final = 4


class UndeclaredDependency(Rule):
    """A module of the service needs a package that no manifest declares.

    It is imported by the module itself, or by a library in its stead: Pydantic's `EmailStr` needs
    `email-validator`, FastAPI's `Form` needs `python-multipart`, `postgresql+asyncpg://` needs
    `asyncpg`, `sqlalchemy.ext.asyncio` needs `greenlet`, which SQLAlchemy 2.1 brings along only
    with its extra `asyncio`, an entry of `INSTALLED_APPS` needs its app. In JavaScript and
    TypeScript it is imported or required, or a dialect of Sequelize needs it.

    ## Why is this bad?
    It works where the package happens to be installed, on the author's machine. In an environment
    made from the manifest (the image, the next machine) the service dies at its first import.

    ## Fix
    Declare the package in the manifest that the service is installed from.

    ## Silent on
    What a declared package brings along, extras included, and what an older version brought along
    where the declared versions do not rule that one out; packages of a lock file, of development
    groups and of extras; what images and scripts install by command; imports under `if` or in a
    `try` with an `except ImportError`, and type-only ones; tests, scripts and documentation; trees
    without a manifest, with a manifest that cannot be read in full, or built on an image of their
    own. Where a declared package is not known well enough to say what it brings along or provides,
    packages that many others bring along are passed over. For Node also: imports of which
    TypeScript keeps only types, aliases of bundlers and compilers, packages of the same workspace.
    In a module that nothing is seen to load, and for an import inside a function, the finding is a
    warning.

    ## Source
    Constraint decay, arXiv 2605.06445: 34 of 642 failed runs.
    """

    id = "startup/undeclared-dependency"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        yield from self._of_python(facts)
        yield from self._of_node(facts)

    def _of_node(self, facts: Facts) -> Iterator[Finding]:
        by_package: defaultdict[tuple[str, str], list[NodeNeed]] = defaultdict(list)
        for need in undeclared(facts):
            by_package[need.manifest.path, need.package].append(need)
        manifests = Counter(manifest for manifest, _ in by_package)
        for (manifest, name), several in by_package.items():
            if manifests[manifest] > _MANY and manifests[manifest] > len(
                several[0].manifest.declared
            ):
                continue
            several.sort(key=lambda need: (not need.at_start, need.path, need.node.span))
            yield self._missing_package(name, several)

    def _missing_package(self, name: str, several: list[NodeNeed]) -> Finding:
        need = several[0]
        manifest = need.manifest
        what = f"{need.by} needs {name}" if need.by else f"{need.path} imports {name}"
        end = "the service does not start" if need.at_start else "the module cannot be loaded"
        fails = (
            f"Sequelize throws 'Please install {name} package manually'"
            if need.by
            else f"The import fails with Cannot find module '{name}'"
        )
        section = "dependencies" if manifest.section("dependencies") else "name"
        return self.finding(
            need.path,
            need.node,
            message=f"{what}, and {manifest.path} does not declare it.",
            why=f"{fails} wherever the service is installed from {manifest.path}, and {end}.",
            fix=f"Run `npm install {name}`, which adds it to {manifest.path}.",
            subject=f"needs {name}",
            related=[
                Related(manifest.path, manifest.line_of(section), f"does not declare {name}"),
                *(
                    Related(other.path, other.node.span[0], "and here")
                    for other in several[1 : _MORE + 1]
                ),
            ],
            severity=None if need.at_start else Severity.WARNING,
        )

    def _of_python(self, facts: Facts) -> Iterator[Finding]:
        loaded = facts.once(Loaded)
        environments = facts.environments
        local = _local_names(facts)
        missing: defaultdict[tuple[str, str], list[tuple[Need, Environment]]] = defaultdict(list)
        present: set[str] = set()
        for need in needs(facts, loaded):
            environment = environments.of(need.path)
            if environment is None or need.module in local:
                continue
            if _is_missing(need, environment):
                key = environment.main.path, need.distributions[0]
                missing[key].append((need, environment))
            else:
                present.add(need.distributions[0])
        many = len(missing) >= _MANY and len(missing) > len(present)
        for found in missing.values():
            yield self._finding(found, Severity.WARNING if many else None)

    def _finding(self, found: list[tuple[Need, Environment]], severity: Severity | None) -> Finding:
        found.sort(key=lambda item: not item[0].at_start)
        need, environment = found[0]
        main = environment.main
        name = need.distributions[0]
        if severity is None and not need.at_start:
            severity = Severity.WARNING
        also = [
            Related(other.path, other.node.span[0], "and here") for other, _ in found[1 : _MORE + 1]
        ]
        return self.finding(
            need.path,
            need.node,
            message=f"{need.what}, and no manifest declares {name} or a package that brings it.",
            why=f"{need.fails}, in every environment that is installed from {main.path}.",
            fix=_fix(environment, need.write, name),
            subject=f"needs {name}",
            related=[*_declared(environment, name), *also],
            severity=severity,
        )


def _is_missing(need: Need, environment: Environment) -> bool:
    """Is it certain that none of the distributions is installed?"""
    if not environment.read or environment.installed.intersection(need.distributions):
        return False
    candidates = environment.installed - environment.own
    if need.sure:
        candidates = frozenset(name for name in candidates if not known.is_known(name))
    if need.module is not None and _may_be_provided(need.module, candidates):
        return False
    if not need.sure:
        return not environment.unknown and not environment.complete
    if environment.complete:
        return True
    if any(_resembles(name, other) for name in need.distributions for other in environment.unknown):
        return False
    if any(_BUNDLE.search(name) for name in environment.unknown):
        return False
    return not (environment.unknown and known.COMMON.intersection(need.distributions))


def _may_be_provided(module: str, installed: Iterable[str]) -> bool:
    """Has an installed distribution a name that could mean the module?"""
    plain = normal(module).replace("-", "")
    words = {word for word in _WORDS.split(normal(module)) if len(word) > 3}
    return any(
        plain in name.replace("-", "") or bool(words and words <= set(name.split("-")))
        for name in installed
    )


def _resembles(name: str, other: str) -> bool:
    """Have two distributions a telling word in common, as forks of one another have?"""
    mine, theirs = ({part for part in item.split("-") if len(part) > 3} for item in (name, other))
    return bool((mine & theirs) - _FAMILIES)


def _local_names(facts: Facts) -> frozenset[str]:
    """Modules and packages of the tree that a change of ``sys.path`` would make importable."""
    found: set[str] = set()
    for path, module in facts.model.modules.items():
        if module.language != "python":
            continue
        parts = path.removesuffix(".py").split("/")
        for length in range(1, len(parts) + 1):
            folder = "/".join([*parts[: length - 1], "__init__.py"])
            if folder not in facts.model.modules:
                found.add(parts[length - 1])
    return frozenset(found)


def _declared(environment: Environment, name: str) -> Iterator[Related]:
    main = environment.main
    lines = sorted(item.line for item in main.requirements)
    count = len({item.name for item in main.requirements})
    dropped = environment.dropped(name)
    if dropped is not None:
        what = f"{dropped.name}{dropped.specifier} no longer brings {name} along"
        yield Related(dropped.path, dropped.line, what)
        return
    what = f"declares {count} packages, not {name}" if count else f"declares no package, not {name}"
    yield Related(main.path, lines[-1] if lines else 1, what)


def _fix(environment: Environment, write: str, name: str) -> str:
    dropped = environment.dropped(name)
    if dropped is not None:
        return f"Write `{write}{dropped.specifier}` in {dropped.path}, or declare {name} itself."
    paths = {manifest.path.rpartition("/")[2] for manifest in environment.manifests}
    main = environment.main.path
    if "uv.lock" in paths:
        return f"Run `uv add '{write}'`, which adds it to {main} and to the lock file."
    if "poetry.lock" in paths:
        return f"Run `poetry add '{write}'`, which adds it to {main} and to the lock file."
    return f"Add `{write}` to {main}."
