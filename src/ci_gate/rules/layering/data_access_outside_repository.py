from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.architecture.model import Role
from ci_gate.codemodel.dataaccess import Access
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.layering._conventions import Tally, standing, tally

#: One file with queries is no data access layer.
_FILES_AT_LEAST: Final = 2


class DataAccessOutsideRepository(Rule):
    """A route or service queries the database itself, though the project has a data access layer.

    It makes no difference how the session or connection came there: by import, by
    ``Depends(get_db)``, out of ``app.extensions``, ``request.app``, ``app.locals`` or a container.
    SQL text that is handed to a helper which runs it (``db.fetch_all("SELECT …")``) is a query too.

    ## Why is this bad?
    The query is not where queries are looked for. A change of a table misses it, tests that replace
    the repository still need a database, and transactions begin and end in two places.

    ## Fix
    Move the query into the repository and call it from here.

    ## Silent on
    Handing a session on without using it, commits and other transaction control, health checks,
    tests, migrations, scripts and composition roots. Where a project without a written architecture
    queries outside its data access layer as a habit, the findings are notes.

    ## Source
    Constraint decay, arXiv 2605.06445: "all data access goes through repositories".
    """

    id = "layering/data-access-outside-repository"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        found = standing(facts, _count)
        if found.severity is None:
            return
        for function, accesses in _outside(facts):
            first = accesses[0]
            path = function.module.path
            layer = facts.architecture.of[path].layer
            home = _home(facts)
            more = f" ({len(accesses)} calls)" if len(accesses) > 1 else ""
            yield self.finding(
                path,
                first.node,
                message=(
                    f"{function.name} in {path} ({layer.name}) queries the database itself"
                    f"{more}: {first.what}. {found.reason}"
                ),
                why=(
                    "Queries are looked for in the data access layer; the next change of the table "
                    "misses this one."
                ),
                fix=f"Move the query into {home} and call it from {function.name}.",
                subject=f"{function.name} queries",
                related=[
                    Related(path, access.node.span[0], "and here") for access in accesses[1:4]
                ],
                severity=found.severity,
            )


def _outside(facts: Facts) -> Iterator[tuple[FunctionInfo, list[Access]]]:
    """The functions of outer layers that run statements, with the calls that do."""
    if not any(layer.role is Role.DATA_ACCESS for layer in facts.architecture.layers):
        return
    by_function: defaultdict[FunctionInfo, list[Access]] = defaultdict(list)
    for path, accesses in facts.access.by_module().items():
        if _is_outer(facts, path):
            for access in accesses:
                if access.runs:
                    by_function[access.function].append(access)
    for helper, access in facts.access.handed:
        caller = access.function
        if _is_outer(facts, caller.module.path) and not _is_outer(facts, helper.module.path):
            by_function[caller].append(access)
    for function, found_in in by_function.items():
        yield function, sorted(found_in, key=lambda access: access.node.span)


def _is_outer(facts: Facts, path: str) -> bool:
    found = facts.architecture.of.get(path)
    if found is None or not found.confirmed:
        return False
    return found.layer.role in (Role.PRESENTATION, Role.SERVICE)


def _home(facts: Facts) -> str:
    paths = sorted({path for path, _ in _kept(facts)})
    return f"the data access layer (such as {paths[0]})" if paths else "the data access layer"


def _kept(facts: Facts) -> Iterator[tuple[str, str]]:
    """The functions of the data access layer that run statements."""
    own = (access for found in facts.access.by_module().values() for access in found if access.runs)
    for access in (*own, *(handing for _, handing in facts.access.handed)):
        path = access.function.module.path
        layer = facts.architecture.layer(path)
        if layer is not None and layer.role is Role.DATA_ACCESS:
            yield path, access.function.qualname


def _count(facts: Facts) -> Tally:
    kept = set(_kept(facts))
    if len({path for path, _ in kept}) < _FILES_AT_LEAST:
        kept = set()
    return tally(kept, ((f.module.path, f.qualname) for f, _ in _outside(facts)))
