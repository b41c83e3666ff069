"""The architecture as the scorecard shows it: layers and the imports between them."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterable

from ci_gate.architecture.model import Architecture
from ci_gate.codemodel.model import CodeModel
from ci_gate.findings import Finding, Severity
from ci_gate.scorecard.model import ArchitectureSummary, LayerEdge


def summarise(
    architecture: Architecture, model: CodeModel, findings: Iterable[Finding]
) -> ArchitectureSummary:
    """Layers with their directories, outermost first, and each pair's imports and breaches.

    Imports are counted as statements, type-only ones left out. A breach is an import on whose line
    a layering finding of severity error or warning stands.
    """
    broken = {
        (f.path, f.start.line)
        for f in findings
        if f.group == "layering" and f.severity is not Severity.NOTE
    }
    counts: Counter[tuple[str, str]] = Counter()
    breaches: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, int, str]] = set()
    for edge in model.import_edges:
        if edge.target is None or edge.type_only:
            continue
        source, target = architecture.layer(edge.source), architecture.layer(edge.target)
        place = (edge.source, edge.span[0], edge.target)
        if source is None or target is None or source.name == target.name or place in seen:
            continue
        seen.add(place)
        pair = (source.name, target.name)
        counts[pair] += 1
        breaches[pair] += place[:2] in broken
    known = (*architecture.layers, *(assigned.layer for assigned in architecture.of.values()))
    rank = {layer.name: layer.rank for layer in reversed(known)}
    return ArchitectureSummary(
        style=architecture.style,
        written=architecture.written,
        layers=_directories(architecture),
        edges=[
            LayerEdge(source, target, counts[source, target], breaches[source, target])
            for source, target in sorted(counts, key=lambda p: (rank[p[0]], rank[p[1]], p))
        ],
    )


def _directories(architecture: Architecture) -> dict[str, list[str]]:
    ordered = sorted(architecture.layers, key=lambda layer: (layer.rank, layer.name))
    found: dict[str, set[str]] = {layer.name: set() for layer in ordered}
    for path, assignment in architecture.of.items():
        directory = posixpath.dirname(path) or "."
        found.setdefault(assignment.layer.name, set()).add(directory)
    return {name: sorted(directories) for name, directories in found.items()}
