"""Python statements and definitions to the common syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.python.expressions import Expressions
from ci_gate.codemodel.treesitter import Source

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_IMPORT_ERRORS: Final = ("ImportError", "ModuleNotFoundError")


class Statements(Expressions):
    """Lowers statements."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.statements |= {
            "expression_statement": self._expression_statement,
            "return_statement": lambda n: [s.Return(self.span(n), self.only(n))],
            "raise_statement": lambda n: [s.Raise(self.span(n), self.only(n))],
            "if_statement": self._if,
            "for_statement": self._for,
            "while_statement": self._while,
            "try_statement": self._try,
            "with_statement": self._with,
            "match_statement": self._match,
            "function_definition": lambda n: [self._function(n, [])],
            "class_definition": lambda n: [self._class(n, [])],
            "decorated_definition": self._decorated,
            "import_statement": self._import,
            "import_from_statement": self._import_from,
            "future_import_statement": lambda _: [],
            "assert_statement": self._assert,
            "delete_statement": lambda n: [
                s.ExprStmt(self.span(n), s.Unary(self.span(n), "delete", self.inner(n)))
            ],
            "pass_statement": lambda n: [s.Jump(self.span(n), "pass")],
            "break_statement": lambda n: [s.Jump(self.span(n), "break")],
            "continue_statement": lambda n: [s.Jump(self.span(n), "continue")],
            "global_statement": lambda _: [],
            "nonlocal_statement": lambda _: [],
            "type_alias_statement": self._type_alias,
            "print_statement": self._broken,
            "exec_statement": self._broken,
            "ERROR": self._broken,
            "comment": lambda _: [],
        }
        self._class_depth = 0

    # --- blocks

    def _broken(self, node: Concrete) -> list[s.Stmt]:
        return [s.Broken(self.span(node), self.block(node))]

    # --- simple statements

    def _expression_statement(self, node: Concrete) -> list[s.Stmt]:
        inside = self.named(node)
        span = self.span(node)
        if len(inside) > 1:
            items = [self.expr(child) for child in inside]
            return [s.ExprStmt(span, s.Sequence(span, "tuple", items))]
        if not inside:
            return []
        child = inside[0]
        if child.type == "assignment":
            return [self._assign(child)]
        if child.type == "augmented_assignment":
            operator = child.child_by_field_name("operator")
            op = self.source.text(operator).removesuffix("=") if operator is not None else "+"
            target, value = self.part(child, "left"), self.part(child, "right")
            return [s.Assign(span, [target], value, op=op)]
        return [s.ExprStmt(span, self.expr(child))]

    def _assign(self, node: Concrete) -> s.Stmt:
        targets = [self.part(node, "left")]
        annotation = self.annotation(node.child_by_field_name("type"))
        right = node.child_by_field_name("right")
        while right is not None and right.type == "assignment":
            targets.append(self.part(right, "left"))
            right = right.child_by_field_name("right")
        return s.Assign(self.span(node), targets, self.optional(right), annotation)

    def _assert(self, node: Concrete) -> list[s.Stmt]:
        return [s.ExprStmt(self.span(node), self.unknown(node))]

    def _type_alias(self, node: Concrete) -> list[s.Stmt]:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is None or right is None:
            return self._broken(node)
        name = self.source.text(left).partition("[")[0]
        return [s.TypeAliasDef(self.span(node), name, self.expr(right))]

    # --- compound statements

    def _if(self, node: Concrete) -> list[s.Stmt]:
        alternatives = node.children_by_field_name("alternative")
        condition = node.child_by_field_name("condition")
        typing = condition is not None and self._is_type_checking(condition)
        test = self.part(node, "condition")
        self.guards += 1
        self.typing += typing
        body = self.block(node.child_by_field_name("consequence"))
        self.typing -= typing
        orelse = self._alternatives(alternatives)
        self.guards -= 1
        return [s.If(self.span(node), test, body, orelse)]

    def _alternatives(self, clauses: list[Concrete]) -> list[s.Stmt]:
        orelse: list[s.Stmt] = []
        for clause in reversed(clauses):
            if clause.type == "else_clause":
                orelse = self.block(clause.child_by_field_name("body"))
            else:
                test = self.part(clause, "condition")
                body = self.block(clause.child_by_field_name("consequence"))
                orelse = [s.If(self.span(clause), test, body, orelse)]
        return orelse

    def _is_type_checking(self, condition: Concrete) -> bool:
        return self.source.text(condition).rpartition(".")[2] == "TYPE_CHECKING"

    def _for(self, node: Concrete) -> list[s.Stmt]:
        return [
            s.For(
                self.span(node),
                self.part(node, "left"),
                self.part(node, "right"),
                self.block(node.child_by_field_name("body")),
                self._else(node),
                node.children[0].type == "async",
            )
        ]

    def _while(self, node: Concrete) -> list[s.Stmt]:
        test = self.optional(node.child_by_field_name("condition"))
        body = self.block(node.child_by_field_name("body"))
        return [s.While(self.span(node), test, body, self._else(node))]

    def _else(self, node: Concrete) -> list[s.Stmt]:
        clause = node.child_by_field_name("alternative")
        return self.block(clause.child_by_field_name("body")) if clause is not None else []

    def _try(self, node: Concrete) -> list[s.Stmt]:
        clauses = [c for c in node.named_children if c.type.startswith("except")]
        guarding = any(
            any(name in self.source.text(c).split(":", 1)[0] for name in _IMPORT_ERRORS)
            or not self._except_parts(c)[0]
            for c in clauses
        )
        self.guards += guarding
        body = self.block(node.child_by_field_name("body"))
        handlers = [self._handler(clause) for clause in clauses]
        self.guards -= guarding
        orelse: list[s.Stmt] = []
        final: list[s.Stmt] = []
        for child in node.named_children:
            if child.type == "else_clause":
                orelse = self.block(child.child_by_field_name("body"))
            elif child.type == "finally_clause":
                for part in child.named_children:
                    if part.type == "block":
                        final = self.block(part)
        return [s.Try(self.span(node), body, handlers, orelse, final)]

    def _except_parts(self, node: Concrete) -> tuple[list[Concrete], Concrete | None]:
        parts = self.named(node)
        body = next((c for c in parts if c.type == "block"), None)
        return [c for c in parts if c.type != "block"], body

    def _handler(self, node: Concrete) -> s.Handler:
        parts, body = self._except_parts(node)
        kind: s.Expr | None = None
        name: s.Expr | None = None
        if len(parts) == 1 and parts[0].type == "as_pattern":
            inner = self.named(parts[0])
            kind = self.expr(inner[0])
            name = self.expr(inner[-1]) if len(inner) > 1 else None
        elif len(parts) == 1:
            kind = self.expr(parts[0])
        elif len(parts) > 1:
            items = [self.expr(part) for part in parts]
            kind = s.Sequence(self.span(node), "tuple", items)
        return s.Handler(self.span(node), kind, name, self.block(body))

    def _with(self, node: Concrete) -> list[s.Stmt]:
        items: list[s.WithItem] = []
        guarding = False
        for clause in node.named_children:
            if clause.type != "with_clause":
                continue
            text = self.source.text(clause)
            guarding |= "suppress" in text and any(name in text for name in _IMPORT_ERRORS)
            for item in self._with_items(clause):
                value = item.child_by_field_name("value") or item.named_children[0]
                if value.type == "as_pattern":
                    inner = self.named(value)
                    target = self.expr(inner[-1]) if len(inner) > 1 else None
                    items.append(s.WithItem(self.span(item), self.expr(inner[0]), target))
                else:
                    items.append(s.WithItem(self.span(item), self.expr(value), None))
        self.guards += guarding
        body = self.block(node.child_by_field_name("body"))
        self.guards -= guarding
        return [s.With(self.span(node), items, body, node.children[0].type == "async")]

    def _with_items(self, clause: Concrete) -> list[Concrete]:
        """``with (a as x, b as y)`` may read as one item that is a tuple."""
        items = [c for c in clause.named_children if c.type == "with_item" and c.named_children]
        if len(items) == 1:
            inside = items[0].named_children[0]
            if inside.type == "tuple" and any(
                c.type == "as_pattern" for c in inside.named_children
            ):
                return [_Item(c) for c in self.named(inside)]  # type: ignore[misc]
        return items

    def _match(self, node: Concrete) -> list[s.Stmt]:
        subjects = [self.expr(c) for c in node.children_by_field_name("subject")]
        span = self.span(node)
        subject = subjects[0] if len(subjects) == 1 else s.Sequence(span, "tuple", subjects)
        cases: list[s.Case] = []
        body = node.child_by_field_name("body")
        for clause in body.named_children if body is not None else []:
            if clause.type != "case_clause":
                continue
            patterns = [c for c in clause.named_children if c.type == "case_pattern"]
            wildcard = len(patterns) == 1 and self.source.text(patterns[0]) == "_"
            pattern = None if wildcard or not patterns else self.expr(patterns[0])
            guard = clause.child_by_field_name("guard")
            cases.append(
                s.Case(
                    self.span(clause),
                    pattern,
                    self.inner(guard) if guard is not None else None,
                    self.block(clause.child_by_field_name("consequence")),
                )
            )
        return [s.Switch(span, subject, cases)]

    # --- definitions

    def _decorated(self, node: Concrete) -> list[s.Stmt]:
        decorators = [self.inner(c) for c in node.named_children if c.type == "decorator"]
        definition = node.child_by_field_name("definition")
        if definition is None:
            return self._broken(node)
        if definition.type == "class_definition":
            return [self._class(definition, decorators)]
        return [self._function(definition, decorators)]

    def _function(self, node: Concrete, decorators: list[s.Expr]) -> s.Stmt:
        name = node.child_by_field_name("name")
        body_node = node.child_by_field_name("body")
        parameters = self.parameters(node.child_by_field_name("parameters"))
        returns = self.annotation(node.child_by_field_name("return_type"))
        in_class, self._class_depth = self._class_depth, 0
        outer, self.yields = self.yields, False
        self.functions += 1
        body = self.block(body_node)
        self.functions -= 1
        is_generator, self.yields = self.yields, outer
        self._class_depth = in_class
        span = self.span(node)
        function = s.Function(
            span,
            self.source.text(name) if name is not None else "",
            self.span(name) if name is not None else span,
            parameters,
            body,
            is_async=node.children[0].type == "async",
            is_generator=is_generator,
            kind=_kind(self.source.text(name) if name is not None else "", decorators)
            if in_class
            else "function",
            decorators=decorators,
            returns=returns,
            docstring=docstring_of(body),
            bodiless=_bodiless(body),
        )
        return s.FunctionDef(span, function)

    def _class(self, node: Concrete, decorators: list[s.Expr]) -> s.Stmt:
        name = node.child_by_field_name("name")
        bases = node.child_by_field_name("superclasses")
        params = node.child_by_field_name("type_parameters")
        arguments = self.arguments(bases) if bases is not None else []
        self._class_depth += 1
        outer = self.yields
        body = self.block(node.child_by_field_name("body"))
        self.yields = outer
        self._class_depth -= 1
        span = self.span(node)
        cls = s.Class(
            span,
            self.source.text(name) if name is not None else "",
            self.span(name) if name is not None else span,
            arguments,
            body,
            decorators=decorators,
            type_params=[self.source.text(p).partition(":")[0] for p in self.named(params)]
            if params is not None
            else [],
            docstring=docstring_of(body),
        )
        return s.ClassDef(span, cls)

    # --- imports

    def _flags(self) -> dict[str, bool]:
        return {
            "lazy": self.functions > 0,
            "guarded": self.guards > 0,
            "type_only": self.typing > 0,
        }

    def _import(self, node: Concrete) -> list[s.Stmt]:
        found: list[s.Import] = []
        for child in node.children_by_field_name("name"):
            target = child.child_by_field_name("name") or child
            alias = child.child_by_field_name("alias")
            specifier = "".join(self.source.text(target).split())
            bound = self.source.text(alias) if alias is not None else specifier.partition(".")[0]
            name = s.ImportedName(self.span(child), "*", bound, self.typing > 0)
            found.append(s.Import(self.span(node), "import", specifier, [name], **self._flags()))
        self.imports += found
        return [s.ImportStmt(self.span(node), found)]

    def _import_from(self, node: Concrete) -> list[s.Stmt]:
        module = node.child_by_field_name("module_name")
        if module is None:
            return self._broken(node)
        names: list[s.ImportedName] = []
        for child in node.children_by_field_name("name"):
            target = child.child_by_field_name("name") or child
            alias = child.child_by_field_name("alias")
            name = self.source.text(target)
            bound = self.source.text(alias) if alias is not None else name
            names.append(s.ImportedName(self.span(child), name, bound, self.typing > 0))
        star = any(c.type == "wildcard_import" for c in node.children)
        found = s.Import(
            self.span(node),
            "from",
            "".join(self.source.text(module).split()),
            names,
            star,
            **self._flags(),
        )
        self.imports.append(found)
        return [s.ImportStmt(self.span(node), [found])]


