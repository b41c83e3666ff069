from __future__ import annotations

from collections.abc import Iterable

from ci_gate.codemodel import syntax as s
from ci_gate.findings import Finding
from ci_gate.rules.base import Facts, Rule


class MissingLayer(Rule):
    """The written architecture names a layer that no file plays.

    ## Why is this bad?
    Either the layer was never built, and its work is done in another one, or its files moved and
    the patterns no longer find them: then nothing checks them any more, and every other layering
    rule is silent for the wrong reason.

    ## Fix
    Build the layer, correct its ``paths``, or take it out of the architecture.

    ## Silent on
    Inferred architectures, and the layers of a shipped architecture that a small service need not
    have when it has fewer than two of them.

    ## Source
    Constraint decay, arXiv 2605.06445: four layers are prescribed, and agents leave some out.
    """

    id = "layering/missing-layer"
    group = "layering"

    def check(self, facts: Facts) -> Iterable[Finding]:
        architecture = facts.architecture
        if not architecture.written or not facts.model.modules:
            return
        played = {found.layer.name for found in architecture.of.values()}
        config = facts.config.path.name if facts.config.path is not None else ".ci-gate.yml"
        if not facts.config.architecture.layers and len(played) < 2:
            return
        for layer in architecture.layers:
            if layer.name in played:
                continue
            patterns = ", ".join(layer.patterns)
            yield self.finding(
                config,
                s.Jump((1, 1, 1, 1), "pass"),
                message=f"No file plays the layer {layer.name!r}: nothing matches {patterns}.",
                why="Its work is done in another layer, or its files are no longer checked.",
                fix=f"Build {layer.name}, or correct its paths in the architecture.",
                subject=f"layer {layer.name}",
                repository_wide=True,
            )
