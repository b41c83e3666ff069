"""The common syntax in a few words, for tests to compare."""

from __future__ import annotations

from ci_gate.codemodel import syntax as s


def words(node: s.Node | None) -> object:
    """An expression as nested tuples of node kind and content, without places."""
    match node:
        case None:
            return None
        case s.Name(id=name):
            return name
        case s.Literal(value=value):
            return ("const", value)
        case s.Attribute(value=value, name=name):
            return (words(value), "." + name)
        case s.Subscript(value=value, index=index):
            return (words(value), [words(index)])
        case s.Call(func=func, args=args):
            return (words(func), "()", *[(a.star or a.keyword, words(a.value)) for a in args])
        case s.Template(parts=parts):
            return ("template", *[words(part) for part in parts])
        case s.Sequence(kind=kind, items=items):
            return (kind, *[words(item) for item in items])
        case s.Binary(op=op, left=left, right=right):
            return (words(left), op, words(right))
        case s.Await(value=value):
            return ("await", words(value))
        case s.Unknown(children=children):
            return ("unknown", *[words(child) for child in children])
    return type(node).__name__


def functions(module: s.Module) -> list[str]:
    """The names of all functions, in the order of their lines."""
    found = [
        node.function
        for statement in module.body
        for node in s.walk(statement)
        if isinstance(node, s.FunctionDef)
    ]
    return [function.name for function in sorted(found, key=lambda f: f.span)]


def assert_places(module: s.Module, source: bytes) -> None:
    """Every place lies within the file and ends after it begins."""
    last = source.count(b"\n") + 1
    for statement in module.body:
        for node in s.walk(statement):
            line, column, end_line, end_column = node.span
            assert 1 <= line <= end_line <= last
            assert column >= 1
            assert (line, column) <= (end_line, end_column)
