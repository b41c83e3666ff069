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
        '{"extends": [' + ", ".join(['"./tsconfig.json"'] * 30) + "]}",
        '{"references": [' + ", ".join(['{"path": "./tsconfig.json"}'] * 30) + "]}",
        '"' + '\\"' * 100_000,
        "/*" * 100_000,
        "\x00",
    ],
    ids=["self", "pair", "deep", "types", "extends", "references", "string", "comment", "binary"],
)
def test_hostile_configuration(config: str) -> None:
    resolver = NodeResolver(MemoryTree({**FILES, "tsconfig.json": config}))
    assert resolver.resolve("src/a.ts", "./users").path == "src/users.ts"
    assert resolver.resolve("src/a.ts", "express").kind == "external"


def resolve(files: dict[str, str], importer: str, specifier: str) -> tuple[str, str | None]:
    found = NodeResolver(MemoryTree(files)).resolve(importer, specifier)
    return found.kind, found.path or found.package


@pytest.mark.parametrize("imports", ['{"#a": "#a"}', '{"#a": ["#b", "#b"], "#b": ["#a", "#a"]}'])
def test_subpath_imports_in_a_circle(imports: str) -> None:
    files = {"package.json": f'{{"imports": {imports}}}'}
    assert resolve(files, "a.js", "#a") == ("unresolved", None)


def test_a_very_deep_folder() -> None:
    folder = "/".join(["a"] * 2000)
    files = {f"{folder}/b.ts": "", "tsconfig.json": '{"compilerOptions": {"baseUrl": "src"}}'}
    files["src/x.ts"] = ""
    assert resolve(files, f"{folder}/b.ts", "x") == ("file", "src/x.ts")


@pytest.mark.parametrize(
    ("name", "config", "specifier"),
    [
        ("tsconfig.json", '\ufeff{"compilerOptions": {"baseUrl": "src"}}', "models/user"),
        ("tsconfig.json", '{"compilerOptions": {"paths": {"@/*": ["${configDir}/src/*"]}}}',
         "@/models/user"),
        (".babelrc", '{"plugins": [["module-resolver", {"alias": {"@m": "./src/models"}}]]}',
         "@m/user"),
        ("babel.config.json", '{"plugins": ["x", ["module-resolver", {"root": ["./src"]}]]}',
         "models/user"),
        ("package.json", '{"babel": {"plugins": [["module-resolver", {"root": "src"}]]}}',
         "models/user"),
    ],
)  # fmt: skip
def test_aliases_of_configurations(name: str, config: str, specifier: str) -> None:
    files = {name: config, "src/models/user.ts": "", "src/routes/users.ts": ""}
    assert resolve(files, "src/routes/users.ts", specifier) == ("file", "src/models/user.ts")


@pytest.mark.parametrize(
    ("file", "specifier"),
    [("a.d.ts", "./a"), ("a.d.ts", "./a.js"), ("a.d.mts", "./a.mjs"), ("a.node", "./a")],
)
def test_declarations_and_addons(file: str, specifier: str) -> None:
    assert resolve({file: ""}, "b.ts", specifier) == ("file", file)


def test_an_alias_for_another_package_leads_out_of_the_tree() -> None:
    config = '{"plugins": [["module-resolver", {"alias": {"lodash": "lodash-es"}}]]}'
    assert resolve({".babelrc": config}, "a.js", "lodash/get") == ("external", "lodash")
