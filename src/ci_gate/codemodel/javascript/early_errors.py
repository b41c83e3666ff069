"""What a JavaScript engine refuses before it runs a file, though the grammar reads it.

ECMAScript calls these *early errors*. Looked for are those that edits in haste leave behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.places import only_declares
from ci_gate.codemodel.treesitter import MAX_PROBLEMS
from ci_gate.data import dataclass

#: What strict code, and so each module, must not name a variable.
_RESERVED: Final = frozenset({
    "implements", "interface", "let", "package", "private", "protected", "public", "static",
    "yield", "eval", "arguments",
})  # fmt: skip
_JUMPS: Final = frozenset({"break", "continue"})
_Names = dict[str, s.Node]


def early_errors(
    module: s.Module, source: bytes, *, strict: bool, typed: bool
) -> list[s.SyntaxProblem]:
    """The early errors of a file that parses, in the order of the source. ``strict``: it has
    ``import`` or ``export`` statements, which make it a module. ``typed``: it has types, with which
    a name may be declared twice."""
    if only_declares(module.path):
        return []
    found = [
        *_misplaced(module),
        *_Scopes(module, strict=strict, typed=typed).problems(),
        *_private_names(module),
        *_mixed_operators(module, source),
    ]
    if strict and not typed:
        found += _exports(module)
    return sorted(found, key=lambda problem: problem.span)[:MAX_PROBLEMS]


def _problem(node: s.Node, message: str) -> s.SyntaxProblem:
    return s.SyntaxProblem(node.span, message)


# --- await and yield


def _misplaced(module: s.Module) -> Iterator[s.SyntaxProblem]:
    """``await`` and ``yield`` in functions of another kind."""
    contents = s.gathered(module)
    wanted = [
        (place, node)
        for place, node in enumerate(contents.nodes)
        if node.__class__ is s.Await or node.__class__ is s.Yield or node.__class__ is s.For
    ]
    functions = [(place, node) for node, place in contents.inner.items()]
    around: list[tuple[int, s.Node]] = []
    begun = 0
    for place, node in wanted:
        while begun < len(functions) and functions[begun][0][0] <= place:
            (start, _, _, end), inner = functions[begun]
            while around and around[-1][0] <= start:
                around.pop()
            around.append((end, inner))
            begun += 1
        while around and around[-1][0] <= place:
            around.pop()
        function = around[-1][1] if around else None
        if isinstance(function, s.Function):
            message = _out_of_place(node, function)
            if message is not None:
                yield _problem(node, message)


def _out_of_place(node: s.Node, function: s.Function) -> str | None:
    name = f"`{function.name}`, which" if function.name else "a function that"
    if isinstance(node, s.Await) and not function.is_async:
        return f"`await` in {name} is not async"
    if isinstance(node, s.For) and node.is_async and not function.is_async:
        return f"`for await` in {name} is not async"
    if isinstance(node, s.Yield) and node.value is not None and not function.is_generator:
        return f"`yield` in {name} is no generator"
    return None


# --- scopes


@dataclass(slots=True, frozen=True)
class _Place:
    """Where a block stands. ``top``: it is the file itself; ``jumps``: the words that may leave
    something around it."""

    top: bool = False
    jumps: frozenset[str] = frozenset()


class _Scopes:
    """The blocks of a file, each with the names that it declares."""

    def __init__(self, module: s.Module, *, strict: bool, typed: bool) -> None:
        self._module = module
        self._strict = strict
        self._typed = typed
        self._found: list[s.SyntaxProblem] = []

    def problems(self) -> list[s.SyntaxProblem]:
        self._block(self._module.body, self._imported(), _Place(top=True))
        for node in s.gathered(self._module).inner:
            if isinstance(node, s.Function):
                params = self._params(node)
                if node.body:
                    self._block(node.body, params, _Place())
            else:
                self._constructors(node)
        return self._found

    def _imported(self) -> _Names:
        """TypeScript drops an import that another declaration hides."""
        found: _Names = {}
        for item in [] if self._typed else self._module.imports:
            if item.kind == "from" and not item.lazy:
                for name in item.names:
                    self._declare(found, name.alias, name)
        return found

    def _params(self, function: s.Function) -> _Names:
        found: _Names = {}
        once = self._strict or function.kind == "arrow"
        for param in function.params:
            bound: list[tuple[str, s.Node]] = (
                [(param.name, param)]
                if param.pattern is None
                else [(name.id, name) for name in s.bound_names(param.pattern)]
            )
            for name, node in bound:
                self._reserved(name, node)
                if once:
                    self._declare(found, name, node)
                found.setdefault(name, node)
        return found

    def _constructors(self, cls: s.Node) -> None:
        assert isinstance(cls, s.Class)
        several = [
            statement.function
            for statement in cls.body
            if isinstance(statement, s.FunctionDef)
            and statement.function.kind == "constructor"
            and not statement.function.bodiless
        ]
        self._found += [_problem(each, "a second `constructor`") for each in several[1:]]

    def _declare(self, names: _Names, name: str, node: s.Node) -> None:
        first = names.setdefault(name, node)
        if first is not node:
            self._found.append(_twice(name, node, first))

    def _reserved(self, name: str, node: s.Node) -> None:
        if self._strict and name in _RESERVED:
            self._found.append(_problem(node, f"`{name}` is a reserved word in modules"))

    def _block(self, body: Sequence[s.Stmt], given: _Names, place: _Place) -> None:
        """One scope; ``given`` are the names that come from its head or from imports."""
        lexical = dict(given)
        hoisted: list[tuple[str, s.Node]] = []
        for position, statement in enumerate(body):
            match statement:
                case s.Assign(declaration=declaration) if declaration:
                    names = self._declared(statement)
                    if _heads_loop(body, position):
                        continue
                    for name in names:
                        if declaration == "var":
                            hoisted.append((name.id, name))
                        else:
                            self._declare(lexical, name.id, name)
                case s.FunctionDef(function=function) if function.name and not function.bodiless:
                    if place.top and self._strict and not self._typed:
                        self._declare(lexical, function.name, function)
                    else:
                        hoisted.append((function.name, function))
                case s.ClassDef(cls=cls) if cls.name and cls.kind in ("class", "abstract"):
                    self._declare(lexical, cls.name, cls)
                case s.Return() if place.top and self._strict:
                    self._found.append(_problem(statement, "`return` outside of a function"))
                case s.Jump(kind=kind) if kind not in place.jumps:
                    self._found.append(_problem(statement, f"`{kind}` outside of a loop"))
                case _:
                    self._inside(statement, place)
        for word, node in hoisted:
            other = lexical.get(word)
            if other is not None and (place.top or other is not given.get(word)):
                first, later = sorted((node, other), key=lambda each: each.span)
                self._found.append(_twice(word, later, first))

    def _declared(self, statement: s.Assign) -> list[s.Name]:
        names = [name for target in statement.targets for name in s.bound_names(target)]
        for name in names:
            self._reserved(name.id, name)
        if statement.declaration == "const" and statement.value is None and not self._typed:
            self._found.append(_problem(statement, "`const` without a value"))
        return names

    def _inside(self, statement: s.Stmt, place: _Place) -> None:
        """The scopes below a statement. A bare block may have a label that any jump names."""
        jumps = place.jumps
        below: list[tuple[Sequence[s.Stmt], _Names, frozenset[str]]] = []
        match statement:
            case s.If(body=body, orelse=orelse):
                below = [(body, {}, jumps), (orelse, {}, jumps)]
            case s.For(body=body) | s.While(body=body) | s.Block(body=body):
                below = [(body, {}, _JUMPS)]
            case s.Switch(cases=cases):
                whole = [inner for case in cases for inner in case.body]
                below = [(whole, {}, jumps | {"break"})]
            case s.Try(body=body, handlers=handlers, final=final):
                below = [(body, {}, jumps), (final, {}, jumps)]
                for handler in handlers:
                    caught = s.bound_names(handler.name) if handler.name is not None else []
                    below.append((handler.body, {name.id: name for name in caught}, jumps))
        for inner, given, allowed in below:
            if inner:
                self._block(inner, given, _Place(jumps=allowed))


def _twice(name: str, node: s.Node, first: s.Node) -> s.SyntaxProblem:
    span = node.name_span if isinstance(node, s.Function | s.Class) else node.span
    return s.SyntaxProblem(span, f"`{name}` is declared again (first in line {first.line})")


def _heads_loop(body: Sequence[s.Stmt], position: int) -> bool:
    """Does the declaration stand in the head of a three-part ``for``, which comes after it?"""
    own = body[position].span
    for later in body[position + 1 : position + 10]:
        if isinstance(later, s.While):
            return later.span[:2] <= own[:2]
        if not isinstance(later, s.Assign):
            return False
    return False


# --- names of classes and modules


def _private_names(module: s.Module) -> Iterator[s.SyntaxProblem]:
    """``this.#name`` where no class around declares it."""
    contents = s.gathered(module)
    used = [
        node for node in contents.nodes if isinstance(node, s.Attribute) and node.name[:1] == "#"
    ]
    if not used:
        return
    classes = [node for node in contents.inner if isinstance(node, s.Class)]
    declared = [(cls.span, set(_members(cls))) for cls in classes]
    for node in used:
        if not any(
            node.name in names and span[:2] <= node.span[:2] and node.span[2:] <= span[2:]
            for span, names in declared
        ):
            yield _problem(node, f"the private name `{node.name}` is declared by no class around")


