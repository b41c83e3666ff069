"""What every module of the program defines and binds: one walk over each file's syntax.

The walk is iterative (input may nest deeply) and records facts only; what they mean is the
evaluator's business.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from typing import Any, Final, TypeAlias
from typing import Literal as OneOf

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.program import ClassInfo, FunctionInfo, Scope
from ci_gate.data import dataclass
from ci_gate.regex import regex

Projection: TypeAlias = tuple[str, int | str | None]
"""How a bound name is taken out of a value: ``("index", 0)``, ``("key", "db")``, ``("element",
None)`` (iteration), ``("enter", None)`` (``with``), ``("rest", None)``."""

ELEMENT: Projection = ("element", None)
ENTER: Projection = ("enter", None)
REST: Projection = ("rest", None)

_LOGICAL_ASSIGNMENT = frozenset({"or", "||", "??", "and", "&&"})
_NAMES: Final = frozenset({s.Name, s.Literal, s.ImportedName})
#: What holds nothing that is bound, called or stored.
_LEAVES: Final = _NAMES | {s.Jump, s.Import, s.Comment, s.SyntaxProblem}
_MAX_PATTERN_DEPTH = 12
_SUFFIX: Final = regex(r"\.[cm]?[jt]sx?$")


@dataclass(slots=True, eq=False)
class Binding:
    """One way a name comes to stand for something.

    ``node`` is the bound expression, parameter, definition or imported name; it is read in
    ``scope`` and then taken apart along ``path``.
    """

    kind: OneOf["value", "param", "import", "function", "class", "alias", "exception"]
    node: s.Node
    scope: Scope
    path: tuple[Projection, ...] = ()
    annotation: s.Expr | None = None
    statement: s.Import | None = None


@dataclass(slots=True, eq=False)
class AttributeStore:
    """``base.name = value`` (also as part of a pattern)."""

    base: s.Expr
    name: str
    binding: Binding


@dataclass(slots=True, eq=False)
class ItemStore:
    """``base[key] = value``."""

    base: s.Expr
    key: s.Expr
    binding: Binding


@dataclass(slots=True, eq=False)
class Frame:
    """The names of one scope."""

    names: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[s.Import] = field(default_factory=list)

    def bind(self, name: str, binding: Binding) -> None:
        self.names.setdefault(name, []).append(binding)


@dataclass(slots=True, eq=False)
class Body:
    """What one function's own code holds (not that of functions nested in it)."""

    returns: list[s.Expr] = field(default_factory=list)
    yields: list[s.Yield] = field(default_factory=list)
    calls: list[tuple[s.Call, Scope]] = field(default_factory=list)
    withs: list[tuple[s.WithItem, Scope]] = field(default_factory=list)
    attributes: list[tuple[s.Attribute, Scope]] = field(default_factory=list)


def whole(path: str) -> str:
    """The key under which the index keeps what a module of JavaScript exports as a whole, by the
    module's path or by the specifier of an import."""
    folder, _, name = path.rpartition("/")
    stem = _SUFFIX.sub("", name)
    return f"{folder.rpartition('/')[2] if stem == 'index' else stem}/"


