"""One syntax for Python, JavaScript and TypeScript: what a front end makes of a file.

A front end lowers a concrete syntax tree into the node types below; every later step (import
resolution, call graph, routes, entities, data access, rules) is written once against them. A
:class:`Module` is a pure function of the file's bytes, its path and the tool's version: it can be
cached and computed in parallel.

Conventions
-----------
* ``span`` is ``(line, column, end_line, end_column)``; lines and columns start at 1, columns count
  characters, the end column is exclusive.
* Nodes compare and hash by identity, so they serve as dictionary keys.
* What the front end cannot express is :class:`Unknown` (an expression) or :class:`Broken` (a
  statement with a syntax error). Both keep the sub-expressions that could be read, so that one
  broken function does not hide the rest of the file. Rules stay silent on unknowns.
* Type annotations are expressions too. ``Promise<User[]>`` lowers to
  ``Subscript(Name("Promise"), Subscript(Name("Array"), Name("User")))``, ``A | B`` to
  ``Binary("|")``, several type arguments to a tuple ``Sequence``, an object type to ``Mapping``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, KeysView
from dataclasses import field as dataclass_field
from dataclasses import fields
from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeAlias
from typing import Literal as OneOf

from ci_gate.data import dataclass
from ci_gate.regex import regex

Span: TypeAlias = tuple[int, int, int, int]
Language: TypeAlias = OneOf["python", "javascript", "typescript"]
MethodKind: TypeAlias = OneOf[
    "function", "arrow", "method", "static", "class", "getter", "setter", "constructor"
]


@dataclass(slots=True, eq=False)
class Node:
    """Base of all nodes."""

    span: Span

    @property
    def line(self) -> int:
        return self.span[0]


# --- expressions ---------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Name(Node):
    """``x``; also ``this``, ``super``, ``self`` under their own spelling."""

    id: str


@dataclass(slots=True, eq=False)
class Attribute(Node):
    """``value.name`` and ``value?.name``. ``name_span`` is the span of the name alone."""

    value: Expr
    name: str
    name_span: Span


@dataclass(slots=True, eq=False)
class Subscript(Node):
    """``value[index]``; also a generic type with its arguments."""

    value: Expr
    index: Expr


@dataclass(slots=True, eq=False)
class Argument(Node):
    """One argument of a call, or one base of a class.

    ``keyword`` is the name of a Python keyword argument; ``star`` is ``"*"`` for a spread
    positional (``*a``, ``...a``) and ``"**"`` for a spread mapping.
    """

    value: Expr
    keyword: str | None = None
    star: OneOf["", "*", "**"] = ""


@dataclass(slots=True, eq=False)
class Call(Node):
    """``func(args)``, ``new func(args)``, ``func?.(args)``."""

    func: Expr
    args: list[Argument]
    new: bool = False
    type_args: list[Expr] = dataclass_field(default_factory=list)

    def argument(self, position: int | None = None, keyword: str | None = None) -> Expr | None:
        """The argument given by keyword, else the one at ``position``; None when absent.

        Positional look-up stops at the first spread argument: what follows is unknown.
        """
        if keyword is not None:
            for arg in self.args:
                if arg.keyword == keyword:
                    return arg.value
        if position is not None:
            index = 0
            for arg in self.args:
                if arg.star:
                    return None
                if arg.keyword is None:
                    if index == position:
                        return arg.value
                    index += 1
        return None


@dataclass(slots=True, eq=False)
class Literal(Node):
    """A constant. ``value`` is None for ``none``, ``undefined``, ``regex`` keeps its source text.

    Adjacent Python string literals are joined into one. Escape sequences are decoded.
    """

    value: str | int | float | bool | bytes | None
    kind: OneOf["string", "bytes", "number", "bool", "none", "undefined", "regex", "ellipsis"]


@dataclass(slots=True, eq=False)
class Template(Node):
    """An f-string or template literal: constant parts are :class:`Literal` strings.

    ``tag`` is the function of a tagged template (``sql`...```), else None.
    """

    parts: list[Expr]
    tag: Expr | None = None


@dataclass(slots=True, eq=False)
class Sequence(Node):
    """``[a, b]``, ``(a, b)``, ``{a, b}``."""

    kind: OneOf["list", "tuple", "set"]
    items: list[Expr]


@dataclass(slots=True, eq=False)
class Entry(Node):
    """One entry of a mapping. ``key`` is None for a spread (``**x``, ``...x``).

    A JavaScript identifier key is a string :class:`Literal`, a computed key is its expression. A
    shorthand method is a :class:`FunctionExpr`.
    """

    key: Expr | None
    value: Expr


@dataclass(slots=True, eq=False)
class Mapping(Node):
    """A dict display or object literal; as an assignment target, an object pattern.

    In a pattern an entry's value is the target, or an :class:`AssignExpr` of target and default.
    """

    entries: list[Entry]

    def get(self, key: str) -> Expr | None:
        """The value under a constant string key; the last one wins; None when absent."""
        found: Expr | None = None
        for entry in self.entries:
            if isinstance(entry.key, Literal) and entry.key.value == key:
                found = entry.value
        return found


@dataclass(slots=True, eq=False)
class Await(Node):
    value: Expr


@dataclass(slots=True, eq=False)
class Yield(Node):
    """``yield value``, ``yield from value`` / ``yield* value`` (``delegate``)."""

    value: Expr | None
    delegate: bool = False


@dataclass(slots=True, eq=False)
class Unary(Node):
    """``op`` is ``not`` (also ``!``), ``-``, ``+``, ``~``, ``typeof``, ``void``, ``delete``,
    ``++``, ``--``."""

    op: str
    value: Expr


@dataclass(slots=True, eq=False)
class Binary(Node):
    """An operator with two sides. ``and``/``&&`` is ``and``, ``or``/``||`` is ``or``; ``===`` is
    ``==`` and ``!==`` is ``!=``; the rest keeps its spelling (``??``, ``in``, ``not in``, ``is``,
    ``is not``, ``instanceof``). A chained comparison is an ``and`` of its pairs."""

    op: str
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False)
class Conditional(Node):
    test: Expr
    body: Expr
    orelse: Expr


@dataclass(slots=True, eq=False)
class Starred(Node):
    """``*x`` / ``...x`` inside a sequence or a target."""

    value: Expr


@dataclass(slots=True, eq=False)
class AssignExpr(Node):
    """An assignment used as an expression (``:=``, ``a = b`` inside an expression), or a target
    with a default inside a pattern."""

    target: Expr
    value: Expr


@dataclass(slots=True, eq=False)
class FunctionExpr(Node):
    """A lambda, arrow function or function expression."""

    function: Function


@dataclass(slots=True, eq=False)
class ClassExpr(Node):
    cls: Class


@dataclass(slots=True, eq=False)
class Generator(Node):
    """One ``for target in iter if …`` clause of a comprehension."""

    target: Expr
    iter: Expr
    conditions: list[Expr]
    is_async: bool = False


@dataclass(slots=True, eq=False)
class Comprehension(Node):
    """``key`` is set for a dict comprehension only."""

    kind: OneOf["list", "set", "dict", "generator"]
    element: Expr
    key: Expr | None
    generators: list[Generator]


@dataclass(slots=True, eq=False)
class Unknown(Node):
    """An expression without a node type of its own; ``children`` are the readable parts."""

    children: list[Expr] = dataclass_field(default_factory=list)


Expr: TypeAlias = (
    Name | Attribute | Subscript | Call | Literal | Template | Sequence | Mapping | Await | Yield
    | Unary | Binary | Conditional | Starred | AssignExpr | FunctionExpr | ClassExpr
    | Comprehension | Unknown
)  # fmt: skip


# --- statements ----------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class ExprStmt(Node):
    value: Expr


@dataclass(slots=True, eq=False)
class Assign(Node):
    """``targets[0] = targets[1] = value``; a declaration without value has ``value=None``.

    ``op`` is the operator of an augmented assignment (``+`` for ``+=``), else None. In a class
    body this is a field; ``static`` and ``accessibility`` are TypeScript's.
    """

    targets: list[Expr]
    value: Expr | None
    annotation: Expr | None = None
    op: str | None = None
    declaration: OneOf["", "const", "let", "var"] = ""
    static: bool = False
    decorators: list[Expr] = dataclass_field(default_factory=list)


@dataclass(slots=True, eq=False)
class Return(Node):
    value: Expr | None


@dataclass(slots=True, eq=False)
class Raise(Node):
    value: Expr | None


@dataclass(slots=True, eq=False)
class If(Node):
    test: Expr
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(slots=True, eq=False)
class For(Node):
    """``for target in iter`` / ``for (target of iter)`` (``for await``: ``is_async``)."""

    target: Expr
    iter: Expr
    body: list[Stmt]
    orelse: list[Stmt]
    is_async: bool = False


@dataclass(slots=True, eq=False)
class While(Node):
    """``while``, ``do … while`` and the three-part ``for`` (its initialiser stands before it, its
    update at the end of ``body``)."""

    test: Expr | None
    body: list[Stmt]
    orelse: list[Stmt]


@dataclass(slots=True, eq=False)
class WithItem(Node):
    context: Expr
    target: Expr | None


@dataclass(slots=True, eq=False)
class With(Node):
    items: list[WithItem]
    body: list[Stmt]
    is_async: bool = False


@dataclass(slots=True, eq=False)
class Handler(Node):
    """One ``except`` / ``catch``. ``type`` is None for a bare one."""

    type: Expr | None
    name: Expr | None
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Try(Node):
    body: list[Stmt]
    handlers: list[Handler]
    orelse: list[Stmt]
    final: list[Stmt]


@dataclass(slots=True, eq=False)
class Case(Node):
    """One ``case``. ``pattern`` is None for ``default`` and ``case _``."""

    pattern: Expr | None
    guard: Expr | None
    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Switch(Node):
    """``switch`` and ``match``."""

    subject: Expr
    cases: list[Case]


@dataclass(slots=True, eq=False)
class FunctionDef(Node):
    function: Function


@dataclass(slots=True, eq=False)
class ClassDef(Node):
    cls: Class


@dataclass(slots=True, eq=False)
class TypeAliasDef(Node):
    """``type X = …`` in TypeScript and Python 3.12."""

    name: str
    value: Expr


@dataclass(slots=True, eq=False)
class ImportStmt(Node):
    """A static import; its parts are in ``imports`` (also listed in ``Module.imports``)."""

    imports: list[Import]


@dataclass(slots=True, eq=False)
class Block(Node):
    """A bare or labelled block, a ``namespace``."""

    body: list[Stmt]


@dataclass(slots=True, eq=False)
class Jump(Node):
    """``break``, ``continue``, ``pass``."""

    kind: str


@dataclass(slots=True, eq=False)
class Broken(Node):
    """A region that does not parse; ``body`` holds what could be read inside it."""

    body: list[Stmt] = dataclass_field(default_factory=list)


Stmt: TypeAlias = (
    ExprStmt | Assign | Return | Raise | If | For | While | With | Try | Switch | FunctionDef
    | ClassDef | TypeAliasDef | ImportStmt | Block | Jump | Broken
)  # fmt: skip


# --- definitions ---------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class Param(Node):
    """One parameter.

    ``name`` is empty for a destructured parameter, whose ``pattern`` is then a :class:`Mapping` or
    :class:`Sequence`. ``kind`` is ``positional`` (may be given either way), ``positional-only``,
    ``keyword-only``, ``*`` or ``**``. ``field`` is true for a TypeScript parameter property
    (``constructor(private readonly repo: Repo)``), which declares a field of the same name.
    """

    name: str
    kind: OneOf["positional", "positional-only", "keyword-only", "*", "**"] = "positional"
    annotation: Expr | None = None
    default: Expr | None = None
    pattern: Expr | None = None
    field: bool = False
    decorators: list[Expr] = dataclass_field(default_factory=list)


@dataclass(slots=True, eq=False)
class Function(Node):
    """A function, method, lambda or arrow function. ``name`` is empty for an anonymous one.

    An arrow function's expression body is one :class:`Return`. ``kind`` tells a method's role;
    Python's ``@staticmethod``, ``@classmethod`` and ``@property`` set it and also stay in
    ``decorators``. A method without body (abstract, interface, overload) has an empty ``body`` and
    ``bodiless`` set.
    """

    name: str
    name_span: Span
    params: list[Param]
    body: list[Stmt]
    is_async: bool = False
    is_generator: bool = False
    kind: MethodKind = "function"
    decorators: list[Expr] = dataclass_field(default_factory=list)
    returns: Expr | None = None
    docstring: str | None = None
    bodiless: bool = False


@dataclass(slots=True, eq=False)
class Class(Node):
    """A class, interface or enum. Python bases and keywords (``metaclass=``) are ``bases``;
    TypeScript's ``implements`` stand apart. The body holds fields, methods and nested classes."""

    name: str
    name_span: Span
    bases: list[Argument]
    body: list[Stmt]
    kind: OneOf["class", "abstract", "interface", "enum"] = "class"
    implements: list[Expr] = dataclass_field(default_factory=list)
    decorators: list[Expr] = dataclass_field(default_factory=list)
    type_params: list[str] = dataclass_field(default_factory=list)
    docstring: str | None = None


