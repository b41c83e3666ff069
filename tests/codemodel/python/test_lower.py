"""Python source to the common syntax."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.python import lower
from support.outline import assert_places, functions, words


def module(text: str) -> s.Module:
    found = lower("a.py", text.encode())
    assert_places(found, text.encode())
    return found


def expression(text: str) -> object:
    [statement] = module(text).body
    assert isinstance(statement, s.ExprStmt)
    return words(statement.value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b[0](1, *x, k=2, **y)", ((("a", ".b"), [("const", 0)]), "()", (None, ("const", 1)),
                                      ("*", "x"), ("k", ("const", 2)), ("**", "y"))),
        ("'a' 'b'", ("const", "ab")),
        (r"'tab\t é'", ("const", "tab\t é")),
        (r"r'\d'", ("const", r"\d")),
        (r"'\x41\u00e9\101\N{BULLET}\q\\'", ("const", "AéA•\\q\\")),
        ("f'a{b}c{{'", ("template", ("const", "a"), "b", ("const", "c{"))),
        ("f'{f\"{x}\"}'", ("template", ("template", "x"))),
        ("b'x'", ("const", b"x")),
        ("a < b <= c", (("a", "<", "b"), "and", ("b", "<=", "c"))),
        ("a not in b", ("a", "not in", "b")),
        ("a is not None", ("a", "is not", ("const", None))),
        ("(a, [b], {c})", ("tuple", "a", ("list", "b"), ("set", "c"))),
        ("0x10 + 1_000", (("const", 16), "+", ("const", 1000))),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: object) -> None:
    assert expression(text) == expected


def test_functions_and_their_parameters() -> None:
    [definition] = module(
        "@app.get('/x')\nasync def f(a: int, /, b=1, *args: str, c, **kw) -> 'list[User]':\n"
        '    """Doc."""\n    return await g(a)\n'
    ).body
    assert isinstance(definition, s.FunctionDef)
    function = definition.function
    assert (function.name, function.is_async, function.docstring) == ("f", True, "Doc.")
    assert [(p.name, p.kind) for p in function.params] == [
        ("a", "positional-only"),
        ("b", "positional"),
        ("args", "*"),
        ("c", "keyword-only"),
        ("kw", "**"),
    ]
    assert words(function.returns) == ("list", ["User"])
    assert words(function.decorators[0]) == (("app", ".get"), "()", (None, ("const", "/x")))


def test_classes_and_kinds_of_methods() -> None:
    [definition] = module(
        "class A(Base, metaclass=M):\n    x: Mapped['User'] = 1\n"
        "    def __init__(self): ...\n    @property\n    def p(self): return 1\n"
        "    @staticmethod\n    def s(): pass\n    @classmethod\n    def c(cls): pass\n"
        "    def m(self): raise NotImplementedError\n"
    ).body
    assert isinstance(definition, s.ClassDef)
    kinds = {
        st.function.name: (st.function.kind, st.function.bodiless)
        for st in definition.cls.body
        if isinstance(st, s.FunctionDef)
    }
    assert kinds == {
        "__init__": ("constructor", True),
        "p": ("getter", False),
        "s": ("static", True),
        "c": ("class", True),
        "m": ("method", True),
    }
    field = definition.cls.body[0]
    assert isinstance(field, s.Assign)
    assert words(field.annotation) == ("Mapped", ["User"])


def test_imports_with_their_circumstances() -> None:
    found = module(
        "import a.b\nimport c.d as e\nfrom ..x import y as z, w\nfrom m import *\n"
        "if TYPE_CHECKING:\n    from t import T\n"
        "try:\n    import fast\nexcept ImportError:\n    fast = None\n"
        "def f():\n    from lazy import q\n    importlib.import_module('dyn.amic')\n"
    ).imports
    shown = [(i.kind, i.specifier, [(n.name, n.alias) for n in i.names], i.star) for i in found]
    assert shown == [
        ("import", "a.b", [("*", "a")], False),
        ("import", "c.d", [("*", "e")], False),
        ("from", "..x", [("y", "z"), ("w", "w")], False),
        ("from", "m", [], True),
        ("from", "t", [("T", "T")], False),
        ("import", "fast", [("*", "fast")], False),
        ("from", "lazy", [("q", "q")], False),
        ("dynamic", "dyn.amic", [], False),
    ]
    assert [i.specifier for i in found if i.type_only] == ["t"]
    assert [i.specifier for i in found if i.lazy] == ["lazy", "dyn.amic"]
    assert [i.specifier for i in found if i.guarded] == ["t", "fast"]


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    pass\nexcept A, B:\n    pass\n",
        "type X[T] = list[T]\n",
        "def f[T: int](x: T) -> T: return x\n",
        "with (open(a) as b, open(c) as d):\n    pass\n",
        "match x:\n    case [1, *rest] if rest: pass\n    case _: pass\n",
        "try:\n    pass\nexcept* E as e:\n    pass\n",
        "x = f'{a!r:>{width}}'\n",
        "async def f():\n    async with a as b:\n        async for c in d: yield c\n",
        "print(*a, sep='')\nlambda *a, **k: (yield)\n",
    ],
)
def test_modern_syntax_is_no_problem(text: str) -> None:
    assert module(text).problems == []


def test_with_items_bind_their_names() -> None:
    [statement] = module("with (open(a) as b, open(c) as d): pass").body
    assert isinstance(statement, s.With)
    assert [words(item.target) for item in statement.items] == ["b", "d"]


def test_a_broken_function_does_not_hide_the_rest() -> None:
    found = module(
        "import a\n\ndef first():\n    return 1\n\n@deco\ndef broken(x, y:\n    z = (x +\n\n"
        "def second():\n    return [2]\n\nclass C:\n    def method(self):\n        return 3\n"
    )
    assert {"first", "second", "method"} <= set(functions(found))
    assert [i.specifier for i in found.imports] == ["a"]
    assert found.problems
    assert found.problems[0].line in range(6, 10)


AFTER = '''
async def name(é, ü="ß"):
    return {"ö": é}  # ci-gate: ignore[a] why


from a import b as c
@one
@two("é")

def decorated():
    def inner(): ...


@app.get(
    "/items",
    status=200,
)
async def show(): ...


# ci-gate: ignore[b]
class C(Base):
    """A class."""

    @property
    def p(self):
        import lazy


if c:
    def conditional(): ...
else:
    x = 1
'''


@pytest.mark.parametrize("repeat", [1, 30])
def test_what_follows_a_broken_definition_is_read_as_without_it(repeat: int) -> None:
    broken, whole = module("def broken(" + AFTER * repeat), module(AFTER * repeat)
    assert len(broken.problems) == 1
    assert repr(broken.body[-len(whole.body) :]) == repr(whole.body)
    assert repr(broken.imports) == repr(whole.imports)
    assert repr(broken.comments) == repr(whole.comments)
    assert broken.span == whole.span


def test_a_broken_decorator_takes_nothing_along() -> None:
    found = module("@app.get(\n    call(1)\n\ndef after():\n    return (1)\n")
    assert functions(found) == ["after"]


def test_columns_count_characters() -> None:
    [statement] = module("é = 'ü' + name").body
    assert isinstance(statement, s.Assign)
    assert isinstance(statement.value, s.Binary)
    assert statement.value.right.span == (1, 11, 1, 15)


def test_comments_for_the_gate() -> None:
    found = module("x = 1  # ci-gate: ignore[a] why\n# ci-gate: ignore[b]\n# other\n").comments
    assert [(c.line, c.text, c.alone) for c in found] == [
        (1, "ci-gate: ignore[a] why", False),
        (2, "ci-gate: ignore[b]", True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + "1" + ")" * 5000,
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "+".join(["a"] * 10000),
        "x = a" + ".b()" * 5000,
        "if a:\n" + "".join(" " * n + "if a:\n" for n in range(1, 400)) + " " * 400 + "pass\n",
        "x = " + "not " * 5000 + "a",
    ],
)
def test_nesting_is_bounded(text: str) -> None:
    found = lower("a.py", text.encode() + b"\ndef after(): pass\n")

    def depth(node: s.Node) -> int:
        deepest, stack = 0, [(node, 1)]
        while stack:
            current, level = stack.pop()
            deepest = max(deepest, level)
            stack += [(child, level + 1) for child in s.children(current)]
        return deepest

    assert depth(found) < 700


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_garbage_never_fails(source: bytes) -> None:
    assert_places(lower("a.py", source), source)


GOOD = [f"def f{n}(a, b=1):\n    return g(a)[b].c\n" for n in range(5)]


@given(st.integers(0, 4), st.text(alphabet="()[]{}:,'\"\\=+ \n\tdefclass", max_size=20))
@settings(max_examples=150, deadline=None)
def test_functions_before_a_broken_one_survive(place: int, junk: str) -> None:
    parts = [*GOOD[:place], f"def broken({junk}\n", *GOOD[place:]]
    source = "\n".join(parts).encode()
    found = lower("a.py", source)
    assert_places(found, source)
    assert set(functions(found)) >= {f"f{n}" for n in range(place)}


def test_comments_by_the_thousand_change_nothing_else() -> None:
    lines = ["def f():", "    a = 1", *["    # note", ""] * 400, "    # ci-gate: ignore[x] why",
             *["    # note"] * 400, "    return a", "b = 2"]  # fmt: skip
    found = module("\n".join(lines) + "\n")
    assert [(item.line, item.text) for item in found.comments] == [(803, "ci-gate: ignore[x] why")]
    first, last = found.body
    assert isinstance(first, s.FunctionDef)
    assert [statement.line for statement in first.function.body] == [2, 1204]
    assert last.line == 1205


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("def f():\n\ndef g():\n    pass\n", 3),
        ("def f():\n    a = 1\n  b = 2\n", 3),
        ("def f():\n    a = 1\n      b = 2\n", 3),
        ("def f():\n    await g()\n", 2),
        ("def f(a, a):\n    pass\n", 1),
        ("print 'x'\n", 1),
        ("try:\n    f()\ng()\n", 3),
        ("# coding: nosuch\nf()\n", 1),
    ],
)
def test_what_the_grammar_takes_and_python_does_not(text: str, line: int) -> None:
    assert [problem.line for problem in lower("a.py", text.encode()).problems][:1] == [line]


@pytest.mark.parametrize(
    "text",
    [
        "type X[T] = list[T]\n",
        "def f[T](x: T) -> T:\n    return x\n",
        "f(f'{x['a']}')\n",
        "re.match('\\d', x)\n",
        "(" * 90 + ")" * 90 + "\n",
    ],
)
def test_what_a_newer_python_takes_is_no_error(text: str) -> None:
    assert lower("a.py", text.encode()).problems == []
