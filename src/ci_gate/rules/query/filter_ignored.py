from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dataflow.events import Ran, Run
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import entry
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.query._listings import is_paging, lists_all
from ci_gate.rules.query._renamed import Renamed, renamed_parameters

#: Names that steer the response or the session and not the query
_OTHER: Final = frozenset({
    "format", "pretty", "callback", "_", "token", "access_token", "api_key", "apikey", "key",
    "state", "code", "next", "redirect", "redirect_uri", "lang", "locale", "fields", "include",
    "expand", "debug", "version", "v", "cache", "nocache", "dry_run", "request", "tz", "timezone",
    "refresh", "reload", "force", "no_cache", "bust", "wait", "background", "preview", "download",
    "attachment", "inline", "as_attachment", "export", "verbose", "strict", "theme", "next_url",
})  # fmt: skip

_WRITES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class FilterIgnored(Rule):
    """A list endpoint takes a query parameter that never reaches a query.

    The parameter is declared by the handler (or by the contract), and it arrives in no filter,
    order, limit or lookup; or the contract declares it and the handler never reads it; or the base
    filters by it, and the change reads one of another name (`favoritedBy` for `favorited`) instead.

    ## Why is this bad?
    The endpoint answers 200 with the unfiltered list. `?author=jane` returns everybody's articles:
    the most frequent failure of agent-written backends, and one that a test with a single author
    does not see.

    ## Fix
    Hand the parameter on to the repository and put it into the statement, or drop it from the
    signature and the contract.

    ## Silent on
    Parameters that reach a call which could not be followed, a comparison or a statement; handlers
    that take the query string as a whole; endpoints that write or run no query but those of their
    dependencies. In Node, whoever
    reads something of the request that nobody is known to have put there, or hands the request to
    what cannot be followed, may have read any parameter.

    ## Source
    Constraint decay, arXiv 2605.06445: 119 of 642 failed runs.
    """

    id = "query/filter-ignored"
    group = "query"
    follows = True

    def check(self, facts: Facts) -> Iterable[Finding]:
        seen: set[tuple[str, int, str]] = set()
        for run in facts.flows.served():
            for finding in self._of(facts, run):
                key = (finding.path, finding.start.line, finding.subject)
                if key not in seen:
                    seen.add(key)
                    yield finding
        for renamed in renamed_parameters(facts):
            finding = self._renamed(facts, renamed)
            if (finding.path, finding.start.line, finding.subject) not in seen:
                yield finding

    def _renamed(self, facts: Facts, found: Renamed) -> Finding:
        return self.finding(
            facts.flows.file_of(found.node, found.run),
            found.node,
            message=(
                f"{entry(found.run)} filters by `{found.now}`, and clients send `{found.before}`, "
                "which the base reads"
            ),
            why=(
                f"Unknown parameters are ignored: ?{found.before}=... answers 200 with the "
                "unfiltered list."
            ),
            fix=f"Keep the name `{found.before}`, or read both while clients change over.",
            subject=f"{found.before} renamed",
            related=[
                Related(found.run.entry.module.path, found.run.entry.node.line, "the endpoint")
            ],
        )

    def _of(self, facts: Facts, run: Run) -> Iterator[Finding]:
        if not run.complete or run.wildcard or run.route is None or run.route.method in _WRITES:
            return
        ran = [e for e in run.events if isinstance(e, Ran) and e.how in ("many", "count", "rows")]
        if not ran:
            return
        used = {source.name for source in run.used if source.part == "query"}
        read = {
            source.name: source.node
            for source in sorted(run.read, key=lambda item: item.node.span)
            if source.part == "query" and source.name is not None
        }
        for name, node in read.items():
            if name in used or name.lower() in _OTHER or self._elsewhere(facts, run, node):
                continue
            if is_paging(name) and run.entry.module.language != "python" and lists_all(run):
                continue  # that is query/unbounded-list
            path = facts.flows.file_of(node, run)
            due = next((event for event in ran if _is_due(event, run, path, node)), None)
            if due is not None:
                yield self._unused(path, run, due, name, node)
        yield from self._undeclared(facts, run, ran[0], set(read))

    def _elsewhere(self, facts: Facts, run: Run, node: s.Node) -> bool:
        """A helper reads it for several endpoints: not all of them need take it."""
        if facts.flows.file_of(node, run) == run.entry.module.path and _within(node, run):
            return False
        return any(
            source.node is node
            for other in facts.flows.served()
            if other.entry is not run.entry
            for source in other.read
        )

    def _unused(self, path: str, run: Run, ran: Ran, name: str, node: s.Node) -> Finding:
        home = ran.home()
        return self.finding(
            path,
            node,
            message=f"{entry(run)} takes `{name}`, and it never reaches a query",
            why=(
                f"The list comes back unfiltered: ?{name}=... answers 200 with the same rows as"
                " without it."
            ),
            fix=f"Pass `{name}` down to the statement and use it there, or remove it.",
            subject=name,
            related=[Related(home.path, home.node.line, "the query that ignores it")],
        )

    def _undeclared(self, facts: Facts, run: Run, ran: Ran, read: set[str]) -> Iterator[Finding]:
        """What the contract declares and the handler does not read."""
        route = run.route
        description = facts.description
        if description is None or route is None or not route.complete:
            return
        operation = description.operation(route.method, route.path)
        if operation is None:
            return
        missing = [
            name for name in operation.query if name not in read and name.lower() not in _OTHER
        ]
        if not missing:
            return
        home = ran.home()
        names = " and ".join(f"`{name}`" for name in missing)
        yield self.finding(
            run.entry.module.path,
            run.entry.node,
            message=f"{entry(run)} never reads {names}, which the contract declares",
            why=(
                f"?{missing[0]}=... answers 200 with the same rows as without it: the filter that"
                " clients rely on does nothing."
            ),
            fix=f"Read {names} and pass it down to the statement.",
            subject=",".join(missing),
            related=[
                Related(description.path, 1, f"{operation.method} {operation.path} declares it"),
                Related(home.path, home.node.line, "the query"),
            ],
        )


def _is_due(ran: Ran, run: Run, path: str, node: s.Node) -> bool:
    """Could the parameter at ``node`` be for this query? What a dependency asks for itself, such
    as whether the user may sign in, is not for what the handler takes."""
    functions = [ran.place.function, *(caller for _, caller in ran.place.calls)]
    return any(
        function is run.entry
        or (
            function.module.path == path
            and function.node.span[0] <= node.span[0] <= function.node.span[2]
        )
        for function in functions
    )


def _within(node: s.Node, run: Run) -> bool:
    """The handler itself (or its signature) holds the node."""
    span = run.entry.node.span
    return span[0] <= node.span[0] <= span[2]
