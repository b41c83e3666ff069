"""Python expressions to the common syntax."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final
from typing import Literal as OneOf

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.treesitter import MAX_DEPTH, Lowering, Source
from ci_gate.regex import regex

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

#: functions that import a module, by their last name
_IMPORTERS: Final = {
    "import_module": ("importlib.import_module", "import_module"),
    "__import__": ("__import__",),
}
_NUMBER: Final = regex(r"[jJlL]$")
_ESCAPE: Final = regex(
    r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|N\{[^}]+\}|[abfnrtv\\'\"\n])"
)
_SIMPLE_ESCAPES: Final = {
    "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
    "\\": "\\", "'": "'", '"': '"', "\n": "",
}  # fmt: skip
_PARSABLE: Final = regex(r"[\w.\[\], |'\"\n()]+")


class Expressions(Lowering):
    """Lowers expression nodes. Statements (lambdas hold none in Python) are the subclass's."""

    skipped = frozenset({"comment", "line_continuation"})

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.typing = 0  # how many ``if TYPE_CHECKING``
        self.yields = False  # does the function that we are in yield
        self.expressions |= {
            "identifier": self._name,
            "attribute": self._attribute,
            "call": self._call,
            "string": self._string,
            "concatenated_string": self._concatenated,
            "subscript": self._subscript,
            "integer": self._number,
            "float": self._number,
            "true": lambda n: s.Literal(self.span(n), True, "bool"),
            "false": lambda n: s.Literal(self.span(n), False, "bool"),
            "none": lambda n: s.Literal(self.span(n), None, "none"),
            "ellipsis": lambda n: s.Literal(self.span(n), None, "ellipsis"),
            "list": lambda n: self._sequence(n, "list"),
            "list_pattern": lambda n: self._sequence(n, "list"),
            "tuple": lambda n: self._sequence(n, "tuple"),
            "tuple_pattern": lambda n: self._sequence(n, "tuple"),
            "expression_list": lambda n: self._sequence(n, "tuple"),
            "pattern_list": lambda n: self._sequence(n, "tuple"),
            "set": lambda n: self._sequence(n, "set"),
            "dictionary": self._dictionary,
            "list_comprehension": lambda n: self._comprehension(n, "list"),
            "set_comprehension": lambda n: self._comprehension(n, "set"),
            "generator_expression": lambda n: self._comprehension(n, "generator"),
            "dictionary_comprehension": lambda n: self._comprehension(n, "dict"),
            "parenthesized_expression": self.inner,
            "type": self.inner,
            "case_pattern": self.inner,
            "as_pattern_target": self.inner,
            "unary_operator": self._unary,
            "not_operator": lambda n: s.Unary(self.span(n), "not", self.part(n, "argument")),
            "binary_operator": self._binary,
            "boolean_operator": self._binary,
            "union_type": self._union,
            "comparison_operator": self._comparison,
            "lambda": self._lambda,
            "conditional_expression": self._conditional,
            "await": lambda n: s.Await(self.span(n), self.inner(n)),
            "yield": self._yield,
            "named_expression": lambda n: s.AssignExpr(
                self.span(n), self.part(n, "name"), self.part(n, "value")
            ),
            "list_splat": lambda n: s.Starred(self.span(n), self.inner(n)),
            "list_splat_pattern": lambda n: s.Starred(self.span(n), self.inner(n)),
            "splat_type": lambda n: s.Starred(self.span(n), self.inner(n)),
            "generic_type": self._generic,
            "member_type": self._member_type,
            "keyword_argument": lambda n: self.part(n, "value"),
            "assignment": self._assignment_inside,
        }

    # --- entry points

    def annotation(self, node: Concrete | None) -> s.Expr | None:
        """A type; a string in it is parsed too (``"list[User]"``)."""
        if node is None:
            return None
        return self._unquote(self.expr(node))

    # --- parts

    def _name(self, node: Concrete) -> s.Name:
        return s.Name(self.span(node), self.source.text(node))

    def _attribute(self, node: Concrete) -> s.Expr:
        name = node.child_by_field_name("attribute")
        if name is None:
            return self.unknown(node)
        return s.Attribute(
            self.span(node), self.part(node, "object"), self.source.text(name), self.span(name)
        )

    def _member_type(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        return s.Attribute(
            self.span(node), self.expr(inside[0]), self.source.text(inside[1]), self.span(inside[1])
        )

    def _subscript(self, node: Concrete) -> s.Expr:
        indexes = [self.expr(c) for c in node.children_by_field_name("subscript")]
        if not indexes:
            return self.unknown(node)
        index = indexes[0] if len(indexes) == 1 else s.Sequence(self.span(node), "tuple", indexes)
        return s.Subscript(self.span(node), self.part(node, "value"), index)

    def _generic(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        arguments = [self.expr(c) for c in self.named(inside[1])]
        index = (
            arguments[0]
            if len(arguments) == 1
            else s.Sequence(self.span(inside[1]), "tuple", arguments)
        )
        return s.Subscript(self.span(node), self.expr(inside[0]), index)

    def _call(self, node: Concrete) -> s.Expr:
        given = node.child_by_field_name("arguments")
        arguments: list[s.Argument] = []
        if given is not None and given.type == "generator_expression":
            arguments.append(s.Argument(self.span(given), self.expr(given)))
        elif given is not None:
            arguments = self.arguments(given)
        call = s.Call(self.span(node), self.part(node, "function"), arguments)
        self._note_dynamic_import(call)
        return call

    def arguments(self, node: Concrete) -> list[s.Argument]:
        """The arguments of a call, the bases of a class."""
        found: list[s.Argument] = []
        for child in self.named(node):
            span, kind = self.span(child), child.type
            if kind == "keyword_argument":
                name = child.child_by_field_name("name")
                keyword = self.source.text(name) if name is not None else None
                found.append(s.Argument(span, self.part(child, "value"), keyword))
            elif kind == "list_splat":
                found.append(s.Argument(span, self.inner(child), star="*"))
            elif kind == "dictionary_splat":
                found.append(s.Argument(span, self.inner(child), star="**"))
            else:
                found.append(s.Argument(span, self.expr(child)))
        return found

    def _note_dynamic_import(self, call: s.Call) -> None:
        func = call.func
        last = func.id if isinstance(func, s.Name) else getattr(func, "name", "")
        if last not in _IMPORTERS or s.dotted(func) not in _IMPORTERS[last]:
            return
        name = call.argument(0, "name")
        if not isinstance(name, s.Literal) or not isinstance(name.value, str):
            return
        specifier = name.value
        if specifier.startswith(".") and call.argument(1, "package") is None:
            return
        self.imports.append(
            s.Import(
                call.span,
                "dynamic",
                specifier,
                lazy=self.functions > 0,
                guarded=self.guards > 0,
                type_only=self.typing > 0,
            )
        )

    # --- constants

    def _number(self, node: Concrete) -> s.Expr:
        text = self.source.text(node).replace("_", "")
        try:
            value = int(text, 0) if node.type == "integer" else float(text)
        except ValueError:
            try:
                value = float(_NUMBER.sub("", text))
            except ValueError:
                return s.Unknown(self.span(node))
        return s.Literal(self.span(node), value, "number")

    def _string(self, node: Concrete) -> s.Expr:
        span = self.span(node)
        text = None if node.has_error else _plain(self.source.text(node))
        if text is not None:
            return s.Literal(span, text, "string")
        start = node.children[0]
        prefix = (
            self.source.text(start).rstrip("'\"").lower() if start.type == "string_start" else ""
        )
        end = node.children[-1]
        stop = end.start_byte if end.type == "string_end" else node.end_byte
        parts: list[s.Expr] = []
        position = start.end_byte
        for child in node.children:
            if child.type == "interpolation":
                self._text_part(parts, node, position, child.start_byte, prefix)
                inner = child.child_by_field_name("expression")
                parts.append(s.Unknown(span) if inner is None else self.expr(inner))
                position = child.end_byte
        self._text_part(parts, node, position, stop, prefix)
        if "f" in prefix or "t" in prefix:
            return s.Template(span, parts)
        if not parts:
            return s.Literal(
                span, b"" if "b" in prefix else "", "bytes" if "b" in prefix else "string"
            )
        return parts[0]

    def _text_part(
        self, parts: list[s.Expr], node: Concrete, start: int, stop: int, prefix: str
    ) -> None:
        if stop <= start:
            return
        text = self.source.bytes[start:stop].decode("utf-8", "replace")
        if "f" in prefix or "t" in prefix:
            text = text.replace("{{", "{").replace("}}", "}")
        if "\\" in text and "r" not in prefix:
            text = _unescape(text)
        if "b" in prefix:
            parts.append(s.Literal(self.span(node), text.encode("utf-8", "replace"), "bytes"))
        else:
            parts.append(s.Literal(self.span(node), text, "string"))

    def _concatenated(self, node: Concrete) -> s.Expr:
        pieces = [self.expr(child) for child in self.named(node)]
        parts: list[s.Expr] = []
        for piece in pieces:
            parts += piece.parts if isinstance(piece, s.Template) else [piece]
        span = self.span(node)
        texts = [p.value for p in parts if isinstance(p, s.Literal) and isinstance(p.value, str)]
        if len(texts) == len(parts) and not any(isinstance(p, s.Template) for p in pieces):
            return s.Literal(span, "".join(texts), "string")
        return s.Template(span, parts)

    def _unquote(self, value: s.Expr) -> s.Expr:
        """Parse the strings of an annotation."""
        from ci_gate.codemodel.python.lower import parse_expression  # noqa: PLC0415

        match value:
            case s.Literal(kind="string", value=str(text)) if _PARSABLE.fullmatch(text):
                return parse_expression(text, value.span) or value
            case s.Subscript():
                head = (
                    value.value.id
                    if isinstance(value.value, s.Name)
                    else (value.value.name if isinstance(value.value, s.Attribute) else "")
                )
                if head != "Literal":
                    if head == "Annotated" and isinstance(value.index, s.Sequence):
                        value.index.items[:1] = [self._unquote(i) for i in value.index.items[:1]]
                    else:
                        value.index = self._unquote(value.index)
            case s.Sequence():
                value.items = [self._unquote(item) for item in value.items]
            case s.Binary(op="|"):
                value.left, value.right = self._unquote(value.left), self._unquote(value.right)
        return value

    # --- displays

    def _sequence(self, node: Concrete, kind: OneOf["list", "tuple", "set"]) -> s.Expr:
        return s.Sequence(self.span(node), kind, [self.expr(child) for child in self.named(node)])

    def _dictionary(self, node: Concrete) -> s.Expr:
        entries: list[s.Entry] = []
        for child in self.named(node):
            span = self.span(child)
            if child.type == "pair":
                entries.append(s.Entry(span, self.part(child, "key"), self.part(child, "value")))
            elif child.type == "dictionary_splat":
                entries.append(s.Entry(span, None, self.inner(child)))
            else:
                entries.append(s.Entry(span, None, self.expr(child)))
        return s.Mapping(self.span(node), entries)

    def _comprehension(
        self, node: Concrete, kind: OneOf["list", "set", "dict", "generator"]
    ) -> s.Expr:
        body = node.child_by_field_name("body")
        key: s.Expr | None = None
        element: s.Expr
        if body is None:
            element = s.Unknown(self.span(node))
        elif body.type == "pair":
            key, element = self.part(body, "key"), self.part(body, "value")
        else:
            element = self.expr(body)
        generators: list[s.Generator] = []
        for child in node.named_children:
            if child.type == "for_in_clause":
                right = [self.expr(c) for c in child.children_by_field_name("right")]
                generators.append(
                    s.Generator(
                        self.span(child),
                        self.part(child, "left"),
                        right[0] if right else s.Unknown(self.span(child)),
                        [],
                        child.children[0].type == "async",
                    )
                )
            elif child.type == "if_clause" and generators:
                generators[-1].conditions.append(self.inner(child))
        return s.Comprehension(self.span(node), kind, element, key, generators)

    # --- operators

    def _unary(self, node: Concrete) -> s.Expr:
        operator = node.child_by_field_name("operator")
        op = self.source.text(operator) if operator is not None else "-"
        return s.Unary(self.span(node), op, self.part(node, "argument"))

    def _binary(self, node: Concrete) -> s.Expr:
        """Iterative on the left, where real chains grow; cut where they grow too deep."""
        chain: list[Concrete] = []
        current: Concrete | None = node
        while current is not None and current.type == node.type:
            chain.append(current)
            current = current.child_by_field_name("left")
        room = max(MAX_DEPTH - self.depth, 1)
        if len(chain) > room:
            return s.Unknown(self.span(node))
        left: s.Expr = s.Unknown(self.span(node)) if current is None else self.expr(current)
        for part in reversed(chain):
            operator = part.child_by_field_name("operator")
            op = self.source.text(operator) if operator is not None else "?"
            left = s.Binary(self.span(part), op, left, self.part(part, "right"))
        return left

    def _union(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 2:
            return self.unknown(node)
        return s.Binary(self.span(node), "|", self.expr(inside[0]), self.expr(inside[1]))

    def _comparison(self, node: Concrete) -> s.Expr:
        operands = [self.expr(child) for child in self.named(node)]
        operators = [
            " ".join(self.source.text(c).split()) for c in node.children_by_field_name("operators")
        ]
        if len(operands) < 2 or len(operators) < len(operands) - 1:
            return s.Unknown(self.span(node), operands)
        span = self.span(node)
        result: s.Expr = s.Binary(span, operators[0], operands[0], operands[1])
        for index in range(1, len(operands) - 1):
            pair = s.Binary(span, operators[index], operands[index], operands[index + 1])
            result = s.Binary(span, "and", result, pair)
        return result

    def _conditional(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        if len(inside) != 3:
            return self.unknown(node)
        body, test, orelse = (self.expr(child) for child in inside)
        return s.Conditional(self.span(node), test, body, orelse)

    def _yield(self, node: Concrete) -> s.Expr:
        inside = self.named(node)
        value = self.expr(inside[0]) if inside else None
        self.yields = True
        return s.Yield(self.span(node), value, any(c.type == "from" for c in node.children))

    def _assignment_inside(self, node: Concrete) -> s.Expr:
        return s.AssignExpr(self.span(node), self.part(node, "left"), self.part(node, "right"))

    # --- functions

    def _lambda(self, node: Concrete) -> s.Expr:
        span = self.span(node)
        body = node.child_by_field_name("body")
        parameters = node.child_by_field_name("parameters")
        self.functions += 1
        outer = self.yields
        value = s.Unknown(span) if body is None else self.expr(body)
        self.yields = outer
        self.functions -= 1
        function = s.Function(
            span, "", span, self.parameters(parameters), [s.Return(value.span, value)], kind="arrow"
        )
        return s.FunctionExpr(span, function)

    def parameters(self, node: Concrete | None) -> list[s.Param]:
        """The parameters of a function or lambda."""
        found: list[s.Param] = []
        if node is None:
            return found
        keyword_only = False
        for child in self.named(node):
            if child.type == "positional_separator":
                for param in found:
                    param.kind = "positional-only"
                continue
            if child.type == "keyword_separator":
                keyword_only = True
                continue
            made = self._parameter(child)
            if made is None:
                continue
            if made.kind == "*":
                keyword_only = True
            elif made.kind == "positional" and keyword_only:
                made.kind = "keyword-only"
            found.append(made)
        return found

    def _parameter(self, node: Concrete) -> s.Param | None:
        span = self.span(node)
        target: Concrete | None = node
        if node.type in ("default_parameter", "typed_default_parameter"):
            target = node.child_by_field_name("name")
        elif node.type == "typed_parameter":
            target = node.named_children[0]
        if target is None:
            return None
        annotation = self.annotation(node.child_by_field_name("type"))
        default = self.optional(node.child_by_field_name("value"))
        kind: OneOf["positional", "*", "**"] = "positional"
        if target.type in ("list_splat_pattern", "dictionary_splat_pattern"):
            kind = "*" if target.type == "list_splat_pattern" else "**"
            target = target.named_children[0] if target.named_children else target
        if target.type == "identifier":
            return s.Param(span, self.source.text(target), kind, annotation, default)
        if target.type == "tuple_pattern":
            return s.Param(span, "", kind, annotation, default, self.expr(target))
        return None


def _plain(written: str) -> str | None:
    """What a string literal without prefix stands for; None for one that has a prefix."""
    quote = written[:1]
    if quote not in ("'", '"'):
        return None
    width = 3 if len(written) > 5 and written.startswith(quote * 3) else 1
    text = written[width:-width]
    return _unescape(text) if "\\" in text else text


def _unescape(text: str) -> str:
    """Decode escape sequences; one that Python does not know stays as it is."""

    def decoded(match: re.Match[str]) -> str:
        body = match[1]
        if body[0] in "xuU":
            code = int(body[1:], 16)
            return chr(code) if code < 0x110000 else match[0]
        if body[0] in "01234567":
            return chr(int(body, 8))
        if body[0] == "N":
            try:
                return unicodedata.lookup(body[2:-1])
            except KeyError:
                return match[0]
        return _SIMPLE_ESCAPES[body]

    return _ESCAPE.sub(decoded, text)
