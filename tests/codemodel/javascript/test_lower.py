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
        ("a.js", "\ufeff// @flow\nfunction f(x: ?string, ...y: Array<?A>): ?number {}"),
        ("a.ts", 'interface A {\n  b: import("./b.js").B[];\n  c: import("./b.js").C[];\n}'),
        ("a.mjs", "export { default as a } from './a.json' with { type: 'json' };"),
        ("a.ts", "export * as a from './a.json' with { type: 'json' };\nexport const b = 1;"),
        ("a.tsx", 'const a = (\n  <b\n    c="https://d.e/f?g=h:1..9&i=J+K:l,m@0,1&n=o"\n  />\n);'),
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


@pytest.mark.parametrize(
    "types", ["Row", "Row[]", "{ id: string; at: (x: Map<A, B>) => C }", "A, B"]
)
def test_type_arguments_of_a_tagged_template(types: str) -> None:
    found = module(f"const rows = await db.sql<{types}>`select ${{a}}`;\nconst b = 1;\n")
    [statement, _] = found.body
    assert isinstance(statement, s.Assign)
    assert isinstance(statement.value, s.Await)
    template = statement.value.value
    assert isinstance(template, s.Template)
    assert words(template.tag) == ("db", ".sql")
    assert words(template) == ("template", ("const", "select "), "a")
    assert found.problems == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = a <b && c>`d`", ((("a", "<", "b"), "and", ("c", ">", ("template", ("const", "d")))))),
        ("x = `${a<b}>`", ("template", ("a", "<", "b"), ("const", ">"))),
        ("x = `a<b>`", ("template", ("const", "a<b>"))),
        ("x = [, b, , c,]", ("list", ("unknown",), "b", ("unknown",), "c")),
        (r"x = '\ud83d\ude00\ud800'", ("const", "\U0001f600\ufffd")),
    ],
)
def test_values(text: str, expected: object) -> None:
    [statement] = module(text).body
    assert isinstance(statement, s.Assign)
    assert words(statement.value) == expected


def test_dynamic_imports_name_what_they_take() -> None:
    assert imports(
        "import('./a').then(m => m.run());\nimport('./b').then(({go}) => go());\n"
        "(await import('./c')).stop();\nimport('./d').catch(fail);\n"
    ) == [
        ("dynamic", "./a", [("*", "m")]),
        ("dynamic", "./b", [("go", "go")]),
        ("dynamic", "./c", [("stop", "stop")]),
        ("dynamic", "./d", []),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("const app = module.exports = new Koa();", ["module.exports"]),
        ("const f = exports.f = () => 1;", ["f"]),
        ("module.exports['a'] = 1; exports['b'] = 2;", ["a", "b"]),
        (
            "Object.defineProperty(exports, '__esModule', {value: true});\n"
            "Object.defineProperty(exports, 'a', {get: function () { return x.a; }});",
            ["a"],
        ),
        ("tslib_1.__exportStar(require('./a'), exports);", ["*"]),
    ],
)
def test_exports_of_commonjs(text: str, names: list[str]) -> None:
    assert [export.name for export in module(text, "a.js").exports] == names


def test_what_an_inner_module_exports_is_not_the_files() -> None:
    found = module("declare module 'x' { export const a: 1 }\nnamespace N { export const b = 1 }\n")
    assert found.exports == []


def test_exporting_all_types() -> None:
    found = module("export type * from './x';\nexport const a = 1;\n")
    assert [(i.specifier, i.type_only) for i in found.imports] == [("./x", True)]
    assert found.problems == []


def test_the_type_of_this_is_no_parameter() -> None:
    [definition] = module("function f(this: App, a: B, ...c: D[]) {}").body
    assert isinstance(definition, s.FunctionDef)
    assert [p.name for p in definition.function.params] == ["a", "c"]


def test_a_loop_without_end_has_no_test() -> None:
    assert [x.test for x in module("for (;;) { a() }").body if isinstance(x, s.While)] == [None]


def test_a_long_sum_keeps_its_parts() -> None:
    [statement] = module("x = " + " + ".join(f"a{n}" for n in range(400))).body
    assert isinstance(statement, s.Assign)
    assert isinstance(statement.value, s.Unknown)
    assert [words(part) for part in statement.value.children] == [f"a{n}" for n in range(400)]


def test_other_members_survive_a_broken_one() -> None:
    found = module(
        "@Controller('users')\nexport class Users {\n  @Get()\n  one() { return 1 }\n\n"
        "  @Post()\n  two( {\n    const x = (\n  }\n\n  @Put()\n  three() { return 3 }\n}\n"
        "function four() {} // ci-gate: ignore[x] y\n"
    )
    assert functions(found) == ["one", "three", "four"]
    assert found.problems
    assert [comment.line for comment in found.comments] == [14]
    [cls] = [x.cls for x in s.walk(found) if isinstance(x, s.ClassDef)]
    assert [words(d) for d in cls.decorators] == [("Controller", "()", (None, ("const", "users")))]
    assert [x.span for x in cls.body if isinstance(x, s.Broken)] == [(6, 1, 9, 1)]
    three = [x.function for x in cls.body if isinstance(x, s.FunctionDef)][-1]
    assert [words(d) for d in three.decorators] == [("Put", "()")]


def test_many_statements_after_a_broken_one() -> None:
    found = lower("a.ts", b"function broken( {\n" + b"const a = 1;\n" * 20_000)
    assert len(found.body) > 19_990
    assert found.body[-1].line == 20_001


@given(
    st.lists(
        st.sampled_from([
            "@A()\n", "export class B {\n", "  @C()\n", "  m( {\n", "  n() {}\n", "  }\n", "}\n",
            "const a = (\n", "`x\n", "sql<T>`a`\n", "a<b>`\n", "é", "\x85", "\r\n", "\r",
            "import x from 'y'\n", "// ci-gate\n", " ", "\0",
        ]),
        max_size=14,
    )
)  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_lines_in_any_order_never_fail(lines: list[str]) -> None:
    text = "".join(lines).encode()
    for path in ("a.ts", "a.js"):
        assert_places(lower(path, text), text)


def test_a_broken_class_without_members() -> None:
    found = lower("a.ts", b"class B {\n  (\n}\nfunction f() {}\n")
    assert functions(found) == ["f"]
