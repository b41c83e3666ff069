"""Alembic's revision files, in the order in which they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, FunctionInfo
from ci_gate.data import dataclass


@dataclass(slots=True, eq=False)
class Revision:
    """One revision file.

    ``needs`` are the revisions that run before it, ``down`` those of them that it follows.
    ``node`` says which those are. ``labelled``: it starts a branch that has a name.
    """

    id: str
    path: str
    needs: frozenset[str]
    upgrade: FunctionInfo
    down_known: bool
    down: frozenset[str]
    node: s.Node
    labelled: bool


@dataclass(slots=True, eq=False)
class Chain:
    """Revisions that hang together, first to last. ``complete`` is false where one is missing,
    cannot be read, or two come last."""

    revisions: list[Revision] = field(default_factory=list)
    complete: bool = True


def revision_chains(model: CodeModel) -> Sequence[Chain]:
    """The chains of the tree, one for each database as a rule."""
    found: dict[str, Revision] = {}
    doubled: set[str] = set()
    for revision in revisions(model):
        if revision.id in found:
            doubled.add(revision.id)
        found[revision.id] = revision
    chains = [_ordered(group, found) for group in _connected(found)]
    for chain in chains:
        chain.complete = chain.complete and not any(r.id in doubled for r in chain.revisions)
    return chains


def revisions(model: CodeModel) -> Sequence[Revision]:
    """Every revision file that can be read, by path."""
    read = (_read(model, path) for path in sorted(model.modules))
    return [revision for revision in read if revision is not None]


def _read(model: CodeModel, path: str) -> Revision | None:
    module = model.modules[path]
    if module.language != "python":
        return None
    values: dict[str, s.Expr | None] = {}
    node: s.Node = module
    for statement in module.body:
        if isinstance(statement, s.Assign):
            for target in statement.targets:
                if isinstance(target, s.Name):
                    values[target.id] = statement.value
                    node = statement if target.id == "down_revision" else node
    name = values.get("revision")
    upgrade = model.functions.get(f"{path}::upgrade")
    if not (isinstance(name, s.Literal) and isinstance(name.value, str)) or upgrade is None:
        return None
    if "down_revision" not in values:
        return None
    down, after = _ids(values["down_revision"]), _ids(values.get("depends_on"))
    needs = frozenset((down or frozenset()) | (after or frozenset()))
    return Revision(
        name.value, path, needs, upgrade, down is not None and after is not None,
        down or frozenset(), node, _ids(values.get("branch_labels")) != frozenset(),
    )  # fmt: skip


def _ids(expr: s.Expr | None) -> frozenset[str] | None:
    """The revisions that an expression names; None where they are not constant."""
    found: set[str] = set()
    for part in expr.items if isinstance(expr, s.Sequence) else [expr]:
        match part:
            case None | s.Literal(value=None):
                continue
            case s.Literal(value=str(text)):
                found.add(text)
            case _:
                return None
    return frozenset(found)


def _connected(found: dict[str, Revision]) -> list[list[Revision]]:
    links: dict[str, set[str]] = {name: set() for name in found}
    for revision in found.values():
        for need in revision.needs & found.keys():
            links[revision.id].add(need)
            links[need].add(revision.id)
    groups: list[list[Revision]] = []
    seen: set[str] = set()
    for name in found:
        if name in seen:
            continue
        stack, group = [name], []
        seen.add(name)
        while stack:
            current = stack.pop()
            group.append(found[current])
            for other in links[current] - seen:
                seen.add(other)
                stack.append(other)
        groups.append(group)
    return groups


def _ordered(group: list[Revision], found: dict[str, Revision]) -> Chain:
    chain = Chain()
    needed = {need for revision in group for need in revision.needs}
    heads = [revision for revision in group if revision.id not in needed]
    chain.complete = (
        len(heads) == 1
        and needed <= found.keys()
        and all(revision.down_known for revision in group)
    )
    waiting = {revision.id: set(revision.needs & found.keys()) for revision in group}
    users: dict[str, list[str]] = {}
    for name, needs in waiting.items():
        for need in needs:
            users.setdefault(need, []).append(name)
    ready = sorted((name for name, needs in waiting.items() if not needs), reverse=True)
    while ready:
        name = ready.pop()
        chain.revisions.append(found[name])
        for user in sorted(users.get(name, ())):
            waiting[user].discard(name)
            if not waiting[user]:
                ready.append(user)
    chain.complete = chain.complete and len(chain.revisions) == len(group)
    return chain