# --- module --------------------------------------------------------------------------------------


@dataclass(slots=True, eq=False)
class ImportedName(Node):
    """``name as alias``. ``name`` is ``default`` for a default import and ``*`` for a namespace
    import (``import * as ns``, a whole module bound by ``const x = require()``, ``import a.b``)."""

    name: str
    alias: str
    type_only: bool = False


@dataclass(slots=True, eq=False)
class Import(Node):
    """An edge from this file to a module, whatever its spelling.

    ``specifier`` is as written: ``a.b.c``, ``..services.slugs`` (leading dots are the level),
    ``./x.js``, ``#store/*``. ``kind``: ``import`` (``import a.b``: binds ``a`` or the alias),
    ``from`` (names out of a module; ES imports too), ``require``, ``dynamic``
    (``importlib.import_module``, ``__import__``, ``import()``, with a constant argument),
    ``reexport`` (``export … from``; the re-exported names are in ``Module.exports``).
    ``names`` is empty for a bare import (side effect only). ``star`` is Python's ``import *`` and
    ``export * from``. ``lazy``: inside a function. ``guarded``: inside ``try`` with an
    ``ImportError`` handler, a ``suppress(ImportError)`` or an ``if``. ``type_only``: under
    ``TYPE_CHECKING``, ``import type``, or all its names are.
    """

    kind: OneOf["import", "from", "require", "dynamic", "reexport"]
    specifier: str
    names: list[ImportedName] = dataclass_field(default_factory=list)
    star: bool = False
    type_only: bool = False
    lazy: bool = False
    guarded: bool = False


