"""What Node refuses before it runs a file, held against Node itself where there is one."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ci_gate.codemodel.javascript import lower

REFUSED = [
    ("a.cjs", "function f() { await g() }", "`await` in `f`, which is not async"),
    ("a.mjs", "[1].map((x) => await x)", "`await` in a function that is not async"),
    ("a.mjs", "function f() { for await (const x of []) {} }", "`for await` in `f`"),
    ("a.cjs", "function f() { yield 1 }", "`yield` in `f`, which is no generator"),
    ("a.cjs", "let a = 1\nconst a = 2", "`a` is declared again (first in line 1)"),
    ("a.cjs", "class A {}\nlet A = 2", "`A` is declared again (first in line 1)"),
    ("a.cjs", "const a = 1\nfunction a() {}", "`a` is declared again (first in line 1)"),
    ("a.cjs", "const { a, b: [c] } = {}\nlet c = 2", "`c` is declared again"),
    ("a.cjs", "function f(a) { let a = 1 }", "`a` is declared again"),
    ("a.cjs", "try {} catch (e) { let e = 1 }", "`e` is declared again"),
    ("a.cjs", "(a, a) => 1", "`a` is declared again"),
    ("a.cjs", "switch (1) { case 1: let a = 1; break; case 2: let a = 2 }", "`a` is declared"),
    ("a.mjs", "import a from 'x'\nconst a = 1", "`a` is declared again"),
    ("a.mjs", "import a from 'x'\nimport { b as a } from 'y'", "`a` is declared again"),
    ("a.mjs", "import a from 'x'\nfunction a() {}", "`a` is declared again"),
    ("a.mjs", "import a from 'x'\nvar a = 1", "`a` is declared again"),
    ("a.mjs", "export function a() {}\nfunction a() {}", "`a` is declared again"),
    ("a.mjs", "const a = 1\nexport { a }\nexport { a }", "`a` is exported twice"),
    ("a.mjs", "export default 1\nexport default function () {}", "`default` is exported twice"),
    ("a.mjs", "export { a }", "`a` is exported and not declared"),
    ("a.mjs", "export const a = 1\nreturn", "`return` outside of a function"),
    ("a.mjs", "export const a = (package) => 1", "`package` is a reserved word"),
    ("a.mjs", "export const { public } = {}", "`public` is a reserved word"),
    ("a.cjs", "[1].forEach(() => { continue })", "`continue` outside of a loop"),
    ("a.cjs", "switch (1) { case 1: continue }", "`continue` outside of a loop"),
    ("a.cjs", "if (1) { break }", "`break` outside of a loop"),
    ("a.cjs", "class A { f() { return this.#a } }", "the private name `#a`"),
    ("a.cjs", "class A { constructor() {} constructor() {} }", "a second `constructor`"),
    ("a.cjs", "const a = 1 || 2 ?? 3", "`??` beside `||`"),
    ("a.cjs", "const a = 1 ?? 2 &&\n 3", "`??` beside `||`"),
    ("a.cjs", "const a", "`const` without a value"),
]
TAKEN = [
    ("a.cjs", "async function f() { for await (const x of []) await x }"),
    ("a.cjs", "const f = async (x) => [await x].map(async (y) => await y)"),
    ("a.mjs", "export const a = await 1"),
    ("a.cjs", "var a = 1\nvar a = 2\nfunction a() {}\nfunction a(b, b) { var b }"),
    ("a.cjs", "for (let i = 0; ; ) break\nfor (let i = 0, j = 1; i < j; i++) {}"),
    ("a.cjs", "for (const i of []) { const i = 1 }\nlet i"),
    ("a.cjs", "let a\n{ let a; { const a = 1 } }"),
    ("a.cjs", "const f = function g() { let g }"),
    ("a.cjs", "try {} catch (e) { var e = 1 }"),
    ("a.cjs", "switch (1) { case 1: { let a = 1; break } case 2: { let a = 2 } }"),
    ("a.cjs", "a: for (;;) { for (;;) continue a }\nb: { if (1) break b }"),
    ("a.cjs", "while (1) { switch (1) { default: continue } }"),
    ("a.cjs", "return"),
    ("a.cjs", "var package = 1, public = 2, yield = 3"),
    ("a.mjs", "export const { public: p } = { package: 1 }"),
    ("a.mjs", "import a from 'x'\nexport { a as b, a as default }\nexport * as c from 'y'"),
    ("a.mjs", "for (var a of []) {}\nif (1) { var b }\nexport { a, b, f }\nfunction f() {}"),
    ("a.cjs", "class A { #a; static #b() {} f() { return class { g(x) { x.#a; A.#b } } } }"),
    ("a.cjs", "const a = (1 || 2) ?? 3, b = 1 ?? (2 && 3), c = (1 ?? 2) || 3"),
]


def problems(path: str, text: str) -> list[str]:
    return [problem.message for problem in lower(path, text.encode()).problems]


@pytest.mark.parametrize(("path", "text", "message"), REFUSED)
def test_refused(path: str, text: str, message: str) -> None:
    [found] = problems(path, text)
    assert message in found


@pytest.mark.parametrize(("path", "text"), TAKEN)
def test_taken(path: str, text: str) -> None:
    assert not problems(path, text)


@pytest.mark.parametrize(
    "text",
    [
        "function f(a: string): void\nfunction f(a: unknown) {}",
        "interface A {}\ninterface A {}\nclass A {}\nnamespace A {}",
        "type A = 1\nconst A = 1\nexport { A }",
        "import { A } from './a'\nclass A {}",
        "declare const a: number\nexport type { B }",
        "class A { constructor(a: 1)\nconstructor(a: unknown) {} }",
    ],
)
def test_taken_in_typescript(text: str) -> None:
    assert not problems("a.ts", text)


def test_what_node_says(tmp_path: Path) -> None:
    """Node refuses what is refused here and takes the rest."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    for name, text, expected in [*REFUSED, *((*item, "") for item in TAKEN)]:
        path = tmp_path / name
        path.write_text(text)
        done = subprocess.run([node, "--check", path], capture_output=True, timeout=60, check=False)
        assert (done.returncode != 0) == bool(expected), text