class Index:
    """All definitions, bindings and stores of the program."""

    def __init__(self, modules: Mapping[str, s.Module]) -> None:
        self.modules = modules
        self.functions: dict[str, FunctionInfo] = {}
        self.classes: dict[str, ClassInfo] = {}
        self.frames: dict[s.Node, Frame] = {}
        self.bodies: dict[s.Node, Body] = {}
        self.function_of: dict[s.Node, FunctionInfo] = {}
        self.class_of: dict[s.Node, ClassInfo] = {}
        self.function_scope: dict[s.Node, Scope] = {}
        self.definition_scope: dict[s.Node, Scope] = {}
        self.param_scope: dict[s.Param, Scope] = {}
        self.class_scope: dict[ClassInfo, Scope] = {}
        self.outer_scope: dict[ClassInfo, Scope] = {}
        self.methods: dict[ClassInfo, dict[str, list[FunctionInfo]]] = {}
        self.class_attributes: dict[ClassInfo, dict[str, list[Binding]]] = {}
        self.attribute_stores: dict[str, list[AttributeStore]] = defaultdict(list)
        self.item_stores: list[ItemStore] = []
        self.calls_by_name: dict[str, list[tuple[s.Call, Scope]]] = defaultdict(list)
        #: of the statements and expressions that the walk comes by: nearly all
        self.scopes: dict[s.Node, Scope] = {}
        #: these by module, and its parameters and arguments, which have none of their own
        self.visited: dict[str, list[s.Node]] = {}
        self.parts: dict[str, list[s.Node]] = {}
        self.argument_of: dict[s.Node, tuple[s.Call, int]] = {}
        self.mapping_of: dict[s.Node, tuple[s.Mapping, Scope]] = {}
        self.aliases: dict[str, set[str]] = defaultdict(set)
        self.functions_in: dict[str, list[FunctionInfo]] = {}
        self.local_assignments: dict[str, dict[str, list[Binding]]] = {}
        #: in the order of the source
        self.assignments: dict[s.Module, list[s.Assign]] = {}
        for path, module in modules.items():
            _Walk(self, path, module).run()
            for item in module.imports if module.language != "python" else ():
                for name in item.names:
                    if name.name in ("*", "default") and item.specifier.startswith("."):
                        self.aliases[whole(item.specifier)].add(name.alias)

    @cached_property
    def given_names(self) -> frozenset[str]:
        """The names under which Python code may have what goes by another name where it comes
        from: those that are bound otherwise than by a definition or an import of that name, and
        those of properties."""
        found = {
            name
            for frame in self.frames.values()
            for name, bindings in frame.names.items()
            if not all(map(_keeps_name, bindings))
        }
        for attributes in self.class_attributes.values():
            found.update(attributes)
        found.update(self.attribute_stores)
        found.update(
            info.name
            for info in self.functions.values()
            if isinstance(info.node, s.Function) and info.node.kind == "getter"
        )
        return frozenset(found)

    @cached_property
    def collections(self) -> Mapping[str, Sequence[ItemStore]]:
        """By module, what is stored under keys that are worked out."""
        found: defaultdict[str, list[ItemStore]] = defaultdict(list)
        for item in self.item_stores:
            if not isinstance(item.key, s.Literal):
                found[item.binding.scope.module.path].append(item)
        return found

    def module_scope(self, path: str) -> Scope:
        return self.function_scope[self.modules[path]]

    def is_class_body(self, scope: Scope) -> bool:
        return scope.cls is not None and self.class_scope.get(scope.cls) is scope

    def frame(self, scope: Scope) -> Frame:
        """The frame that an assignment in ``scope`` binds in."""
        if scope.cls is not None and self.class_scope.get(scope.cls) is scope:
            return self.frames[scope.cls.node]
        return self.frames[scope.function.node]


_RECEIVERS: Final = frozenset({
    "self", "cls", "mcs", "mcls", "metacls", "klass", "class", "this", "me", "slf", "inst",
    "instance", "s", "",
})  # fmt: skip


def self_name(function: FunctionInfo) -> str | None:
    """The name of a Python method's receiver parameter.

    A function in a class whose first parameter has another name than a receiver's is called through
    the class, as a static method that nobody marked.
    """
    node = function.node
    if function.cls is None or not isinstance(node, s.Function) or node.kind == "static":
        return None
    if function.module.language != "python" or not node.params:
        return None
    first = node.params[0]
    if first.kind not in ("positional", "positional-only"):
        return None
    known = node.kind == "class" or first.name.strip("_").lower() in _RECEIVERS
    return first.name if known else None