@dataclass(slots=True, eq=False)
class Export(Node):
    """What a JavaScript module gives away under ``name`` (``default``, ``*`` for all of another).

    Exactly one of ``local`` (a name of this module), ``value`` (an expression: ``export default
    expr``, a CommonJS property) and ``specifier`` (``export {source as name} from specifier``;
    ``source`` is ``*`` for a namespace) is set. ``module.exports = {a, b: f(), ...require("./x")}``
    gives one export per entry, a spread as ``name="*"`` with ``value``; ``module.exports = expr``
    gives ``name="module.exports"`` with the whole expression too. ``exports.x = …`` gives ``x``.
    Python modules have no exports: every top-level name is one.
    """

    name: str
    local: str | None = None
    value: Expr | None = None
    specifier: str | None = None
    source: str | None = None
    type_only: bool = False


@dataclass(slots=True, eq=False)
class Comment(Node):
    """A comment that speaks to the gate (its text holds ``ci-gate``); ``text`` without marker.

    ``alone``: nothing but white space stands before it on its line.
    """

    text: str
    alone: bool


@dataclass(slots=True, eq=False)
class SyntaxProblem(Node):
    """A place where the parser had to recover."""

    message: str


@dataclass(slots=True, eq=False)
class Module(Node):
    """Everything the gate knows of one source file by itself; ``contents`` once it was gathered."""

    path: str
    language: Language
    body: list[Stmt]
    imports: list[Import]
    exports: list[Export] = dataclass_field(default_factory=list)
    comments: list[Comment] = dataclass_field(default_factory=list)
    problems: list[SyntaxProblem] = dataclass_field(default_factory=list)
    docstring: str | None = None
    contents: Contents | None = None