class _Item:
    """A tuple's element seen as the item of a ``with``."""

    def __init__(self, node: Concrete) -> None:
        self._node = node
        self.named_children = [node]
        self.start_point, self.end_point = node.start_point, node.end_point

    def child_by_field_name(self, _name: str) -> Concrete:
        return self._node


def _kind(name: str, decorators: list[s.Expr]) -> s.MethodKind:
    for decorator in decorators:
        match decorator:
            case s.Name(id="staticmethod"):
                return "static"
            case s.Name(id="classmethod"):
                return "class"
            case s.Name(id="property" | "cached_property" | "hybrid_property"):
                return "getter"
            case s.Attribute(name="setter"):
                return "setter"
            case s.Attribute(name="cached_property"):
                return "getter"
    return "constructor" if name == "__init__" else "method"


def _bodiless(body: list[s.Stmt]) -> bool:
    rest = body[1:] if docstring_of(body) is not None else body
    match rest:
        case []:
            return True
        case [s.ExprStmt(value=s.Literal(kind="ellipsis"))] | [s.Jump(kind="pass")]:
            return True
        case [
            s.Raise(
                value=s.Name(id="NotImplementedError")
                | s.Call(func=s.Name(id="NotImplementedError"))
            )
        ]:
            return True
    return False


def docstring_of(body: list[s.Stmt]) -> str | None:
    """The string that a body begins with."""
    match body[:1]:
        case [s.ExprStmt(value=s.Literal(kind="string", value=str(text)))]:
            return text
    return None
