from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Final

from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup._fastify_plugins import FASTIFY_OF
from ci_gate.rules.startup._node import NodeService

_FASTIFY: Final = "fastify"


class PluginVersion(Rule):
    """A plugin of Fastify is declared in a version for another major version of Fastify.

    ## Why is this bad?
    Plugins say which version of Fastify they are for, and Fastify checks it when they are
    registered: it throws FST_ERR_PLUGIN_VERSION_MISMATCH, and the service does not start. npm says
    nothing, for it is no peer dependency.

    ## Fix
    Declare the version of the plugin that is for the declared Fastify.

    ## Silent on
    Plugins and versions that the list does not have (newer ones among them), versions that are not
    pinned to a major, plugins that no module of the service imports.

    ## Source
    Fastify, "Plugins Guide"; the metadata of the published plugins, read 2026-11.
    """

    id = "startup/plugin-version"
    group = "startup"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        service = NodeService(facts)
        seen: set[tuple[str, str]] = set()
        for edge in facts.model.import_edges:
            of = FASTIFY_OF.get(edge.package or "")
            package = service.packages.of(edge.source) if of is not None else None
            if of is None or package is None or not service.at_start(edge) or edge.type_only:
                continue
            plugin = service.packages.major(edge.source, edge.package or "")
            fastify = service.packages.major(edge.source, _FASTIFY)
            wanted = of.get(plugin or 0)
            name = edge.package or ""
            if wanted is None or fastify is None or fastify == wanted:
                continue
            if (package.path, name) in seen or name not in package.declared:
                continue
            seen.add((package.path, name))
            right = max((major for major, item in of.items() if item == fastify), default=None)
            yield self.finding(
                edge.source,
                edge.node,
                message=f"{package.path} declares {name} {plugin}, which is for Fastify {wanted}, "
                f"beside Fastify {fastify}.",
                why="Fastify throws FST_ERR_PLUGIN_VERSION_MISMATCH when the plugin is registered; "
                "the service does not start.",
                fix=f"Run `npm install {name}@{right}`."
                if right is not None
                else f"Take the version of {name} that is for Fastify {fastify}.",
                subject=f"{name} for Fastify {wanted}",
                related=[
                    Related(package.path, package.line_of(_FASTIFY), "Fastify is declared here"),
                    Related(package.path, package.line_of(name), "and the plugin here"),
                ],
            )