@dataclass(slots=True, eq=False)
class Contents:
    """What a module consists of.

    ``nodes``: all below it, as :func:`walk` gives it; ``inner``: its functions and classes in the
    same order, with their places there; ``body_end``: the place after the last node of its body;
    ``named``: what its code reads, sets, imports or passes arguments by.
    """

    nodes: list[Node]
    inner: dict[Node, Place]
    body_end: int
    named: dict[str, None]

    @property
    def words(self) -> KeysView[str]:
        """The names in ``named``."""
        return self.named.keys()


Place: TypeAlias = tuple[int, int, int, int]
"""Of a function or class among the nodes of its module: where it stands, where its body begins and
ends, and where the next node begins that is none of its own."""


# --- walking -------------------------------------------------------------------------------------


#: What a field of text, numbers or marks is annotated with; every other one holds nodes.
_PLAIN: Final = regex(
    r"(?:list\[)?(?:str|bool|int|float|bytes|Span|Language|MethodKind|OneOf|Contents)\b"
)
_FIELDS: dict[type[Node], tuple[str, ...]] = {}
_READERS: dict[type[Node], Callable[[Any], list[Node]]] = {}
#: The types of nodes that have no fields with nodes: most nodes of a file.
_LEAVES: set[type[Node]] = set()


def child_fields(kind: type[Node]) -> tuple[str, ...]:
    """The fields that hold nodes (one, a list, or None)."""
    found = _FIELDS.get(kind)
    if found is None:
        found = tuple(
            item.name for item in fields(kind) if item.init and not _PLAIN.match(str(item.type))
        )
        _FIELDS[kind] = found
    return found


