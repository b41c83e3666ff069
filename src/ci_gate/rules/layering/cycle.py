from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ci_gate.codemodel.model import ImportEdge
from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules._components import components
from ci_gate.rules.base import Facts, Rule


class Cycle(Rule):
    """Packages of the layers import each other in a circle at start-up.

    Only imports that run when the modules load count, and only circles that pass through more than
    one directory. A circle that goes through an upward import is reported as that.

    ## Why is this bad?
    Which module loads first decides whether a name exists yet: the service starts, until an import
    is sorted or a test imports the other end first. Packages in a circle cannot be changed or
    deployed by themselves.

    ## Fix
    Move what both sides need into a third module, or hand it in.

    ## Silent on
    Imports for types only and inside functions, tests and composition roots. It is a warning: many
    projects live with such circles.

    ## Source
    import-linter's acyclic contract; Python's documentation on circular imports.
    """

    id = "layering/cycle"
    group = "layering"
    severity = Severity.WARNING

    def check(self, facts: Facts) -> Iterable[Finding]:
        graph: defaultdict[str, dict[str, ImportEdge]] = defaultdict(dict)
        for edge in facts.model.import_edges:
            if edge.target is None or edge.type_only or edge.lazy or edge.target == edge.source:
                continue
            one, other = (
                facts.architecture.of.get(edge.source),
                facts.architecture.of.get(edge.target),
            )
            if one is None or other is None or not one.confirmed or not other.confirmed:
                continue
            if other.layer.rank >= one.layer.rank:
                graph[edge.source].setdefault(edge.target, edge)
        for members in components(graph):
            folders = {path.rpartition("/")[0] for path in members}
            if len(folders) < 2:
                continue
            chain = _circle(graph, members)
            first = graph[chain[0]][chain[1]]
            shown = " → ".join([*chain, chain[0]])
            yield self.finding(
                chain[0],
                first.node,
                message=f"{len(chain)} modules import each other in a circle: {shown}.",
                why="Which of them loads first decides whether the others' names exist yet.",
                fix="Move what they share into a module of its own, or hand it in.",
                subject="circle " + " ".join(sorted(chain)),
                related=[
                    Related(source, graph[source][target].span[0], f"imports {target}")
                    for source, target in zip(chain[1:], [*chain[2:], chain[0]], strict=True)
                ],
            )


def _circle(graph: dict[str, dict[str, ImportEdge]], members: list[str]) -> list[str]:
    """A shortest circle through the first member."""
    inside = set(members)
    start = members[0]
    before: dict[str, str] = {}
    queue = [start]
    for node in queue:
        for target in sorted(graph[node]):
            if target == start:
                chain = [node]
                while chain[-1] != start:
                    chain.append(before[chain[-1]])
                return chain[::-1]
            if target in inside and target not in before:
                before[target] = node
                queue.append(target)
    return members
