from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import FunctionInfo
from ci_gate.codemodel.places import is_outside
from ci_gate.codemodel.routing.domain import Const
from ci_gate.codemodel.routing.fastify import FastifyInstance
from ci_gate.codemodel.routing.graph import Endpoint, Registration
from ci_gate.findings import Finding, Related
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule

_MAX_DEPTH: Final = 32
#: What holds for all that the instance serves.
_SETTINGS: Final = frozenset({
    "setErrorHandler", "setNotFoundHandler", "addContentTypeParser", "setValidatorCompiler",
    "setSerializerCompiler", "setReplySerializer", "setSchemaErrorFormatter",
})  # fmt: skip
#: What may stand beside it and is of no use to others either.
_HARMLESS: Final = frozenset({"removeContentTypeParser", "removeAllContentTypeParsers"})


class PluginEncapsulation(Rule):
    """What a Fastify plugin decorates or sets on its own instance is meant for the code outside it.

    A decorator that code outside of the plugin uses; an error handler or a content type parser in a
    plugin that has no routes and registers nothing, so that they are there for nobody.

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
        for instance in instances:
            path = instance.plugins[0].info.module.path if len(instance.plugins) == 1 else ""
            if path and all(found != path for found, _ in seen) and not _skips(facts, path):
                found = self._idle(instances, instance)
                if found is not None:
                    seen.add((path, ""))
                    yield found

    def _idle(self, instances: list[FastifyInstance], instance: FastifyInstance) -> Finding | None:
        """A setting of an instance that serves nothing."""
        if instance.parent is None or instance.entries:
            return None
        if any(other.parent is instance for other in instances):
            return None
        plugin = instance.plugins[0].info
        settings = _settings(plugin)
        made = instance.made
        if not settings or not _serve_more(instances, instance):
            return None
        path, first = plugin.module.path, settings[0]
        name = first.func.name if isinstance(first.func, s.Attribute) else ""
        related = [Related(path, plugin.node.line, "the plugin")]
        if made is not None:
            related.append(Related(made.module, made.span[0], "registers it"))
        return self.finding(
            path,
            spot(first),
            message=(
                f"`{name}` is called inside a plugin that is not wrapped in `fastify-plugin` and "
                "has no routes of its own."
            ),
            why="It holds for the plugin's own instance only, where nothing is served: no request "
            "ever reaches it.",
            fix="Wrap the plugin in `fp(…)` from `fastify-plugin`.",
            subject=f"{name} of {path}",
            related=related,
        )

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


def _settings(plugin: FunctionInfo) -> list[s.Call]:
    """What the plugin sets on its instance; none where it does something else with it too."""
    node = plugin.node
    if not isinstance(node, s.Function) or not node.params or not node.params[0].name:
        return []
    holder = node.params[0].name
    found: list[s.Call] = []
    members: set[s.Node] = set()
    for inner in s.walk(node):
        match inner:
            case s.Call(func=s.Attribute(value=s.Name(id=name) as base, name=called)) if (
                name == holder
            ):
                if called in _SETTINGS:
                    found.append(inner)
                elif called not in _HARMLESS:
                    return []
                members.add(base)
            case s.Attribute(value=s.Name(id=name) as base, name="log") if name == holder:
                members.add(base)
    used = {item for item in s.walk(node) if isinstance(item, s.Name) and item.id == holder}
    return found if used == members else []


def _serve_more(instances: Iterable[FastifyInstance], instance: FastifyInstance) -> bool:
    """Are there routes outside of the plugin?"""
    root = _root(instance)
    return any(
        other is not instance
        and _root(other) is root
        and any(isinstance(entry, Endpoint) for entry in other.entries)
        for other in instances
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
