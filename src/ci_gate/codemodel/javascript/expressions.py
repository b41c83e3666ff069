"""JavaScript and TypeScript expressions and types to the common syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from typing import Literal as OneOf

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.treesitter import MAX_DEPTH, Lowering, Source
from ci_gate.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_OPERATORS: Final = {"&&": "and", "||": "or", "===": "==", "!==": "!="}
_UNARY: Final = {"!": "not"}
_ESCAPE: Final = regex(
    r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))"
)
_SURROGATE: Final = regex("[\ud800-\udfff]")
_SIMPLE_ESCAPES: Final = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "0": "\0",
    "\n": "",
    "\r\n": "",
}


class Expressions(Lowering):
    """Lowers expression, pattern and type nodes; functions and classes are the subclass's."""

    skipped = frozenset({"comment", "html_comment", "decorator", "hash_bang_line"})

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.expressions |= {
            "identifier": self._name,
            "property_identifier": self._name,
            "private_property_identifier": self._name,
            "shorthand_property_identifier": self._name,
            "shorthand_property_identifier_pattern": self._name,
            "statement_identifier": self._name,
            "type_identifier": self._name,
            "predefined_type": self._name,
            "this": self._name,
            "this_type": self._name,
            "super": self._name,
            "import": self._name,
            "undefined": lambda n: s.Literal(self.span(n), None, "undefined"),
            "null": lambda n: s.Literal(self.span(n), None, "none"),
            "true": lambda n: s.Literal(self.span(n), True, "bool"),
            "false": lambda n: s.Literal(self.span(n), False, "bool"),
            "number": self._number,
            "string": self._string,
            "regex": lambda n: s.Literal(self.span(n), self.source.text(n), "regex"),
            "template_string": lambda n: self._template(n, None),
            "meta_property": self._meta,
            "member_expression": self._member,
            "nested_identifier": self._nested,
            "nested_type_identifier": self._nested,
            "subscript_expression": self._subscript,
            "call_expression": self._call,
            "new_expression": self._call,
            "array": self._array,
            "array_pattern": self._array,
            "tuple_type": self._array,
            "object": self._object,
            "object_pattern": self._object,
            "assignment_pattern": self._default,
            "rest_pattern": lambda n: s.Starred(self.span(n), self.inner(n)),
            "spread_element": lambda n: s.Starred(self.span(n), self.inner(n)),
            "await_expression": lambda n: s.Await(self.span(n), self.inner(n)),
            "yield_expression": self._yield,
            "unary_expression": self._unary,
            "update_expression": self._unary,
            "binary_expression": self._binary,
            "ternary_expression": lambda n: s.Conditional(
                self.span(n),
                self.part(n, "condition"),
                self.part(n, "consequence"),
                self.part(n, "alternative"),
            ),
            "assignment_expression": self._assignment,
            "augmented_assignment_expression": self._assignment,
            "parenthesized_expression": self.inner,
            "parenthesized_type": self.inner,
            "as_expression": self._first,
            "satisfies_expression": self._first,
            "non_null_expression": self._first,
            "type_assertion": self._last,
            "instantiation_expression": self._first,
            "computed_property_name": self.inner,
            "type_annotation": self.inner,
            "literal_type": self.inner,
            "readonly_type": self.inner,
            "type_query": self._type_query,
            "generic_type": self._generic,
            "array_type": lambda n: s.Subscript(
                self.span(n), s.Name(self.span(n), "Array"), self.inner(n)
            ),
            "union_type": self._union,
            "intersection_type": self._intersection,
            "function_type": self._function_type,
            "lookup_type": self._lookup_type,
            "object_type": self._object_type,
            "interface_body": self._object_type,
        }

    # --- entry points

    def text_of(self, node: Concrete, field: str) -> str:
        found = node.child_by_field_name(field)
        return self.source.text(found) if found is not None else ""

    def decorators(self, node: Concrete) -> list[s.Expr]:
        return [self.inner(c) for c in node.children if c.type == "decorator"]

    # --- parts

    def _first(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        return self.expr(inside[0]) if inside else self.unknown(node)

    def _last(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        return self.expr(inside[-1]) if inside else self.unknown(node)

    def _name(self, node: Concrete) -> s.Name:
        return s.Name(self.span(node), self.source.text(node))

    def _member(self, node: Concrete) -> s.Expr:
        name = node.child_by_field_name("property")
        if name is None:
            return self.unknown(node)
        if name.end_byte < node.end_byte:  # in `typeof a.b.c` the field is that of `a.b`
            name = node.children[-1]
        return s.Attribute(
            self.span(node), self.part(node, "object"), self.source.text(name), self.span(name)
        )

    def _meta(self, node: Concrete) -> s.Expr:
        """``import.meta``, ``new.target``."""
        span = self.span(node)
        owner, _, name = self.source.text(node).partition(".")
        return s.Attribute(span, s.Name(span, owner.strip()), name.strip(), span)

    def _nested(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        return s.Attribute(
            self.span(node), self.expr(inside[0]), self.source.text(inside[1]), self.span(inside[1])
        )

    def _subscript(self, node: Concrete) -> s.Expr:
        return s.Subscript(self.span(node), self.part(node, "object"), self.part(node, "index"))

    def _call(self, node: Concrete) -> s.Expr:
        new = node.type == "new_expression"
        function = self.part(node, "constructor" if new else "function")
        given = node.child_by_field_name("arguments")
        if given is not None and given.type == "template_string":
            return self._template(given, function)
        types = node.child_by_field_name("type_arguments")
        call = s.Call(
            self.span(node),
            function,
            self._arguments(given),
            new,
            [self.expr(c) for c in self.named(types)] if types is not None else [],
        )
        self._note_import(call)
        if types is not None and isinstance(function, s.Await) and not _in_parentheses(node):
            # the grammar takes `await f<T>(x)` for a call of `await f`
            call.func = function.value
            call.span = (*function.value.span[:2], *call.span[2:])
            return s.Await(self.span(node), call)
        return call

    def _arguments(self, node: Concrete | None) -> list[s.Argument]:
        found: list[s.Argument] = []
        for child in self.named(node) if node is not None else []:
            spread = child.type == "spread_element"
            value = self.inner(child) if spread else self.expr(child)
            found.append(s.Argument(self.span(child), value, star="*" if spread else ""))
        return found

    def _note_import(self, call: s.Call) -> None:
        """``require("x")`` and ``import("x")``; what names they bind is added where they stand."""
        if not isinstance(call.func, s.Name) or call.func.id not in ("require", "import"):
            return
        name = call.argument(0)
        if isinstance(name, s.Template) and len(name.parts) == 1:
            name = name.parts[0]
        if not isinstance(name, s.Literal) or not isinstance(name.value, str):
            return
        kind: OneOf["require", "dynamic"] = "require" if call.func.id == "require" else "dynamic"
        self.imports.append(
            s.Import(call.span, kind, name.value, lazy=self.functions > 0, guarded=self.guards > 0)
        )

    # --- constants

    def _number(self, node: Concrete) -> s.Expr:
        text = self.source.text(node).replace("_", "").rstrip("n")
        try:
            value: float = int(text, 0)
        except ValueError:
            try:
                value = float(text)
            except ValueError:
                return s.Unknown(self.span(node))
        return s.Literal(self.span(node), value, "number")

    def _string(self, node: Concrete) -> s.Expr:
        return s.Literal(self.span(node), _unescape(self.source.text(node)[1:-1]), "string")

    def _template(self, node: Concrete, tag: s.Expr | None) -> s.Expr:
        parts: list[s.Expr] = []
        position = node.start_byte + 1
        for child in node.named_children:
            if child.type == "template_substitution":
                self._text_part(parts, node, position, child.start_byte)
                parts.append(self.inner(child))
                position = child.end_byte
        self._text_part(parts, node, position, node.end_byte - 1)
        return s.Template(self.span(node), parts, tag)

    def _text_part(self, parts: list[s.Expr], node: Concrete, start: int, stop: int) -> None:
        if stop > start:
            text = self.source.bytes[start:stop].decode("utf-8", "replace")
            parts.append(s.Literal(self.span(node), _unescape(text), "string"))

    # --- displays and patterns

    def _array(self, node: Concrete) -> s.Expr:
        """What stands in a hole (``[, b]``) is Unknown, so that the rest keep their places."""
        items: list[s.Expr] = []
        hole = True
        for child in node.children:
            if child.type == ",":
                if hole:
                    items.append(s.Unknown(self.span(child)))
                hole = True
            elif child.is_named and child.type not in self.skipped:
                items.append(self.expr(child))
                hole = False
        return s.Sequence(self.span(node), "list", items)

    def _object(self, node: Concrete) -> s.Expr:
        return s.Mapping(self.span(node), [self._entry(child) for child in self.named(node)])

    def _entry(self, node: Concrete) -> s.Entry:
        span = self.span(node)
        match node.type:
            case "pair" | "pair_pattern":
                key = node.child_by_field_name("key")
                return s.Entry(
                    span,
                    s.Unknown(span) if key is None else self.key(key),
                    self.part(node, "value"),
                )
            case "spread_element" | "rest_pattern":
                return s.Entry(span, None, self.inner(node))
            case "object_assignment_pattern":
                left = node.child_by_field_name("left")
                key_text = self.source.text(left) if left is not None else ""
                return s.Entry(span, s.Literal(span, key_text, "string"), self._default(node))
            case "method_definition":
                name = node.child_by_field_name("name")
                return s.Entry(
                    span,
                    s.Unknown(span) if name is None else self.key(name),
                    s.FunctionExpr(span, self.function(node)),
                )
            case "shorthand_property_identifier" | "shorthand_property_identifier_pattern":
                return s.Entry(
                    span, s.Literal(span, self.source.text(node), "string"), self._name(node)
                )
        return s.Entry(span, s.Unknown(span), self.expr(node))

    def key(self, node: Concrete) -> s.Expr:
        """A property's key: a constant string, or the expression in brackets."""
        if node.type == "computed_property_name":
            return self.inner(node)
        if node.type == "string":
            return self._string(node)
        return s.Literal(self.span(node), self.source.text(node), "string")

    def _default(self, node: Concrete) -> s.Expr:
        return s.AssignExpr(self.span(node), self.part(node, "left"), self.part(node, "right"))

    # --- operators

    def _yield(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        value = self.expr(inside[0]) if inside else None
        return s.Yield(self.span(node), value, any(c.type == "*" for c in node.children))

    def _unary(self, node: Concrete) -> s.Expr:
        op = self.text_of(node, "operator")
        return s.Unary(self.span(node), _UNARY.get(op, op), self.part(node, "argument"))

    def _binary(self, node: Concrete) -> s.Expr:
        """Iterative on the left, where real chains grow; cut where they grow too deep."""
        chain: list[Concrete] = []
        current: Concrete | None = node
        while current is not None and current.type == "binary_expression":
            chain.append(current)
            current = current.child_by_field_name("left")
        if len(chain) > max(MAX_DEPTH - self.depth, 1):
            sides = [part.child_by_field_name("right") for part in reversed(chain)]
            return s.Unknown(
                self.span(node), [self.expr(side) for side in (current, *sides) if side is not None]
            )
        left: s.Expr = s.Unknown(self.span(node)) if current is None else self.expr(current)
        for part in reversed(chain):
            op = self.text_of(part, "operator")
            left = s.Binary(self.span(part), _OPERATORS.get(op, op), left, self.part(part, "right"))
        return left

    def _assignment(self, node: Concrete) -> s.Expr:
        span, value = self.span(node), self.part(node, "right")
        if node.type == "augmented_assignment_expression":
            op = self.text_of(node, "operator").removesuffix("=")
            value = s.Binary(span, _OPERATORS.get(op, op), self.part(node, "left"), value)
        return s.AssignExpr(span, self.part(node, "left"), value)

    # --- types

    def annotation(self, node: Concrete | None) -> s.Expr | None:
        """The type after a colon."""
        return None if node is None else self.inner(node)

    def _type_query(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        inner = self.expr(inside[0]) if inside else s.Unknown(self.span(node))
        return s.Unary(self.span(node), "typeof", inner)

    def _generic(self, node: Concrete) -> s.Expr:
        name = node.child_by_field_name("name")
        types = node.child_by_field_name("type_arguments")
        if name is None or types is None:
            return self.unknown(node)
        items = [self.expr(c) for c in self.named(types)]
        index = items[0] if len(items) == 1 else s.Sequence(self.span(types), "tuple", items)
        return s.Subscript(self.span(node), self.expr(name), index)

    def _union(self, node: Concrete) -> s.Expr:
        flat: list[Concrete] = []
        current = node
        while True:
            inside = self.named(current)
            flat += reversed(inside[1:])
            if not inside:
                break
            if inside[0].type != "union_type":
                flat.append(inside[0])
                break
            current = inside[0]
        items = [self.expr(part) for part in reversed(flat[:MAX_DEPTH])]
        if not items or len(flat) > max(MAX_DEPTH - self.depth, 1):
            return s.Unknown(self.span(node), items)
        result = items[0]
        for item in items[1:]:
            result = s.Binary(self.span(node), "|", result, item)
        return result

    def _intersection(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        left, right = self.expr(inside[0]), self.expr(inside[1])
        return s.Binary(self.span(node), "&", left, right)

    def _function_type(self, node: Concrete) -> s.Expr:
        """``(a: A) => B`` as ``Callable[[], B]``: what it returns is what matters."""
        span = self.span(node)
        returns = node.child_by_field_name("return_type")
        if returns is None:
            return self.unknown(node)
        index = s.Sequence(span, "tuple", [s.Sequence(span, "list", []), self.expr(returns)])
        return s.Subscript(span, s.Name(span, "Callable"), index)

    def _lookup_type(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        return s.Subscript(self.span(node), self.expr(inside[0]), self.expr(inside[1]))

    def _object_type(self, node: Concrete) -> s.Expr:
        entries: list[s.Entry] = []
        for child in self.named(node):
            name = child.child_by_field_name("name")
            if name is None:
                continue
            span = self.span(child)
            value = self.annotation(child.child_by_field_name("type"))
            entries.append(s.Entry(span, self.key(name), value or s.Unknown(span)))
        return s.Mapping(self.span(node), entries)

    # --- what the subclass lowers

    def function(self, node: Concrete) -> s.Function:
        raise NotImplementedError


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text

    def decoded(match: re.Match[str]) -> str:
        code = match[1] or match[2] or match[3]
        if code is None:
            return _SIMPLE_ESCAPES.get(match[4], match[4])
        number = int(code, 16)
        return chr(number) if number < 0x110000 else "\ufffd"

    result = _ESCAPE.sub(decoded, text)
    if _SURROGATE.search(result):  # two escapes are one character; half of one cannot be written
        return result.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return result


def _in_parentheses(call: Concrete) -> bool:
    """Does the called expression stand in parentheses?"""
    function = call.child_by_field_name("function")
    return function is None or function.type != "await_expression"