def all_scopes(index: Index, path: str) -> dict[s.Node, Scope]:
    """The scope of every node of a module."""
    module = index.modules[path]
    found: dict[s.Node, Scope] = {}
    stack: list[tuple[s.Node, Scope]] = [(module, index.module_scope(path))]
    while stack:
        first, scope = stack.pop()
        here = [first]
        while here:
            node = here.pop()
            found[node] = scope
            kind = type(node)
            if kind is s.Function:
                assert isinstance(node, s.Function)
                inner = index.function_scope.get(node, scope)
                outside: set[s.Node] = set(node.decorators)
                if node.returns is not None:
                    outside.add(node.returns)
                for child in s.children(node):
                    stack.append((child, scope if child in outside else inner))
            elif kind is s.Class:
                assert isinstance(node, s.Class)
                info = index.class_of.get(node)
                inner = index.class_scope.get(info, scope) if info is not None else scope
                body = set(node.body)
                for child in s.children(node):
                    stack.append((child, inner if child in body else scope))
            elif kind not in _NAMES:
                here += s.children(node)
    return found


class _Walk:
    def __init__(self, index: Index, path: str, module: s.Module) -> None:
        self.index = index
        self.path = path
        self.module = module
        self.python = module.language == "python"
        self.stack: list[tuple[s.Node, Scope]] = []
        self.hints: dict[s.Node, str] = {}
        self.in_function: dict[str, list[Binding]] = {}
        self.listed: list[FunctionInfo] = []
        self.assigned: list[s.Assign] = []
        self.scopes: dict[s.Node, Scope] = {}
        self.parts: list[s.Node] = []

    def run(self) -> None:
        index = self.index
        info = FunctionInfo(
            f"{self.path}::<module>", "<module>", self.module, self.module, None, None
        )
        scope = Scope(self.module, info)
        index.functions[info.qualname] = info
        index.function_of[self.module] = info
        index.frames[self.module] = Frame()
        index.bodies[self.module] = Body()
        index.function_scope[self.module] = scope
        index.functions_in[self.path] = self.listed
        index.local_assignments[self.path] = self.in_function
        index.assignments[self.module] = self.assigned
        self.listed.append(info)
        self.push(self.module.body, scope)
        visitors = _VISITORS
        stack, scopes = self.stack, self.scopes
        while stack:
            node, scope = stack.pop()
            scopes[node] = scope
            visit = visitors.get(type(node))
            if visit is not None:
                visit(self, node, scope)
            else:
                self.push(s.children(node), scope)
        index.scopes.update(scopes)
        index.visited[self.path], index.parts[self.path] = list(scopes), self.parts

    def push(self, nodes: Sequence[s.Node], scope: Scope) -> None:
        """Visit ``nodes`` next, in their order."""
        stack, scopes = self.stack, self.scopes
        for node in reversed(nodes):
            if type(node) in _LEAVES:
                scopes[node] = scope
            else:
                stack.append((node, scope))

    # --- definitions ---

    def unique(self, qualname: str, line: int, taken: Mapping[str, object]) -> str:
        if qualname not in taken:
            return qualname
        qualname = f"{qualname}@{line}"
        while qualname in taken:
            qualname += "'"
        return qualname

    def prefix(self, scope: Scope) -> str:
        if self.index.is_class_body(scope):
            assert scope.cls is not None
            return scope.cls.qualname + "."
        if scope.function.node is self.module:
            return f"{self.path}::"
        return scope.function.qualname + "."

    def define_function(self, function: s.Function, scope: Scope, *, method: bool) -> FunctionInfo:
        index = self.index
        name = function.name or self.hints.get(function, "")
        if not name:
            name = f"<lambda {function.span[0]}:{function.span[1]}>"
        in_class = index.is_class_body(scope)
        cls = scope.cls if in_class and method else None
        parent = scope.function if scope.function.node is not self.module else None
        qualname = self.unique(self.prefix(scope) + name, function.line, index.functions)
        info = FunctionInfo(qualname, name, function, self.module, cls, parent)
        index.functions[qualname] = info
        index.function_of[function] = info
        self.listed.append(info)
        if cls is not None:
            index.methods[cls].setdefault(name, []).append(info)
        inner = Scope(self.module, info, scope.cls)
        frame = Frame()
        index.frames[function] = frame
        index.bodies[function] = Body()
        index.function_scope[function] = inner
        index.definition_scope[function] = scope
        for param in function.params:
            index.param_scope[param] = scope
            self.parts.append(param)
            binding = Binding("param", param, inner, annotation=param.annotation)
            if param.name:
                frame.bind(param.name, binding)
            if param.pattern is not None:
                self.bind(param.pattern, binding, inner)
            if param.field and scope.cls is not None:
                self.class_attribute(scope.cls, param.name, binding)
        self.push(function.body, inner)
        for param in function.params:
            if param.default is not None:
                self.stack.append((param.default, scope if self.python else inner))
            if self.python and param.annotation is not None:
                self.stack.append((param.annotation, scope))
            self.push(param.decorators, scope)
        if function.decorators:
            self.push(function.decorators, scope)
        return info

    def define_class(self, cls: s.Class, scope: Scope) -> ClassInfo:
        index = self.index
        name = cls.name or self.hints.get(cls, "") or f"<class {cls.span[0]}:{cls.span[1]}>"
        parent = scope.function if scope.function.node is not self.module else None
        qualname = self.unique(self.prefix(scope) + name, cls.line, index.classes)
        info = ClassInfo(qualname, name, cls, self.module, parent)
        index.classes[qualname] = info
        index.class_of[cls] = info
        index.frames[cls] = Frame()
        index.methods[info] = {}
        index.class_attributes[info] = {}
        body = Scope(self.module, scope.function, info)
        index.class_scope[info] = body
        index.outer_scope[info] = scope
        self.push(cls.body, body)
        self.push([base.value for base in cls.bases], scope)
        if cls.decorators:
            self.push(cls.decorators, scope)
        return info

    def class_attribute(self, cls: ClassInfo, name: str, binding: Binding) -> None:
        self.index.class_attributes[cls].setdefault(name, []).append(binding)

    # --- bindings ---

    def bind(self, target: s.Expr, binding: Binding, scope: Scope, depth: int = 0) -> None:
        """Binds the names, attributes and items of ``target`` to ``binding``'s value."""
        if depth > _MAX_PATTERN_DEPTH:
            return
        index = self.index
        if isinstance(target, s.Name):
            self.scopes[target] = scope
            frame = index.frame(scope)
            frame.bind(target.id, binding)
            if frame is not index.frames[self.module]:
                self.in_function.setdefault(target.id, []).append(binding)
        elif isinstance(target, s.Attribute):
            if self.is_receiver(target.value, scope) and scope.cls is not None:
                self.class_attribute(scope.cls, target.name, binding)
            else:
                store = AttributeStore(target.value, target.name, binding)
                index.attribute_stores[target.name].append(store)
        elif isinstance(target, s.Subscript):
            index.item_stores.append(ItemStore(target.value, target.index, binding))
        elif isinstance(target, s.AssignExpr):
            self.bind(target.target, binding, scope, depth + 1)
            default = Binding("value", target.value, scope)
            self.bind(target.target, default, scope, depth + 1)
        elif isinstance(target, s.Starred):
            self.bind(target.value, _taken(binding, REST), scope, depth + 1)
        elif isinstance(target, s.Sequence):
            for position, item in enumerate(target.items):
                self.bind(item, _taken(binding, ("index", position)), scope, depth + 1)
        elif isinstance(target, s.Mapping):
            for entry in target.entries:
                if entry.key is None:
                    self.bind(entry.value, _taken(binding, REST), scope, depth + 1)
                elif isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                    step = ("key", entry.key.value)
                    self.bind(entry.value, _taken(binding, step), scope, depth + 1)
                else:
                    self.bind(entry.value, _taken(binding, ELEMENT), scope, depth + 1)

    def is_receiver(self, expr: s.Expr, scope: Scope) -> bool:
        if not isinstance(expr, s.Name) or scope.cls is None:
            return False
        if not self.python:
            return expr.id == "this"
        owner = scope.method
        return owner is not None and self_name(owner) == expr.id

    def hint(self, target: s.Expr, value: s.Expr | None) -> None:
        name = ""
        if isinstance(target, s.Name):
            name = target.id
        elif isinstance(target, s.Attribute):
            name = target.name
        if name:
            self.hint_name(name, value)

    def hint_name(self, name: str, value: s.Expr | None) -> None:
        if isinstance(value, s.FunctionExpr) and not value.function.name:
            self.hints[value.function] = name
        elif isinstance(value, s.ClassExpr) and not value.cls.name:
            self.hints[value.cls] = name

    # --- visitors ---

    def visit_assign(self, node: s.Assign, scope: Scope) -> None:
        self.assigned.append(node)
        if node.op is None or node.op in _LOGICAL_ASSIGNMENT:
            value: s.Node = node.value if node.value is not None else node
            binding = Binding("value", value, scope, annotation=node.annotation)
            for target in node.targets:
                self.bind(target, binding, scope)
                self.hint(target, node.value)
        if node.value is not None:
            self.stack.append((node.value, scope))
        if self.python and node.annotation is not None:
            self.stack.append((node.annotation, scope))
        for target in node.targets:
            if isinstance(target, s.Name):
                self.scopes[target] = scope
            else:
                self.stack.append((target, scope))
        if node.decorators:
            self.push(node.decorators, scope)

    def visit_assign_expr(self, node: s.AssignExpr, scope: Scope) -> None:
        self.bind(node.target, Binding("value", node.value, scope), scope)
        self.hint(node.target, node.value)
        self.push((node.target, node.value), scope)

    def visit_for(self, node: s.For, scope: Scope) -> None:
        self.bind(node.target, Binding("value", node.iter, scope, (ELEMENT,)), scope)
        self.push((node.iter, *node.body, *node.orelse), scope)

    def visit_generator(self, node: s.Generator, scope: Scope) -> None:
        self.bind(node.target, Binding("value", node.iter, scope, (ELEMENT,)), scope)
        self.push((node.iter, *node.conditions), scope)

    def visit_with(self, node: s.With, scope: Scope) -> None:
        body = self.index.bodies[scope.function.node]
        for item in node.items:
            body.withs.append((item, scope))
            if item.target is not None:
                self.bind(item.target, Binding("value", item.context, scope, (ENTER,)), scope)
        self.push([*(item.context for item in node.items), *node.body], scope)

    def visit_handler(self, node: s.Handler, scope: Scope) -> None:
        if isinstance(node.name, s.Name) and node.type is not None:
            self.index.frame(scope).bind(node.name.id, Binding("exception", node.type, scope))
        if node.type is not None:
            self.stack.append((node.type, scope))
        self.push(node.body, scope)

    def visit_function_def(self, node: s.FunctionDef, scope: Scope) -> None:
        info = self.define_function(node.function, scope, method=True)
        if info.cls is None:
            binding = Binding("function", node.function, scope)
            self.index.frame(scope).bind(node.function.name, binding)

    def visit_function(self, node: s.Function, scope: Scope) -> None:
        self.define_function(node, scope, method=True)

    def visit_function_expr(self, node: s.FunctionExpr, scope: Scope) -> None:
        self.define_function(node.function, scope, method=not self.python)

    def visit_class_def(self, node: s.ClassDef, scope: Scope) -> None:
        self.define_class(node.cls, scope)
        self.index.frame(scope).bind(node.cls.name, Binding("class", node.cls, scope))

    def visit_class(self, node: s.Class, scope: Scope) -> None:
        info = self.define_class(node, scope)
        self.index.frame(scope).bind(info.name, Binding("class", node, scope))

    def visit_class_expr(self, node: s.ClassExpr, scope: Scope) -> None:
        self.define_class(node.cls, scope)

    def visit_alias(self, node: s.TypeAliasDef, scope: Scope) -> None:
        self.index.frame(scope).bind(node.name, Binding("alias", node.value, scope))

    def visit_import(self, node: s.ImportStmt, scope: Scope) -> None:
        frame = self.index.frame(scope)
        for item in node.imports:
            if item.kind == "reexport":
                continue
            if item.star and self.python:
                frame.stars.append(item)
            for name in item.names:
                if not name.alias:
                    continue
                frame.bind(name.alias, Binding("import", name, scope, statement=item))
                if name.alias != name.name:
                    self.index.aliases[name.name].add(name.alias)

    def visit_call(self, node: s.Call, scope: Scope) -> None:
        index = self.index
        index.bodies[scope.function.node].calls.append((node, scope))
        func = node.func
        if isinstance(func, s.Attribute):
            index.calls_by_name[func.name].append((node, scope))
        elif isinstance(func, s.Name):
            index.calls_by_name[func.id].append((node, scope))
        elif isinstance(func, s.Call) and isinstance(func.func, s.Name):
            given = func.argument(0) if func.func.id == "require" else None
            if isinstance(given, s.Literal) and isinstance(given.value, str):
                index.calls_by_name[whole(given.value)].append((node, scope))
        for position, argument in enumerate(node.args):
            if isinstance(argument.value, s.FunctionExpr):
                index.argument_of[argument.value.function] = (node, position)
        self.parts += node.args
        self.push([func, *[argument.value for argument in node.args]], scope)

    def visit_mapping(self, node: s.Mapping, scope: Scope) -> None:
        for entry in node.entries:
            if isinstance(entry.key, s.Literal) and isinstance(entry.key.value, str):
                self.hint_name(entry.key.value, entry.value)
            elif entry.key is not None:
                self.stack.append((entry.key, scope))
            if isinstance(entry.value, s.FunctionExpr):
                self.index.mapping_of[entry.value.function] = (node, scope)
        self.push([entry.value for entry in node.entries], scope)

    def visit_attribute(self, node: s.Attribute, scope: Scope) -> None:
        index = self.index
        index.bodies[scope.function.node].attributes.append((node, scope))
        if isinstance(node.value, s.Name):
            self.scopes[node.value] = scope
        else:
            self.stack.append((node.value, scope))

    def visit_return(self, node: s.Return, scope: Scope) -> None:
        if node.value is not None:
            self.index.bodies[scope.function.node].returns.append(node.value)
            self.stack.append((node.value, scope))

    def visit_yield(self, node: s.Yield, scope: Scope) -> None:
        self.index.bodies[scope.function.node].yields.append(node)
        if node.value is not None:
            self.stack.append((node.value, scope))


