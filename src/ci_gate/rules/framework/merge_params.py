from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, Final

from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.routing.domain import HOLE, Const, DictVal
from ci_gate.codemodel.routing.graph import Endpoint, Mount, Opening, Router
from ci_gate.codemodel.syntax import Node
from ci_gate.data import dataclass
from ci_gate.findings import Finding, Related
from ci_gate.regex import regex
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.framework._requests import PathParameters, Read
from ci_gate.rules.framework._routers import Step, routers, steps

_PARAMETER: Final = regex(r"[:*](\w+)")
_MAX_DEPTH: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Lost:
    """``read`` asks for a parameter of the path under which ``mount`` puts the router."""

    router: Router
    mount: Step
    prefix: str
    read: Read


#: Routers with the parameters above them that are looked at in one program.
_MAX_SEEN: Final = 2_000


class MergeParams(Rule):
    """A router reads a parameter of the path that it is mounted under, without `mergeParams`.

    `router.use('/:slug/comments', comments)` and `req.params.slug` in `comments`.

    ## Why is this bad?
    Express gives a router only the parameters of its own paths, so `req.params.slug` is undefined
    in it: the query finds nothing, or another row than the one that was asked for.

    ## Fix
    Create the router with `express.Router({ mergeParams: true })`.

    ## Silent on
    Routers made with options that are not known; parameters that the router's own path has, that
    middleware sets, or that the handler can do without (`req.params.slug ?? …`).

    ## Source
    Express 5 API, `express.Router([options])`: `mergeParams`, default false.
    """

    id = "express/merge-params"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("express",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        search = _Search(facts)
        found: dict[tuple[str, tuple[int, int, int, int], str], list[_Lost]] = {}
        for router in routers(facts.model, "express"):
            for item in search.lost_below(router, frozenset()):
                made = item.router.made
                if made is not None:
                    found.setdefault((made.module, made.span, item.read.name), []).append(item)
        for (module, span, name), several in found.items():
            first = several[0]
            reader = first.read.function
            related = [
                Related(first.mount.module, first.mount.span[0], f"mounts it under {first.prefix}"),
                Related(reader.module.path, first.read.node.line, f"reads {name}"),
            ]
            for item in several[1:]:
                place = (item.read.function.module.path, item.read.node.line)
                if all(place != (other.path, other.line) for other in related):
                    related.append(Related(*place, f"reads {name}"))
            yield self.finding(
                module,
                Node(span),
                message=(
                    f"The router is mounted under {first.prefix} and its handlers read "
                    f"`req.params.{name}`, but it is created without `mergeParams`."
                ),
                why=(
                    f"Express hides the parameters of the parent's path from a router, so "
                    f"`req.params.{name}` is undefined at {reader.module.path}:"
                    f"{first.read.node.line}."
                ),
                fix="Create it with `express.Router({ mergeParams: true })`.",
                subject=f"router without {name}",
                related=related,
            )


class _Search:
    def __init__(self, facts: Facts) -> None:
        self._parameters = PathParameters(facts.model)
        self._seen: set[tuple[Router, frozenset[str]]] = set()

    def lost_below(self, router: Router, outer: frozenset[str], depth: int = 0) -> Iterator[_Lost]:
        """What the routers below ``router`` ask for in vain; ``outer`` are the parameters of the
        paths that it is mounted under itself."""
        if depth > _MAX_DEPTH or (router, outer) in self._seen or len(self._seen) > _MAX_SEEN:
            return
        self._seen.add((router, outer))
        for step in steps(router):
            for child in step.routers if step.name == "use" else ():
                for prefix in step.paths or ("",) if step.paths is not None else ():
                    names = outer.union(_PARAMETER.findall(prefix))
                    if _merges(child) is False:
                        for read in self._asked(child, 0):
                            if read.name in names:
                                yield _Lost(child, step, prefix, read)
                    yield from self.lost_below(child, names, depth + 1)

    def _asked(self, router: Router, depth: int) -> Iterator[Read]:
        """What is read on the router, and its own paths do not have."""
        for entry in router.entries if depth <= _MAX_DEPTH else ():
            if isinstance(entry, Opening):
                continue
            path = entry.path if isinstance(entry, Endpoint) else entry.prefix
            reads = [item for handler in entry.handlers for item in self._read(handler)]
            if isinstance(entry, Mount) and _merges(entry.router):
                reads += self._asked(entry.router, depth + 1)
            own = frozenset(_PARAMETER.findall(path))
            yield from (item for item in reads if HOLE not in path and item.name not in own)

    def _read(self, handler: FunctionInfo) -> Sequence[Read]:
        return self._parameters.read_by(handler, "express")


def _merges(router: Router) -> bool | None:
    """Does the router get the parameters of its parent? None where that is not known."""
    made = router.made
    if made is None or not made.whole:
        return None
    options = made.get(0)
    if options is None:
        return False
    if not isinstance(options, DictVal):
        return None
    value = options.entries.get("mergeParams")
    if value is None:
        return False if options.whole else None
    return bool(value.value) if isinstance(value, Const) else None