def _members(cls: s.Class) -> Iterator[str]:
    for statement in cls.body:
        if isinstance(statement, s.FunctionDef):
            yield statement.function.name
        elif isinstance(statement, s.Assign):
            yield from (name.id for target in statement.targets for name in s.bound_names(target))


def _exports(module: s.Module) -> Iterator[s.SyntaxProblem]:
    """Names that are exported twice, or that the module does not declare."""
    if s.gathered(module).words & {"module", "exports"}:
        return
    exported: set[str] = set()
    declared: set[str] | None = None
    for export in module.exports:
        if export.name == "*":
            continue
        if export.name in exported:
            yield _problem(export, f"`{export.name}` is exported twice")
        exported.add(export.name)
        if export.local:
            declared = set(_top_level(module)) if declared is None else declared
            if export.local not in declared:
                yield _problem(export, f"`{export.local}` is exported and not declared")


def _top_level(module: s.Module) -> Iterator[str]:
    for item in module.imports:
        yield from (name.alias for name in item.names)
    stack: list[s.Node] = [module]
    while stack:
        node = stack.pop()
        match node:
            case s.FunctionDef(function=function):
                yield function.name
            case s.ClassDef(cls=cls):
                yield cls.name
            case s.Assign(targets=targets):
                yield from (name.id for target in targets for name in s.bound_names(target))
            case s.For(target=target, body=body):
                yield from (name.id for name in s.bound_names(target))
                stack += body
            case s.Module() | s.If() | s.While() | s.Try() | s.Switch() | s.Block() | s.Case():
                stack += s.children(node)
            case s.Handler(body=body):
                stack += body


# --- operators


def _mixed_operators(module: s.Module, source: bytes) -> Iterator[s.SyntaxProblem]:
    """``a || b ?? c``, which needs brackets."""
    if b"??" not in source:
        return
    lines: list[str] = []
    for node in s.gathered(module).nodes:
        if not isinstance(node, s.Binary) or node.op not in ("??", "and", "or"):
            continue
        for side, bracket in ((node.left, ")"), (node.right, "(")):
            if isinstance(side, s.Binary) and _clash(node.op, side.op):
                lines = lines or source.decode("utf-8", "replace").split("\n")
                if bracket not in _between(lines, node.left.span, node.right.span):
                    yield _problem(node, "`??` beside `||` or `&&` without brackets")


def _clash(first: str, second: str) -> bool:
    return (first == "??") != (second == "??") and {first, second} <= {"??", "and", "or"}


def _between(lines: Sequence[str], left: s.Span, right: s.Span) -> str:
    """The text between the end of one node and the start of another."""
    (_, _, first, begin), (last, end, _, _) = left, right
    if first == last:
        return lines[first - 1][begin - 1 : end - 1]
    return "\n".join([lines[first - 1][begin - 1 :], *lines[first : last - 1],
                      lines[last - 1][: end - 1]])  # fmt: skip
