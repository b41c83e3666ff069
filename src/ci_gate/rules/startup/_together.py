"""Requirements that exclude each other by what their releases ask for themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from packaging.specifiers import SpecifierSet

from ci_gate.codemodel.dependencies import asks, known, versions
from ci_gate.codemodel.dependencies.asks import Ask
from ci_gate.codemodel.dependencies.manifest import Manifest
from ci_gate.codemodel.dependencies.oldest import has_old_python
from ci_gate.codemodel.dependencies.requirement import Requirement
from ci_gate.findings import Related
from ci_gate.repository import Tree
from ci_gate.rules.startup._refused import Refused

Read = Callable[[Requirement], Sequence[SpecifierSet] | None]


def held(manifests: Iterable[Manifest], tree: Tree) -> frozenset[str] | None:
    """The distributions that something in the tree bounds, if only a constraint or a command; None
    where an old Python may bound them all."""
    if has_old_python(tree):
        return None
    return frozenset(
        item.name
        for manifest in manifests
        for item in manifest.requirements
        if item.specifier.strip(" *") or item.direct is not None or item.kind == "locked"
    )


def refused(
    group: Sequence[Requirement], held: frozenset[str] | None, read: Read
) -> Iterator[Refused]:
    """What cannot be installed, or not be loaded, of requirements that are installed together."""
    ranges: defaultdict[str, list[Sequence[SpecifierSet]]] = defaultdict(list)
    bounded: dict[str, Requirement] = {}
    wanted: list[tuple[Requirement, Ask]] = []
    for item in group:
        choices = read(item)
        if choices is None or item.direct is not None:
            continue
        if item.specifier.strip(" *"):
            ranges[item.name].append(choices)
            bounded.setdefault(item.name, item)
        wanted += [(item, ask) for ask in asks.of(item.name, choices)]
    for item, ask in wanted:
        other = bounded.get(ask.name)
        if ask.error or other is None:
            continue
        choices = read(other)
        if choices is not None and not versions.satisfiable([choices, [ask.wanted]]):
            yield _asked(item, ask, other)
    for _, ask in wanted:
        if not ask.error:
            ranges[ask.name].append([ask.wanted])
    unsure = _may_be_held(group)
    for item, ask in wanted:
        if not ask.error:
            continue
        other = bounded.get(ask.name)
        if asks.rules_out_older(ranges[ask.name], ask.wanted):
            yield _failing(item, ask, other, newest=False, warning=False)
        elif held is not None and ask.name not in held:
            yield _failing(item, ask, other, newest=True, warning=unsure)


def _may_be_held(group: Sequence[Requirement]) -> bool:
    """May a requirement ask for an older release of something, in a way that is not known?"""
    return bool(known.installed((item.name, item.extras) for item in group).unknown)


def _asked(item: Requirement, ask: Ask, other: Requirement) -> Refused:
    mine, theirs = _shown(item), _shown(other)
    return Refused(
        other.path,
        other.line,
        f"{theirs} is asked for, and {mine} itself asks for {ask.name}{ask.wanted}.",
        "The installer ends with a conflict (ResolutionImpossible), so nothing is installed and "
        "the service cannot start.",
        f"Ask for {ask.name}{ask.wanted}, or for another release of {item.name}.",
        f"{theirs} against {mine}",
        (Related(item.path, item.line, f"asks for {mine}"),),
    )


def _failing(
    item: Requirement, ask: Ask, other: Requirement | None, *, newest: bool, warning: bool
) -> Refused:
    mine = _shown(item)
    bound = next(iter(ask.wanted)).version
    what = (
        f"no version of {ask.name} is asked for, so the newest is installed"
        if newest
        else "the other requirements allow no older one"
    )
    return Refused(
        item.path,
        item.line,
        f"{mine} cannot be loaded with {ask.name} {bound} or newer, and {what}.",
        f"The import fails and the service does not start: {ask.error}.",
        f"Take a newer {item.name}, or ask for `{ask.name}<{bound}` too.",
        f"{mine} with {ask.name} {bound}",
        () if other is None else (Related(other.path, other.line, f"asks for {_shown(other)}"),),
        warning,
    )


def _shown(item: Requirement) -> str:
    return f"{item.name}{item.specifier.strip()}"