_VISITORS: dict[type[s.Node], Callable[[_Walk, Any, Scope], None]] = {
    s.Assign: _Walk.visit_assign,
    s.AssignExpr: _Walk.visit_assign_expr,
    s.For: _Walk.visit_for,
    s.Generator: _Walk.visit_generator,
    s.With: _Walk.visit_with,
    s.Handler: _Walk.visit_handler,
    s.FunctionDef: _Walk.visit_function_def,
    s.Function: _Walk.visit_function,
    s.FunctionExpr: _Walk.visit_function_expr,
    s.ClassDef: _Walk.visit_class_def,
    s.Class: _Walk.visit_class,
    s.ClassExpr: _Walk.visit_class_expr,
    s.TypeAliasDef: _Walk.visit_alias,
    s.ImportStmt: _Walk.visit_import,
    s.Call: _Walk.visit_call,
    s.Mapping: _Walk.visit_mapping,
    s.Attribute: _Walk.visit_attribute,
    s.Return: _Walk.visit_return,
    s.Yield: _Walk.visit_yield,
}


def _keeps_name(binding: Binding) -> bool:
    """Is what the name stands for called the same where it comes from?"""
    if binding.kind in ("function", "class"):
        return True
    node, statement = binding.node, binding.statement
    if not isinstance(node, s.ImportedName) or statement is None:
        return False
    whole_module = node.name == "*" and node.alias == statement.specifier.partition(".")[0]
    return whole_module or node.name == node.alias


def _taken(binding: Binding, step: Projection) -> Binding:
    return Binding(binding.kind, binding.node, binding.scope, (*binding.path, step),
                   binding.annotation, binding.statement)  # fmt: skip
