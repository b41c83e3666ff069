from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final

from ci_gate.architecture.content import is_interface
from ci_gate.architecture.model import Role
from ci_gate.architecture.names import is_composition_name
from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.valuenames import value_names
from ci_gate.codemodel.model import ClassInfo, ImportEdge
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.values import ExternalValue
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related, Severity
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.layering._conventions import Tally, standing, tally
from ci_gate.rules.layering._crossings import used_at_run_time
from ci_gate.stack.known import DRIVERS, ORMS

#: Folders of code that is to know neither the web nor the database.
_CORE: Final = regex(
    r"(?:^|/)(?:application|domain|use_?cases?|use-cases?|interactors|services?|service_layer)/"
)
#: Folders and files of code that is there to know the database.
_OUTER: Final = regex(
    r"(?:^|/)(?:infrastructure|infra|adapters?|impl|persistence|repositor(?:y|ies)|repos|dao|db|"
    r"database|sql|orm|storage|sqlalchemy|prisma|sequelize|models)/"
)
_MANAGES_DATA: Final = regex(
    r"(?:unit_?of_?work|uow|session|transaction|database|(?:^|[^a-z])db|repositor|(?:^|[^a-z])dao|"
    r"query|queries|migrat|engine|entit|model|tables?|store)",
    re.IGNORECASE,
)
_PORT: Final = regex(r"(?:Repositor(?:y|ies)|Repo|UnitOfWork|UoW|Uow|DAO|Dao|Gateway|Store)$")
_ABSTRACT: Final = frozenset({
    "typing.Protocol", "typing_extensions.Protocol", "abc.ABC", "abc.ABCMeta",
})  # fmt: skip
#: What Prisma's generated package has beside the types and enumerations of the schema.
_PRISMA: Final = frozenset({"Prisma", "PrismaClient"})
_OUTER_AT_LEAST: Final = 2
#: So many users of repositories for each file that goes past them.
_USERS_PER_BREACH: Final = 3


@dataclass(frozen=True, slots=True)
class _Use:
    """``path`` imports ``names`` of an ORM or driver; ``in_types``: for annotations only."""

    path: str
    node: s.Import
    names: tuple[str, ...]
    in_types: bool


class OrmInCore(Rule):
    """A service or use case works with the ORM's or driver's own names, past its repositories.

    Such as `except sqlalchemy.exc.IntegrityError`, `asyncpg.UniqueViolationError` or Sequelize's
    `UniqueConstraintError` in a use case that gets its data from a repository.

    ## Why is this bad?
    The use case now knows which library stores the data. With another repository behind the same
    port (in a test, after a change of the database) the error that it waits for never comes, and
    the error that does come is handled by nobody.

    ## Fix
    Catch the library's error in the repository and raise an error of the project's own there.

    ## Silent on
    Projects whose services do not leave the database to repositories or ports: five files of the
    core have to keep it, and three that use repositories have to stand against each that does not.
    Units of work, sessions and composition roots; a `Session` that is only named in annotations,
    unless it is the only one of the core; enumerations of Prisma's schema; transactions of Django.
    A service that runs queries itself is layering/data-access-outside-repository.

    ## Source
    Constraint decay, arXiv 2605.06445: use cases that depend on the persistence library; Clean
    Architecture's dependency rule.
    """

    id = "layering/orm-in-core"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        uses = list(_uses(facts))
        if not uses:
            return
        found = standing(facts, _count)
        breaches = {use.path for use in uses}
        users = len(_users(facts) - breaches)
        if found.severity is not Severity.ERROR or users < _USERS_PER_BREACH * len(breaches):
            return
        outer = _outer(facts)
        for use in uses:
            if use.in_types and len(breaches) > 1:
                continue
            library = use.node.specifier
            names = ", ".join(use.names)
            what = f"{names} of {library}" if names else library
            yield self.finding(
                use.path,
                use.node,
                message=(
                    f"{use.path} imports {what}, though the code around it leaves the database to "
                    f"its repositories. {found.reason}"
                ),
                why=(
                    f"The rules of the service now depend on {library}: behind another repository "
                    "they wait for errors and objects that never come."
                ),
                fix=(
                    f"Use {names or library} in the repository only (such as "
                    f"{_nearest(outer, use.path)}), and raise or return what is the project's own "
                    "there."
                ),
                subject=f"orm {library} {names}",
                related=[Related(use.path, line, "used here") for line in _lines(facts, use)],
            )


def _nearest(outer: Sequence[str], path: str) -> str:
    """The file of the data access layer that is most likely to be the one of a service."""
    stem = posixpath.basename(path).split(".")[0].lower()
    return min(outer, key=lambda item: (stem not in item.lower(), "repo" not in item.lower(), item))


# --- the core ---


