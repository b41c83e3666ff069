"""Two small drawings that GitHub renders: the decay curve and the graph of the layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.reports.escape import label

if TYPE_CHECKING:
    from ci_gate.scorecard.model import ArchitectureSummary, Scorecard

LAYER_LIMIT: Final = 12
EDGE_LIMIT: Final = 60


def decay_chart(scorecard: Scorecard) -> str:
    """The share at each level, head and base; empty where there was nothing to count."""
    shares = [level.share for level in scorecard.levels]
    if not shares or any(share is None for share in shares):
        return ""
    unit = scorecard.levels[0].unit
    lines = [
        "xychart-beta",
        f'  title "{unit.capitalize()}s that still count, level by level"',
        "  x-axis [L0, L1, L2, L3]",
        '  y-axis "percent" 0 --> 100',
    ]
    base = [level.share for level in scorecard.base_levels or []]
    if base and all(share is not None for share in base):
        lines.append(f"  line {_series(base)}")
    lines.append(f"  line {_series(shares)}")
    return "\n".join(lines)


def _series(shares: list[float | None]) -> str:
    return "[" + ", ".join(f"{100 * (share or 0):.0f}" for share in shares) + "]"


def layer_graph(architecture: ArchitectureSummary) -> str:
    """Layers and the imports between them, those with breaches in red; empty without edges."""
    names = list(architecture.layers)[:LAYER_LIMIT]
    number = {name: index for index, name in enumerate(names)}
    edges = [e for e in architecture.edges if e.source in number and e.target in number]
    edges = sorted(edges, key=lambda e: -e.breaches)[:EDGE_LIMIT]
    if not edges:
        return ""
    lines = ["flowchart TD"]
    lines += [f'  n{index}["{label(name)}"]' for name, index in number.items()]
    red = []
    for position, edge in enumerate(edges):
        text = f"{edge.count} imports" if edge.count != 1 else "1 import"
        if edge.breaches:
            text = f"{edge.breaches} of {edge.count} break the rule"
            red.append(position)
        lines.append(f'  n{number[edge.source]} -->|"{text}"| n{number[edge.target]}')
    if red:
        lines.append(f"  linkStyle {','.join(map(str, red))} stroke:#d1242f,stroke-width:3px")
    return "\n".join(lines)
