"""JavaScript and TypeScript statements and definitions to the common syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from typing import Literal as OneOf

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript.expressions import Expressions
from ci_gate.codemodel.treesitter import Source

if TYPE_CHECKING:
    from tree_sitter import Node as Concrete

_FUNCTIONS: Final = (
    "function_expression",
    "function",
    "generator_function",
    "arrow_function",
)


class Statements(Expressions):
    """Lowers statements and definitions."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.exports: list[s.Export] = []
        self.statements |= {
            "expression_statement": self._expression_statement,
            "variable_declaration": self._declaration,
            "lexical_declaration": self._declaration,
            "function_declaration": self._function_statement,
            "generator_function_declaration": self._function_statement,
            "function_signature": self._function_statement,
            "class_declaration": self._class_statement,
            "abstract_class_declaration": self._class_statement,
            "interface_declaration": self._class_statement,
            "enum_declaration": self._enum,
            "type_alias_declaration": self._type_alias,
            "import_statement": self._import,
            "export_statement": self._export,
            "internal_module": self._namespace,
            "module": self._namespace,
            "ambient_declaration": self.block,
            "if_statement": self._if,
            "for_statement": self._three_part_for,
            "for_in_statement": self._for,
            "while_statement": self._while,
            "do_statement": self._while,
            "try_statement": self._try,
            "switch_statement": self._switch,
            "return_statement": lambda n: [s.Return(self.span(n), self.only(n))],
            "throw_statement": lambda n: [s.Raise(self.span(n), self.only(n))],
            "labeled_statement": lambda n: [s.Block(self.span(n), self._body(n, "body"))],
            "statement_block": lambda n: [s.Block(self.span(n), self.block(n))],
            "break_statement": lambda n: [s.Jump(self.span(n), "break")],
            "continue_statement": lambda n: [s.Jump(self.span(n), "continue")],
            "empty_statement": lambda _: [],
            "debugger_statement": lambda _: [],
            "comment": lambda _: [],
            "hash_bang_line": lambda _: [],
            "decorator": lambda _: [],
            "else_clause": self.block,
            "ERROR": lambda n: [s.Broken(self.span(n), self.block(n))],
        }
        for kind in _FUNCTIONS:
            self.expressions[kind] = lambda n: s.FunctionExpr(self.span(n), self.function(n))
        self.expressions["class"] = lambda n: s.ClassExpr(self.span(n), self._class(n))

    # --- blocks

    def _body(self, node: Concrete, field: str) -> list[s.Stmt]:
        """A body in braces or a single statement."""
        found = node.child_by_field_name(field)
        if found is None:
            return []
        return self.block(found) if found.type == "statement_block" else self.statement(found)

    # --- simple statements

    def _expression_statement(self, node: Concrete) -> list[s.Stmt]:
        inside = self.named(node)
        if not inside:
            return []
        child = inside[0]
        if child.type == "sequence_expression":
            return [st for part in self.named(child) for st in self._value_statement(part)]
        return self._value_statement(child)

    def _value_statement(self, node: Concrete) -> list[s.Stmt]:
        span = self.span(node)
        if node.type == "assignment_expression":
            targets = [self.part(node, "left")]
            right = node.child_by_field_name("right")
            while right is not None and right.type == "assignment_expression":
                targets.append(self.part(right, "left"))
                right = right.child_by_field_name("right")
            return [s.Assign(span, targets, self.optional(right))]
        if node.type == "augmented_assignment_expression":
            op = self.text_of(node, "operator").removesuffix("=")
            return [s.Assign(span, [self.part(node, "left")], self.part(node, "right"), op=op)]
        if node.type in ("internal_module", "module"):
            return self._namespace(node)
        return [s.ExprStmt(span, self.expr(node))]

    def _declaration(self, node: Concrete) -> list[s.Stmt]:
        kind = node.children[0].type if node.children else "var"
        declared: OneOf["const", "let", "var"] = (
            "const" if kind == "const" else "let" if kind == "let" else "var"
        )
        found: list[s.Stmt] = []
        for child in node.named_children:
            if child.type == "variable_declarator":
                found.append(
                    s.Assign(
                        self.span(child),
                        [self.part(child, "name")],
                        self.optional(child.child_by_field_name("value")),
                        self.annotation(child.child_by_field_name("type")),
                        None,
                        declared,
                    )
                )
        return found

    def _type_alias(self, node: Concrete) -> list[s.Stmt]:
        name = self.text_of(node, "name")
        return [s.TypeAliasDef(self.span(node), name, self.part(node, "value"))]

    # --- compound statements

    def _if(self, node: Concrete) -> list[s.Stmt]:
        test = self.part(node, "condition")
        self.guards += 1
        body = self._body(node, "consequence")
        orelse = self._body(node, "alternative")
        self.guards -= 1
        return [s.If(self.span(node), test, body, orelse)]

    def _for(self, node: Concrete) -> list[s.Stmt]:
        is_async = any(child.type == "await" for child in node.children)
        return [
            s.For(
                self.span(node),
                self.part(node, "left"),
                self.part(node, "right"),
                self._body(node, "body"),
                [],
                is_async,
            )
        ]

    def _three_part_for(self, node: Concrete) -> list[s.Stmt]:
        start = node.child_by_field_name("initializer")
        before = self.statement(start) if start is not None else []
        condition = node.child_by_field_name("condition")
        body = self._body(node, "body")
        update = node.child_by_field_name("increment")
        if update is not None:
            body = [*body, *self._value_statement(update)]
        endless = condition is None or condition.type == "empty_statement"
        test = None if endless else self.optional(condition)
        return [*before, s.While(self.span(node), test, body, [])]

    def _while(self, node: Concrete) -> list[s.Stmt]:
        test = self.optional(node.child_by_field_name("condition"))
        return [s.While(self.span(node), test, self._body(node, "body"), [])]

    def _try(self, node: Concrete) -> list[s.Stmt]:
        self.guards += 1
        body = self._body(node, "body")
        self.guards -= 1
        handlers: list[s.Handler] = []
        clause = node.child_by_field_name("handler")
        if clause is not None:
            name = self.optional(clause.child_by_field_name("parameter"))
            handlers = [s.Handler(self.span(clause), None, name, self._body(clause, "body"))]
        final = node.child_by_field_name("finalizer")
        return [
            s.Try(
                self.span(node),
                body,
                handlers,
                [],
                self._body(final, "body") if final is not None else [],
            )
        ]

    def _switch(self, node: Concrete) -> list[s.Stmt]:
        cases: list[s.Case] = []
        body = node.child_by_field_name("body")
        for clause in body.named_children if body is not None else []:
            if clause.type not in ("switch_case", "switch_default"):
                continue
            value = clause.child_by_field_name("value")
            statements = [
                st for c in clause.children_by_field_name("body") for st in self.statement(c)
            ]
            cases.append(s.Case(self.span(clause), self.optional(value), None, statements))
        return [s.Switch(self.span(node), self.part(node, "value"), cases)]

    def _namespace(self, node: Concrete) -> list[s.Stmt]:
        """What a namespace or an ambient module exports is not the file's."""
        exports = len(self.exports)
        block = s.Block(self.span(node), self._body(node, "body"))
        del self.exports[exports:]
        return [block]

    # --- functions

    def _function_statement(self, node: Concrete) -> list[s.Stmt]:
        return [s.FunctionDef(self.span(node), self.function(node))]

    def function(
        self, node: Concrete, kind: s.MethodKind | None = None, extra: list[s.Expr] | None = None
    ) -> s.Function:
        """A function, arrow function, method or signature."""
        words = {child.type for child in node.children if not child.is_named}
        name = node.child_by_field_name("name")
        span = self.span(node)
        params = self._parameters(node)
        body_node = node.child_by_field_name("body")
        self.functions += 1
        guards, self.guards = self.guards, 0
        if body_node is None:
            body: list[s.Stmt] = []
        elif body_node.type == "statement_block":
            body = self.block(body_node)
        else:
            value = self.expr(body_node)
            body = [s.Return(value.span, value)]
        self.guards = guards
        self.functions -= 1
        named = name is not None and name.type != "computed_property_name"
        text = _key_text(self.source.text(name)) if named and name is not None else ""
        return s.Function(
            span,
            text,
            self.span(name) if name is not None else span,
            params,
            body,
            is_async="async" in words,
            is_generator="*" in words or node.type.startswith("generator"),
            kind=kind or ("arrow" if node.type == "arrow_function" else "function"),
            decorators=[*(extra or []), *self.decorators(node)],
            returns=self.annotation(node.child_by_field_name("return_type")),
            bodiless=body_node is None,
        )

    def _parameters(self, node: Concrete) -> list[s.Param]:
        single = node.child_by_field_name("parameter")
        if single is not None:
            return [s.Param(self.span(single), self.source.text(single))]
        given = node.child_by_field_name("parameters")
        inside = self.named(given) if given is not None else []
        return [self._parameter(child) for child in inside if not _is_this(child)]

    def _parameter(self, node: Concrete) -> s.Param:
        span = self.span(node)
        target: Concrete | None = node
        default = None
        annotation = None
        is_field = False
        if node.type in ("required_parameter", "optional_parameter"):
            target = node.child_by_field_name("pattern")
            default = self.optional(node.child_by_field_name("value"))
            annotation = self.annotation(node.child_by_field_name("type"))
            is_field = any(
                c.type in ("accessibility_modifier", "override_modifier", "readonly")
                for c in node.children
            )
        if target is not None and target.type == "assignment_pattern":
            default = self.optional(target.child_by_field_name("right"))
            target = target.child_by_field_name("left")
        kind: OneOf["positional", "*"] = "positional"
        if target is not None and target.type == "rest_pattern":
            kind = "*"
            target = target.named_children[0] if target.named_children else target
        decorators = self.decorators(node)
        if target is None or target.type in ("object_pattern", "array_pattern"):
            pattern = s.Unknown(span) if target is None else self.expr(target)
            return s.Param(span, "", kind, annotation, default, pattern, False, decorators)
        name = self.source.text(target)
        return s.Param(span, name, kind, annotation, default, None, is_field, decorators)

    # --- classes

    def _class_statement(self, node: Concrete) -> list[s.Stmt]:
        return [s.ClassDef(self.span(node), self._class(node))]

    def _class(self, node: Concrete, extra: list[s.Expr] | None = None) -> s.Class:
        name = node.child_by_field_name("name")
        span = self.span(node)
        bases, implements = self._heritage(node)
        body = node.child_by_field_name("body")
        kind: OneOf["class", "abstract", "interface", "enum"] = "class"
        if node.type == "interface_declaration":
            kind = "interface"
        elif node.type == "abstract_class_declaration":
            kind = "abstract"
        params = node.child_by_field_name("type_parameters")
        return s.Class(
            span,
            self.source.text(name) if name is not None else "",
            self.span(name) if name is not None else span,
            bases,
            self._members(body),
            kind,
            implements,
            [*(extra or []), *self.decorators(node)],
            [self.text_of(p, "name") for p in self.named(params)] if params is not None else [],
        )

    def _heritage(self, node: Concrete) -> tuple[list[s.Argument], list[s.Expr]]:
        bases: list[s.Argument] = []
        implements: list[s.Expr] = []
        clauses = [c for c in node.children if c.type in ("class_heritage", "extends_type_clause")]
        for clause in clauses:
            if clause.type == "extends_type_clause":
                bases += [s.Argument(self.span(c), self.expr(c)) for c in self.named(clause)]
                continue
            for part in self.named(clause):
                if part.type == "extends_clause":
                    bases.append(s.Argument(self.span(part), self._base(part)))
                elif part.type == "implements_clause":
                    implements += [self.expr(c) for c in self.named(part)]
                else:
                    bases.append(s.Argument(self.span(part), self.expr(part)))
        return bases, implements

    def _base(self, node: Concrete) -> s.Expr:
        value = self.part(node, "value")
        types = node.child_by_field_name("type_arguments")
        if types is None:
            return value
        items = [self.expr(c) for c in self.named(types)]
        index = items[0] if len(items) == 1 else s.Sequence(self.span(types), "tuple", items)
        return s.Subscript(self.span(node), value, index)

    def _members(self, body: Concrete | None) -> list[s.Stmt]:
        found: list[s.Stmt] = []
        pending: list[s.Expr] = []
        for child in body.named_children if body is not None else []:
            if child.type == "decorator":
                pending.append(self.inner(child))
                continue
            found += self._member_of_class(child, pending)
            if child.type != "comment":
                pending = []
        return found

    def _member_of_class(self, node: Concrete, decorators: list[s.Expr]) -> list[s.Stmt]:
        span = self.span(node)
        words = {child.type for child in node.children}
        match node.type:
            case "method_definition" | "method_signature" | "abstract_method_signature":
                kind: s.MethodKind = "method"
                if "static" in words:
                    kind = "static"
                elif "get" in words:
                    kind = "getter"
                elif "set" in words:
                    kind = "setter"
                elif self.text_of(node, "name") == "constructor":
                    kind = "constructor"
                return [s.FunctionDef(span, self.function(node, kind, decorators))]
            case "field_definition" | "public_field_definition" | "property_signature":
                name = node.child_by_field_name("name") or node.child_by_field_name("property")
                if name is None:
                    return []
                target = s.Name(self.span(name), _key_text(self.source.text(name)))
                return [
                    s.Assign(
                        span,
                        [target],
                        self.optional(node.child_by_field_name("value")),
                        self.annotation(node.child_by_field_name("type")),
                        static="static" in words,
                        decorators=[*decorators, *self.decorators(node)],
                    )
                ]
            case "class_static_block":
                return self._body(node, "body")
            case "ERROR":
                return [s.Broken(span, self.block(node))]
        return []

    def _enum(self, node: Concrete) -> list[s.Stmt]:
        name = node.child_by_field_name("name")
        span = self.span(node)
        body: list[s.Stmt] = []
        members = node.child_by_field_name("body")
        for child in self.named(members) if members is not None else []:
            target = child.child_by_field_name("name") or child
            value = self.optional(child.child_by_field_name("value"))
            text = _key_text(self.source.text(target))
            body.append(s.Assign(self.span(child), [s.Name(self.span(target), text)], value))
        text = self.source.text(name) if name is not None else ""
        name_span = self.span(name) if name is not None else span
        return [s.ClassDef(span, s.Class(span, text, name_span, [], body, "enum"))]

    # --- imports and exports

    def _import(self, node: Concrete) -> list[s.Stmt]:
        span = self.span(node)
        type_only = any(c.type in ("type", "typeof") for c in node.children)
        source = node.child_by_field_name("source")
        names: list[s.ImportedName] = []
        kind: OneOf["from", "require"] = "from"
        for clause in self.named(node):
            if clause.type == "import_require_clause":
                kind = "require"
                source = clause.child_by_field_name("source")
                names.append(s.ImportedName(span, "*", self.source.text(clause.named_children[0])))
            elif clause.type == "import_clause":
                for part in self.named(clause):
                    names += self._imported(part, type_only)
        if source is None:
            return []
        type_only = type_only or (bool(names) and all(name.type_only for name in names))
        found = s.Import(
            span,
            kind,
            self._constant(source),
            names,
            type_only=type_only,
            lazy=self.functions > 0,
            guarded=self.guards > 0,
        )
        self.imports.append(found)
        return [s.ImportStmt(span, [found])]

    def _imported(self, node: Concrete, type_only: bool) -> list[s.ImportedName]:
        span = self.span(node)
        if node.type == "identifier":
            return [s.ImportedName(span, "default", self.source.text(node), type_only)]
        if node.type == "namespace_import":
            inside = self.named(node)
            return (
                [s.ImportedName(span, "*", self.source.text(inside[0]), type_only)]
                if inside
                else []
            )
        found: list[s.ImportedName] = []
        for part in self.named(node):
            if part.type != "import_specifier":
                continue
            name = _key_text(self.text_of(part, "name"))
            alias = self.text_of(part, "alias") or name
            only = type_only or any(c.type in ("type", "typeof") for c in part.children)
            found.append(s.ImportedName(self.span(part), name, alias, only))
        return found

    def _constant(self, node: Concrete) -> str:
        value = self.expr(node)
        return str(value.value) if isinstance(value, s.Literal) else ""

    def _export(self, node: Concrete) -> list[s.Stmt]:
        span = self.span(node)
        # The grammar reads the word in ``export type * from`` as an error.
        type_only = any(
            c.type == "type" or (c.is_error and self.source.text(c) == "type")
            for c in node.children
        )
        source = node.child_by_field_name("source")
        declaration = node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        default = any(c.type == "default" for c in node.children)
        decorators = self.decorators(node)
        if source is not None:
            return self._reexport(node, self._constant(source), type_only)
        if declaration is not None:
            return self._export_declaration(declaration, default, decorators)
        if value is not None:
            lowered = self.expr(value)
            self.exports.append(s.Export(span, "default", value=lowered))
            return [s.ExprStmt(span, lowered)]
        inside = self.named(node)
        if any(c.type == "=" for c in node.children) and inside:
            lowered = self.expr(inside[0])
            self.exports.append(s.Export(span, "module.exports", value=lowered))
            return [s.ExprStmt(span, lowered)]
        for clause in inside:
            if clause.type == "export_clause":
                for part in self.named(clause):
                    local = _key_text(self.text_of(part, "name"))
                    alias = _key_text(self.text_of(part, "alias")) or local
                    only = type_only or any(c.type == "type" for c in part.children)
                    self.exports.append(
                        s.Export(self.span(part), alias, local=local, type_only=only)
                    )
        return []

    def _reexport(self, node: Concrete, specifier: str, type_only: bool) -> list[s.Stmt]:
        span = self.span(node)
        star = True
        for clause in self.named(node):
            if clause.type == "namespace_export":
                star = False
                inside = self.named(clause)
                name = _key_text(self.source.text(inside[0])) if inside else ""
                self.exports.append(
                    s.Export(span, name, specifier=specifier, source="*", type_only=type_only)
                )
            elif clause.type == "export_clause":
                star = False
                for part in self.named(clause):
                    source = _key_text(self.text_of(part, "name"))
                    alias = _key_text(self.text_of(part, "alias")) or source
                    only = type_only or any(c.type == "type" for c in part.children)
                    self.exports.append(
                        s.Export(
                            self.span(part),
                            alias,
                            specifier=specifier,
                            source=source,
                            type_only=only,
                        )
                    )
        if star:
            self.exports.append(
                s.Export(span, "*", specifier=specifier, source="*", type_only=type_only)
            )
        found = s.Import(span, "reexport", specifier, star=star, type_only=type_only)
        self.imports.append(found)
        return [s.ImportStmt(span, [found])]

    def _export_declaration(
        self, node: Concrete, default: bool, decorators: list[s.Expr]
    ) -> list[s.Stmt]:
        statements = self.statement(node)
        for statement in statements:
            match statement:
                case s.FunctionDef(function=s.Function(name=name)):
                    exported = [name]
                case s.ClassDef(cls=s.Class(name=name) as cls):
                    cls.decorators = [*decorators, *cls.decorators]
                    exported = [name]
                case s.TypeAliasDef(name=name):
                    exported = [name]
                case s.Assign(targets=[target]):
                    exported = [bound.id for bound in s.bound_names(target)]
                case _:
                    exported = []
            for name in exported:
                only = isinstance(statement, s.TypeAliasDef) or (
                    isinstance(statement, s.ClassDef) and statement.cls.kind == "interface"
                )
                self.exports.append(
                    s.Export(
                        statement.span, "default" if default else name, local=name, type_only=only
                    )
                )
        return statements


def _is_this(parameter: Concrete) -> bool:
    """TypeScript's ``this: Type``, which callers do not pass."""
    pattern = parameter.child_by_field_name("pattern")
    return pattern is not None and pattern.type == "this"


def _key_text(text: str) -> str:
    """A property name without the quotes it may be written in."""
    return text[1:-1] if text[:1] in "'\"" and text[:1] == text[-1:] else text