@lru_cache(maxsize=4)
def _core(facts: Facts) -> frozenset[str]:
    """The files of services, use cases and the domain that have no reason to know the ORM."""
    architecture = facts.architecture
    mapped = {entity.path for entity in facts.entities}
    found: set[str] = set()
    for path in facts.model.modules:
        place = architecture.of.get(path)
        if (
            path in architecture.composition_roots
            or is_outside(path)
            or posixpath.basename(path) == "__init__.py"
            or _MANAGES_DATA.search(posixpath.basename(path))
            or is_composition_name(path)
        ):
            continue
        if place is not None and place.layer.role is Role.SERVICE:
            sure = place.confirmed
        elif architecture.written or place is not None:
            sure = False
        else:
            sure = _CORE.search(path) is not None and _OUTER.search(path) is None
        if sure:
            found.add(path)
    folders = {match[0] for path in mapped if (match := _top(path)) is not None}
    return frozenset(path for path in found if (top := _top(path)) is None or top[0] not in folders)


def _top(path: str) -> re.Match[str] | None:
    """The path down to the folder that makes a file part of the core."""
    return re.match(rf".*?{_CORE.pattern}", path)


@lru_cache(maxsize=4)
def _outer(facts: Facts) -> Sequence[str]:
    """The files of the data access layer that use an ORM or driver."""
    core = _core(facts)
    return sorted(
        {
            edge.source
            for edge in facts.model.import_edges
            if edge.source not in core
            and _is_orm(edge)
            and not is_outside(edge.source)
            and (
                (place := facts.architecture.of.get(edge.source)) is not None
                and place.layer.role is Role.DATA_ACCESS
            )
        }
    )


@lru_cache(maxsize=4)
def _users(facts: Facts) -> frozenset[str]:
    """The files of the core that get their data from repositories or from ports of such."""
    sources = {
        path
        for path, place in facts.architecture.of.items()
        if place.layer.role is Role.DATA_ACCESS
    } | _ports(facts)
    return frozenset(
        path
        for path in _core(facts)
        if any(edge.target in sources for edge in facts.model.imports_of(path))
    )


@lru_cache(maxsize=4)
def _ports(facts: Facts) -> frozenset[str]:
    """The files of the core that hold ports of repositories."""
    core = _core(facts)
    return frozenset(
        cls.module.path
        for cls in facts.model.classes.values()
        if cls.module.path in core and _is_port(facts, cls)
    )


def _is_port(facts: Facts, cls: ClassInfo) -> bool:
    """An interface that something which stores data implements."""
    if _PORT.search(cls.name) is None:
        return False
    return is_interface(cls) or any(
        isinstance(base, ExternalValue) and base.path in _ABSTRACT
        for base in facts.model.ancestors(cls)
    )


# --- uses ---


@lru_cache(maxsize=4)
def _uses(facts: Facts) -> Sequence[_Use]:
    """The ORM's names in the core, where a data access layer is there to know them."""
    if len(_outer(facts)) < _OUTER_AT_LEAST:
        return ()
    asking = {
        path
        for path, accesses in facts.access.by_module().items()
        if any(access.runs for access in accesses)
    }
    return [use for path in sorted(_core(facts) - asking) for use in _of_file(facts, path)]


def _of_file(facts: Facts, path: str) -> Iterator[_Use]:
    module = facts.model.modules[path]
    grouped: dict[s.Import, list[ImportEdge]] = {}
    for edge in facts.model.imports_of(path):
        if _is_orm(edge) and used_at_run_time(module, edge):
            grouped.setdefault(edge.node, []).append(edge)
    values = value_names(module)
    for node, edges in grouped.items():
        aliases = {name.alias for name in node.names}
        names = tuple(edge.symbol for edge in edges if edge.symbol is not None)
        yield _Use(path, node, names, in_types=bool(aliases) and not aliases & values)


def _is_orm(edge: ImportEdge) -> bool:
    """Does the import bring in an ORM or a driver at run time?"""
    if edge.package is None or edge.type_only or edge.node.kind == "reexport":
        return False
    if edge.package == "@prisma/client":
        return edge.symbol in _PRISMA
    return edge.package in ORMS or edge.package in DRIVERS


def _lines(facts: Facts, use: _Use) -> list[int]:
    """The first lines on which the imported names stand as values."""
    aliases = {name.alias for name in use.node.names}
    lines = {
        node.line
        for statement in facts.model.modules[use.path].body
        if not isinstance(statement, s.ImportStmt)
        for node in s.walk(statement)
        if isinstance(node, s.Name) and node.id in aliases
    }
    return sorted(lines)[:3]


def _count(facts: Facts) -> Tally:
    """With ports the whole core keeps the convention, else the files that use repositories."""
    broken = {use.path for use in _uses(facts)}
    kept = (_core(facts) if _ports(facts) else _users(facts)) - broken
    return tally(((path, "") for path in kept), ((path, "") for path in broken))
