"""JavaScript and TypeScript source to the common syntax."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.javascript import lower
from support.outline import assert_places, functions, words


def module(text: str, path: str = "a.ts") -> s.Module:
    found = lower(path, text.encode())
    assert_places(found, text.encode())
    return found


def imports(text: str, path: str = "a.ts") -> list[tuple[object, ...]]:
    return [
        (i.kind, i.specifier, [(n.name, n.alias) for n in i.names])
        for i in module(text, path).imports
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a?.b[0](1, ...x)", ((("a", ".b"), [("const", 0)]), "()", (None, ("const", 1)),
                               ("*", "x"))),
        ("`a${b}c`", ("template", ("const", "a"), "b", ("const", "c"))),
        ("a === b && !c", (("a", "==", "b"), "and", "Unary")),
        ("(x as Foo)!.y", ("x", ".y")),
        (r"'it\'s \u00e9'", ("const", "it's é")),
        ("await f()", ("await", ("f", "()"))),
    ],
)  # fmt: skip
def test_expressions(text: str, expected: object) -> None:
    [statement] = module(text).body
    assert isinstance(statement, s.ExprStmt)
    assert words(statement.value) == expected


def test_es_imports() -> None:
    assert imports(
        "import 'side';\nimport d, {a as b, type T} from './m.js';\nimport * as n from 'n';\n"
        "import x = require('y');\nexport {q as r} from './q';\nexport * from './all';\n"
    ) == [
        ("from", "side", []),
        ("from", "./m.js", [("default", "d"), ("a", "b"), ("T", "T")]),
        ("from", "n", [("*", "n")]),
        ("require", "y", [("*", "x")]),
        ("reexport", "./q", []),
        ("reexport", "./all", []),
    ]


def test_type_only_imports() -> None:
    found = module("import type {A} from 'a';\nimport {type B} from 'b';\nimport {C} from 'c';")
    assert [i.type_only for i in found.imports] == [True, True, False]


def test_commonjs_imports_and_exports() -> None:
    text = (
        "const {a, b: c} = require('./x');\nconst y = require('./y');\nrequire('./z').use();\n"
        "function f() { return require('./lazy'); }\n"
        "module.exports = {a, f, g: () => 1, ...require('./more')};\nexports.h = y;\n"
    )
    assert imports(text, "a.js") == [
        ("require", "./x", [("a", "a"), ("b", "c")]),
        ("require", "./y", [("*", "y")]),
        ("require", "./z", [("use", "use")]),
        ("require", "./lazy", []),
        ("require", "./more", []),
    ]
    found = module(text, "a.js")
    assert [i.specifier for i in found.imports if i.lazy] == ["./lazy"]
    assert [e.name for e in found.exports] == ["module.exports", "a", "f", "g", "*", "h"]


def test_es_exports() -> None:
    found = module(
        "export const {a, b} = x;\nexport default class K {}\nexport function f() {}\n"
        "export {a as z};\nexport * as ns from './n';\nexport type T = string;\n"
    )
    assert [(e.name, e.local, e.specifier, e.source) for e in found.exports] == [
        ("a", "a", None, None),
        ("b", "b", None, None),
        ("default", "K", None, None),
        ("f", "f", None, None),
        ("z", "a", None, None),
        ("ns", None, "./n", "*"),
        ("T", "T", None, None),
    ]


def test_classes_of_typescript() -> None:
    [definition] = module(
        "@Injectable()\nclass A extends B<C> implements D {\n"
        "  @Column() static x: string = 'a';\n"
        "  constructor(private readonly repo: Repo, plain: number) { super(); }\n"
        "  get y() { return 1; }\n  async z?(): Promise<User[]> {}\n}\n"
    ).body
    assert isinstance(definition, s.ClassDef)
    cls = definition.cls
    assert words(cls.bases[0].value) == ("B", ["C"])
    assert [words(i) for i in cls.implements] == ["D"]
    assert words(cls.decorators[0]) == ("Injectable", "()")
    field, constructor, getter, method = cls.body
    assert isinstance(field, s.Assign)
    assert (field.static, words(field.annotation), len(field.decorators)) == (True, "string", 1)
    assert isinstance(constructor, s.FunctionDef)
    assert [(p.name, p.field, words(p.annotation)) for p in constructor.function.params] == [
        ("repo", True, "Repo"),
        ("plain", False, "number"),
    ]
    assert isinstance(getter, s.FunctionDef)
    assert getter.function.kind == "getter"
    assert isinstance(method, s.FunctionDef)
    assert words(method.function.returns) == ("Promise", [("Array", ["User"])])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "const x = <T,>(a: T): a is T & string => a;"),
        ("a.ts", "export abstract class A<const T> { abstract f(): void; accessor x = 1; }"),
        ("a.ts", "enum E { A = 1, 'b' }\nnamespace N { export const c = 1 }"),
        ("a.tsx", "const a = <div className={b}>{c.map((d) => <p key={d}>{d}</p>)}</div>;"),
        ("a.js", "const a = <div>{b}</div>;"),
        ("a.mjs", "for await (const a of b) {}\nlabel: for (;;) { break label; }"),
        ("a.cjs", "#!/usr/bin/env node\nvar a = /x[/]y/g, b = a ?? b?.c;"),
        ("a.js", "// @flow\nfunction f(x: ?string): void {}"),
    ],
)
def test_valid_code_is_no_problem(path: str, text: str) -> None:
    assert module(text, path).problems == []


def test_a_broken_function_does_not_hide_the_rest() -> None:
    found = module(
        "function first() { return 1 }\n\nfunction broken( {\n  const x = (\n}\n"
        "function second() { return 2 }\nclass C { method() {} }\n"
    )
    assert {"first", "second", "method"} <= set(functions(found))
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "(" * 5000 + "1" + ")" * 5000,
        "x = " + "[" * 3000 + "]" * 3000,
        "x = " + "+".join(["a"] * 10000),
        "x = a" + ".b()" * 5000,
        "type X = " + " | ".join(["A"] * 3000),
        "{" * 3000 + "}" * 3000,
    ],
)
def test_nesting_is_bounded(text: str) -> None:
    found = lower("a.ts", text.encode() + b"\nfunction after() {}\n")
    assert isinstance(found, s.Module)


@given(st.binary(max_size=300), st.sampled_from(["a.js", "a.ts", "a.tsx", "a.cjs"]))
@settings(max_examples=150, deadline=None)
def test_garbage_never_fails(source: bytes, path: str) -> None:
    assert_places(lower(path, source), source)


@given(st.text(alphabet="()[]{}:,'\"`$\\=+> \n\t;constfunction", max_size=40))
@settings(max_examples=150, deadline=None)
def test_mutated_code_never_fails(junk: str) -> None:
    text = (
        f"const a = require('./x');\nfunction f(a) {{ return a.b(c => c) }}\n{junk}\nclass D {{}}"
    )
    for path in ("a.js", "a.ts"):
        assert_places(lower(path, text.encode()), text.encode())
