from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import Const
from ci_gate.codemodel.routing.fastify import FastifyInstance
from ci_gate.codemodel.routing.graph import Registration
from ci_gate.findings import Finding, Related
from ci_gate.rules.base import Facts, Rule

_MAX_DEPTH: Final = 32


class PluginEncapsulation(Rule):
    """A Fastify plugin decorates its own instance, and code outside the plugin uses the decorator.

    ## Why is this bad?
    Without `fastify-plugin`, what a plugin registers is seen by it and by what it registers itself
    only. Outside, `fastify.db` is undefined: the routes that use it fail, or the server does not
    start (`FST_ERR_HOOK_INVALID_HANDLER`).

    ## Fix
    Wrap the plugin: `export default fp(async (fastify) => { … })`.

    ## Silent on
    Decorators that another plugin or the root has too; plugins with `skip-override`; plugins that
    are loaded in a way that is not seen.

    ## Source
    Fastify, "Encapsulation" and "Plugins Guide".
    """

    id = "fastify/plugin-encapsulation"
    group = "framework"
    languages: ClassVar = ("javascript", "typescript")
    needs: ClassVar = ("fastify",)

    def check(self, facts: Facts) -> Iterable[Finding]:
        model = facts.model
        instances = [
            item for item in model.route_table.routers if isinstance(item, FastifyInstance)
        ]
        seen: set[tuple[str, str]] = set()
        for instance in instances:
            for call in instance.calls:
                name = call.args.get(0)
                if (
                    call.name != "decorate"
                    or instance.parent is None
                    or not isinstance(name, Const)
                    or not isinstance(name.value, str)
                    or (call.args.module, name.value) in seen
                    or _skips(facts, call.args.module)
                ):
                    continue
                use = next(_used_outside(instances, instance, name.value), None)
                if use is not None:
                    seen.add((call.args.module, name.value))
                    yield self._finding(instance, call, name.value, *use)

    def _finding(
        self,
        instance: FastifyInstance,
        call: Registration,
        name: str,
        user: FunctionInfo,
        node: s.Node,
    ) -> Finding:
        plugin = instance.plugins[-1].info if instance.plugins else None
        related = [Related(user.module.path, node.line, f"uses {name} outside the plugin")]
        if plugin is not None:
            related.append(Related(plugin.module.path, plugin.node.line, "the plugin"))
        if instance.made is not None:
            made = instance.made
            related.append(Related(made.module, made.span[0], "registers it"))
        return self.finding(
            call.args.module,
            s.Node(call.args.span),
            message=(
                f"`{name}` is decorated inside a plugin that is not wrapped in `fastify-plugin`, "
                f"and used outside it."
            ),
            why=(
                f"The decorator exists on the plugin's own instance only: `{name}` is undefined at "
                f"{user.module.path}:{node.line}."
            ),
            fix="Wrap the plugin in `fp(…)` from `fastify-plugin`.",
            subject=f"decorator {name}",
            related=related,
        )


def _skips(facts: Facts, path: str) -> bool:
    """Does the module switch the encapsulation off itself, or wrap in a way that is not seen?"""
    try:
        text = facts.model.tree.text(path)
    except (OSError, UnicodeError):
        return True
    return "skip-override" in text or is_outside(path)


def _used_outside(
    instances: Iterable[FastifyInstance], owner: FastifyInstance, name: str
) -> Iterator[tuple[FunctionInfo, s.Node]]:
    """Where plugins that do not see the decorator read it."""
    instances = list(instances)
    decorated = [
        item
        for item in instances
        for call in item.calls
        if call.name == "decorate"
        and (not isinstance(call.args.get(0), Const) or call.args.text(0) == name)
    ]
    for instance in instances:
        if any(_is_below(instance, other) for other in decorated):
            continue
        if _root(instance) is not _root(owner):
            continue
        for plugin in instance.plugins:
            node = plugin.info.node
            if not isinstance(node, s.Function) or not node.params or not node.params[0].name:
                continue
            parameter = node.params[0].name
            guarded = any(
                isinstance(item, s.Attribute) and item.name == "hasDecorator"
                for item in s.walk(node)
            )
            for inner in s.walk(node):
                match inner:
                    case s.Attribute(value=s.Name(id=holder), name=read) if (
                        holder == parameter and read == name and not guarded
                    ):
                        yield plugin.info, inner


def _is_below(instance: FastifyInstance, other: FastifyInstance) -> bool:
    current: FastifyInstance | None = instance
    for _ in range(_MAX_DEPTH):
        if current is None:
            return False
        if current is other:
            return True
        current = current.parent
    return True


def _root(instance: FastifyInstance) -> FastifyInstance:
    for _ in range(_MAX_DEPTH):
        if instance.parent is None:
            break
        instance = instance.parent
    return instance
