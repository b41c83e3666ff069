"""Names that a module reads and that nothing in it binds."""

from __future__ import annotations

import builtins
import symtable
from collections.abc import Mapping
from typing import Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.model import CodeModel, Scope
from ci_gate.codemodel.places import only_declares
from ci_gate.regex import regex
from ci_gate.rules._read_names import is_open_to_view, read_names

_PYTHON: Final = frozenset(dir(builtins)) | {
    "__file__", "__path__", "__builtins__", "__annotations__", "__class__", "__qualname__",
    "__module__", "WindowsError",
}  # fmt: skip
_NODE: Final = frozenset(
    # ECMAScript
    "AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt "  # noqa: SIM905
    "BigInt64Array "
    "BigUint64Array Boolean DataView Date DisposableStack Error EvalError FinalizationRegistry "
    "Float16Array Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl "
    "Iterator JSON Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect "
    "RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TypeError URIError "
    "Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet decodeURI "
    "decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN "
    "parseFloat parseInt undefined unescape "
    # words that the syntax keeps as names
    "this super arguments import new void type any string number boolean object mixed "
    # Node, and what its modules are wrapped in
    "Buffer __dirname __filename clearImmediate clearInterval clearTimeout console crypto exports "
    "fetch gc global module navigator performance process queueMicrotask require setImmediate "
    "setInterval setTimeout structuredClone "
    # of browsers, workers and other runtimes, which a module may ask for
    "EdgeRuntime alert caches customElements document history indexedDB localStorage "
    "location self sessionStorage window define Image Audio Option "
    "getComputedStyle getSelection matchMedia screen confirm prompt".split()
)
#: What stands for the scope around all modules.
_GLOBAL: Final = frozenset({
    "global", "globalThis", "window", "self", "GLOBAL", "builtins", "__builtins__",
})  # fmt: skip
#: Classes of the web's interfaces, of which each Node has some more.
_WEB: Final = regex(
    r"^(?:Abort|Blob|Broadcast|ByteLength|CloseEvent|Compression|CountQueuing|Crypto|CustomEvent|"
    r"DOM|Decompression|Document|Element|Event|File|FormData|HTML|Headers|Intersection|"
    r"KeyboardEvent|Lock|Message|Mouse|Mutation|Navigator|Node|Performance|Readable|Request|Resize|"
    r"Response|Storage|SubtleCrypto|Text(?:De|En)coder|Transform|URL|WebAssembly|WebSocket|"
    r"WebTransport|Window|Worker|Writable|XMLHttp|atob|btoa|cancel(?:Animation|Idle)|"
    r"request(?:Animation|Idle)|report)"
)

_MAX_COMPILED: Final = 512 * 1024
#: The end of an element of JSX, whose words the syntax keeps as names.
_ELEMENT: Final = regex(r"</|/>")


def free_names(model: CodeModel, module: s.Module) -> Mapping[str, list[s.Name]]:
    """The names that nothing binds, with the places where they are read, in the order of the
    source. Empty where a name may come from what is not written in the module."""
    bound = _Bound(model, module)
    unbound = {
        node
        for node in model.visited(module.path)
        if node.__class__ is s.Name and not bound.holds(node)
    }
    if not unbound or not is_open_to_view(module):
        return {}
    text = model.tree.text(module.path)
    if module.language == "python":
        unresolved = _unresolved(text) | for_types(module)
        read = {node for node in read_names(module) if node.id in unresolved}
    elif _ELEMENT.search(text):
        return {}
    else:
        tried = _asked_for(model, module)
        read = {node for node in read_names(module) if node.id not in tried}
    found: dict[str, list[s.Name]] = {}
    for node in sorted(read & unbound, key=lambda node: node.span):
        found.setdefault(node.id, []).append(node)
    return found


