"""Node's and TypeScript's specifiers to files of the tree."""

from __future__ import annotations

import pytest

from ci_gate.codemodel.javascript.resolve import NodeResolver
from support.trees import MemoryTree

FILES = {
    "package.json": '{"name": "root", "workspaces": ["packages/*"],'
    ' "imports": {"#store/*": "./src/store/*.js", "#dep": {"node": "./src/dep-node.js"}},'
    ' "_moduleAliases": {"@lib": "src/lib"}}',
    "tsconfig.base.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@app/*": ["src/*"],},}}',
    "tsconfig.json": '// a comment\n{"extends": "./tsconfig.base.json"}',
    "src/index.ts": "",
    "src/users.ts": "",
    "src/store/tags.js": "",
    "src/dep-node.js": "",
    "src/lib/text.js": "",
    "src/routes/index.js": "",
    "src/view.tsx": "",
    "packages/kit/package.json": '{"name": "@acme/kit", "main": "dist/index.js",'
    ' "exports": {".": "./dist/index.js", "./dates": {"import": "./dist/dates.js"}}}',
    "packages/kit/src/index.ts": "",
    "packages/kit/src/dates.ts": "",
}


@pytest.mark.parametrize(
    ("importer", "specifier", "kind", "leads_to"),
    [
        ("src/a.ts", "./users", "file", "src/users.ts"),
        ("src/a.ts", "./users.js", "file", "src/users.ts"),
        ("src/a.ts", "./view.jsx", "file", "src/view.tsx"),
        ("src/a.ts", ".", "file", "src/index.ts"),
        ("src/a.ts", "./routes", "file", "src/routes/index.js"),
        ("src/a.ts", "../src/users?raw", "file", "src/users.ts"),
        ("src/a.ts", "@app/users", "file", "src/users.ts"),
        ("src/a.ts", "src/users", "file", "src/users.ts"),
        ("src/a.ts", "#store/tags", "file", "src/store/tags.js"),
        ("src/a.ts", "#dep", "file", "src/dep-node.js"),
        ("src/a.js", "@lib/text", "file", "src/lib/text.js"),
        ("src/a.ts", "@acme/kit", "file", "packages/kit/src/index.ts"),
        ("src/a.ts", "@acme/kit/dates", "file", "packages/kit/src/dates.ts"),
        ("src/a.ts", "express", "external", "express"),
        ("src/a.ts", "@prisma/client/runtime", "external", "@prisma/client"),
        ("src/a.ts", "node:fs/promises", "builtin", "fs"),
        ("src/a.ts", "path", "builtin", "path"),
        ("src/a.ts", "./missing", "unresolved", None),
        ("src/a.ts", "../../../etc/passwd", "unresolved", None),
        ("src/a.ts", "#store/none", "unresolved", None),
    ],
)
def test_resolution(importer: str, specifier: str, kind: str, leads_to: str | None) -> None:
    found = NodeResolver(MemoryTree(FILES)).resolve(importer, specifier)
    assert (found.kind, found.path or found.package) == (kind, leads_to)


@pytest.mark.parametrize(
    "config",
    [
        '{"extends": "./tsconfig.json"}',
        '{"extends": ["./a.json", "./tsconfig.json"], "references": [{"path": "."}]}',
        "[" * 100_000,
        '{"compilerOptions": {"paths": {"*": 3}, "baseUrl": "../../.."}}',
        "\x00",
    ],
)
def test_hostile_configuration(config: str) -> None:
    resolver = NodeResolver(MemoryTree({**FILES, "tsconfig.json": config}))
    assert resolver.resolve("src/a.ts", "./users").path == "src/users.ts"
    assert resolver.resolve("src/a.ts", "express").kind == "external"