def _reader(kind: type[Node]) -> Callable[[Any], list[Node]]:
    """What reads the direct sub-nodes off a node of this type."""
    names = child_fields(kind)
    if not names:
        _LEAVES.add(kind)
        return lambda _: []
    written = {item.name: str(item.type) for item in fields(kind)}
    single = not any("list[" in written[name] or "None" in written[name] for name in names)
    if len(names) == 1:
        only = attrgetter(names[0])
        return (lambda node: [only(node)]) if single else (lambda node: _present((only(node),)))
    several = attrgetter(*names)
    return (lambda node: list(several(node))) if single else (lambda node: _present(several(node)))


def _present(values: tuple[list[Node] | Node | None, ...]) -> list[Node]:
    found: list[Node] = []
    for value in values:
        if value.__class__ is list:
            found += value
        elif value is not None:
            found.append(value)  # type: ignore[arg-type]
    return found


def children(node: Node) -> list[Node]:
    """The direct sub-nodes, in the order of their fields."""
    kind = node.__class__
    try:
        read = _READERS[kind]
    except KeyError:
        read = _READERS[kind] = _reader(kind)
    return read(node)


def walk(node: Node, *, into_functions: bool = True) -> Iterator[Node]:
    """``node`` and all below it, depth first, without recursion.

    With ``into_functions=False`` the walk does not enter nested functions, lambdas and classes
    (their nodes are yielded, their insides are not), so that walking ``function.body`` statement by
    statement sees just what that function itself does.
    """
    if into_functions and isinstance(node, Module):
        return chain((node,), gathered(node).nodes)
    return _walked(node, into_functions=into_functions)


def gathered(module: Module) -> Contents:
    """What the module consists of, found once."""
    if module.contents is None:
        nodes = list(_walked(module, into_functions=True))[1:]
        # A node that stands in two lists (an import) has the place of the first.
        places = dict(zip(reversed(nodes), range(len(nodes) - 1, -1, -1), strict=True))

        def after(node: Node) -> int:
            while below := children(node):
                node = below[-1]
            return places[node] + 1

        inner: dict[Node, Place] = {}
        for node in nodes:
            if node.__class__ is Function or node.__class__ is Class:
                end = after(node)
                body: list[Stmt] = node.body
                own = (places[body[0]], after(body[-1])) if body else (end, end)
                inner[node] = (places[node], *own, end)
        body_end = after(module.body[-1]) if module.body else 0
        module.contents = Contents(nodes, inner, body_end, _words(nodes))
    return module.contents


def _words(nodes: list[Any]) -> dict[str, None]:
    found: dict[str, None] = {}
    for node in nodes:
        kind = node.__class__
        if kind is Name:
            found[node.id] = None
        elif kind is Attribute or kind is ImportedName:
            found[node.name] = None
        elif kind is Argument and node.keyword is not None:
            found[node.keyword] = None
        elif kind is Import:
            found.update(dict.fromkeys(node.specifier.split(".")))
    return found


def _walked(node: Node, *, into_functions: bool) -> Iterator[Node]:
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        yield current
        kind = current.__class__
        if kind in _LEAVES:
            continue
        if not into_functions and (kind is Function or kind is Class) and current is not node:
            continue
        below = children(current)
        below.reverse()
        stack += below


def dotted(expr: Expr) -> str:
    """``a.b.c`` as text; empty for anything else."""
    parts: list[str] = []
    node = expr
    while isinstance(node, Attribute):
        parts.append(node.name)
        node = node.value
    if not isinstance(node, Name):
        return ""
    return ".".join([node.id, *reversed(parts)])


def last_name(node: Node) -> str | None:
    """``c`` of ``a.b.c`` and of ``c``; None for what is no name."""
    if isinstance(node, Attribute):
        return node.name
    return node.id if isinstance(node, Name) else None


def returns_in(function: Function) -> Iterator[Return]:
    """The return statements of the function itself, not those of functions in it."""
    for statement in function.body:
        for node in walk(statement, into_functions=False):
            if isinstance(node, Return):
                yield node


def bound_names(target: Node) -> list[Name]:
    """The names that a target or pattern binds."""
    match target:
        case Name():
            return [target]
        case Mapping(entries=entries):
            return [name for entry in entries for name in bound_names(entry.value)]
        case Sequence(items=items):
            return [name for item in items for name in bound_names(item)]
        case AssignExpr(target=inner) | Starred(value=inner):
            return bound_names(inner)
    return []