class _Bound:
    """What the scopes of one module bind."""

    def __init__(self, model: CodeModel, module: s.Module) -> None:
        self._model = model
        self._module = module
        self._python = module.language == "python"
        whole = model.function_of(module)
        self._outermost = model.function_scope(whole) if whole is not None else None
        self._given = _PYTHON if self._python else _NODE
        self._known: dict[str, bool] = {}
        self._caught: dict[str, list[s.Span]] = {}
        self._held: set[tuple[int, str]] = set()  # by scopes of the model, which stay
        if not self._python:
            self._known.update(dict.fromkeys(_undeclared(model, module), True))
            for handler in model.nodes_of(module, s.Handler):
                for node in s.walk(handler.name) if handler.name is not None else ():
                    if isinstance(node, s.Name):
                        self._caught.setdefault(node.id, []).append(handler.span)

    def holds(self, node: s.Node) -> bool:
        """Does the module or a scope around the node bind the name?"""
        assert isinstance(node, s.Name)
        name = node.id
        if name in self._given:
            return True
        known = self._known.get(name)
        if known is None:
            known = self._outermost is None or self._is_bound(name, self._outermost)
            self._known[name] = known
        if known:
            return True
        scope = self._model.scope_of(node)
        if (id(scope), name) in self._held:
            return True
        if self._is_bound(name, scope):
            self._held.add((id(scope), name))
            return True
        return not self._python and (
            any(span[:2] <= node.span[:2] <= span[2:] for span in self._caught.get(name, ()))
            or _WEB.match(name) is not None
            or self._names_itself(name, scope)
        )

    def _is_bound(self, name: str, scope: Scope) -> bool:
        bindings = self._model.bindings(name, scope)
        return any(
            binding.statement is None or not (self._python and binding.statement.type_only)
            for binding in bindings
        )

    def _names_itself(self, name: str, scope: Scope) -> bool:
        """Is it the name of a function or class expression around?"""
        return any(
            isinstance(function.node, s.Function) and function.node.name == name
            for function in scope.function.outward()
        ) or any(cls.name == name for cls in self._model.nodes_of(self._module, s.Class))


def _undeclared(model: CodeModel, module: s.Module) -> list[str]:
    """What a script sets without declaring it, which makes it known to all of it."""
    if any(item.kind in ("from", "reexport") for item in module.imports):
        return []
    return [
        target.id
        for node in model.nodes_of(module, s.Assign)
        if not node.declaration
        for target in node.targets
        if isinstance(target, s.Name)
    ]


def for_types(module: s.Module) -> frozenset[str]:
    """The names that only type checkers see imported, at the top level of a Python module."""
    if not any(item.type_only for item in module.imports):
        return frozenset()
    found = {name.alias: True for item in module.imports for name in item.names}
    for item in module.imports:
        for name in item.names:
            found[name.alias] &= item.type_only and not item.lazy
    return frozenset(name for name, only in found.items() if only)


def _unresolved(text: str) -> frozenset[str]:
    """The names that a scope of the Python source takes for global and that no global is."""
    if len(text) > _MAX_COMPILED:
        return frozenset()
    try:
        top = symtable.symtable(text, "<source>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    read: set[str] = set()
    bound: set[str] = set()
    tables = [top]
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            binds = symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
            if binds and (table is top or symbol.is_declared_global()):
                bound.add(symbol.get_name())
            elif symbol.is_global() and symbol.is_referenced():
                read.add(symbol.get_name())
    return frozenset(read - bound)


def _asked_for(model: CodeModel, module: s.Module) -> frozenset[str]:
    """The names of which the module asks whether they are there."""
    return frozenset(
        node.value.id
        for node in model.nodes_of(module, s.Unary)
        if node.op == "typeof" and isinstance(node.value, s.Name)
    )


def is_set_for_all(model: CodeModel, name: str) -> bool:
    """Does some module put the name where all others find it?"""
    return any(
        isinstance(store.base, s.Name) and store.base.id in _GLOBAL for store in model.stores(name)
    )


def ambient_names(model: CodeModel) -> frozenset[str]:
    """What files of types speak of, which all modules may have."""
    found: set[str] = set()
    for path, module in model.modules.items():
        if only_declares(path):
            contents = s.gathered(module)
            found |= contents.words
            found.update(
                node.name for node in contents.inner if isinstance(node, s.Function | s.Class)
            )
    return frozenset(found)
