"""The files and scripts of ``package.json`` that commands of Node name, and where they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ci_gate.codemodel.dependencies.node import NodePackage, NodePackages
from ci_gate.codemodel.javascript.resolve import loads
from ci_gate.codemodel.model import CodeModel
from ci_gate.data import dataclass
from ci_gate.regex import regex
from ci_gate.rules.startup._provided import Provided

_ENDS: Final = (
    "", ".js", ".ts", ".mjs", ".cjs", ".mts", ".cts", ".json", "/index.js", "/index.ts",
)  # fmt: skip
_SOURCE: Final = regex(r"(?<!\.d)\.[cm]?tsx?$")
_BUILDERS: Final = regex(
    r"\b(?:webpack|vite|rollup|rolldown|parcel|esbuild|tsup|tsdown|ncc|next|nuxt|babel|swc|unbuild|"
    r"pkgroll|bun|deno|nx|nest|turbo|gulp|grunt|make|microbundle|build\.m?js|tsc-alias|lerna|"
    r"prisma|copyfiles|cpx|cp|mv|rsync|rimraf-and-build|sh|bash|node|tsx|wireit)\b"
)
_TSC: Final = regex(r"(?:^|[\s&;])tsc\b([^&;|]*)")
_STANDARD: Final = frozenset({"install", "test", "stop", "restart", "ci", "run", "exec"})


@dataclass(frozen=True, slots=True)
class Absent:
    """What a command asks for and the project lacks; ``meant`` is the file that it may mean."""

    message: str
    why: str
    fix: str
    meant: str = ""


class NodeEntries:
    def __init__(self, model: CodeModel) -> None:
        self._model = model
        self._files = frozenset(model.tree.files)
        self._provided = Provided(model)
        self.packages = NodePackages(model.tree)

    def script(self, name: str, folder: str | None) -> Absent | None:
        """``npm run NAME``: is there such a script?"""
        package = self._package(folder)
        if package is None or name in package.scripts or name in _STANDARD:
            return None
        if name == "start" and posixpath.join(package.folder, "server.js") in self._files:
            return None
        return Absent(
            f"The start command runs the script {name!r}, and {package.path} has no such script.",
            f'The service does not start: npm error Missing script: "{name}".',
            f"Add the script {name!r} to {package.path}, or name one that it has.",
            package.path,
        )

    def file(self, name: str, folder: str | None) -> Absent | None:
        """``node NAME``: is the file there, or made by the build?"""
        package = self._package(folder)
        if package is None or re.search(r"[$*{}<>]", name):
            return None
        where = package.folder if folder is None else folder
        if name.startswith("/"):
            parts = name.strip("/").split("/")
            if any(self._is_there(package, where, "/".join(parts[i:])) for i in range(len(parts))):
                return None
        elif self._is_there(package, where, name) is not False or (
            folder is None and self._ends_with(package, posixpath.normpath(name))
        ):
            return None
        built = self._built(package, name)
        stem = re.sub(r"\.[cm]?[jt]s$", "", posixpath.basename(name))
        meant = [
            path
            for path in sorted(self._model.modules)
            if re.sub(r"\.[cm]?[jt]sx?$", "", posixpath.basename(path)) == stem
            and self.packages.of(path) is package
        ]
        return Absent(
            f"The start command runs {name}, which is neither in the project nor made by its "
            f"build.",
            f"The service does not start: Cannot find module '{name}'.",
            f"Name {built}, where the build puts it." if built else "Name the file that starts "
            "the service, or add it.",
            meant[0] if len(meant) == 1 else "",
        )  # fmt: skip

    def _ends_with(self, package: NodePackage, name: str) -> bool:
        """Is there such a file in some folder, which may be the one where the command runs?"""
        outputs = [
            path
            for text in package.scripts.values()
            for match in _TSC.finditer(text)
            for path in self._outputs(package, match[1]) or ()
        ]
        wanted = tuple(f"/{name}{end}" for end in _ENDS)
        return any(f"/{path}".endswith(wanted) for path in (*self._files, *outputs))

    def _package(self, folder: str | None) -> NodePackage | None:
        found = self.packages.all
        if folder is not None:
            return found.get(folder)
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_there(self, package: NodePackage, folder: str, name: str) -> bool | None:
        """None where it cannot be told."""
        place = posixpath.normpath(posixpath.join(folder, name))
        if any(f"{place}{end}" in self._files for end in _ENDS):
            return True
        scripts = list(package.scripts.values())
        builds = [text for text in scripts if _TSC.search(text)]
        if any(_BUILDERS.search(re.sub(r"\bnode\s+\S+", "", text)) for text in builds) or any(
            _BUILDERS.search(text)
            for script, text in package.scripts.items()
            if re.search(r"build|compile|prepare|postinstall|bundle", script)
        ):
            return None
        head = place[len(folder) + 1 :].partition("/")[0] if folder else place.partition("/")[0]
        is_folder = self._provided.is_folder(posixpath.join(folder, head))
        if builds and not is_folder:
            return self._is_compiled(package, place, builds)
        if self._provided.is_ignored(place) or self._provided.is_ignored(f"{place}.js"):
            return False if not self._is_built_elsewhere() else None
        return False

    def _is_built_elsewhere(self) -> bool:
        """May an image or script build what git ignores?"""
        for path in self._files:
            if re.search(r"ockerfile|\.sh$|(?:^|/)Makefile$|\.ya?ml$", path) and "lock" not in path:
                try:
                    text = self._model.tree.text(path)
                except (OSError, UnicodeError):
                    return True
                if re.search(r"\bbuild\b|\btsc\b|\besbuild\b", text):
                    return True
        return False

    # --- the TypeScript compiler's output ---

    def _is_compiled(self, package: NodePackage, place: str, builds: Sequence[str]) -> bool | None:
        """Does the compiler write the file?"""
        for text in builds:
            for match in _TSC.finditer(text):
                outputs = self._outputs(package, match[1])
                if outputs is None or place in outputs or f"{place}.js" in outputs:
                    return True if outputs is not None else None
                if f"{place}/index.js" in outputs:
                    return True
        return False

    def _built(self, package: NodePackage, name: str) -> str:
        """Where the compiler puts the file that is meant."""
        base = posixpath.basename(name)
        for text in package.scripts.values():
            for match in _TSC.finditer(text):
                outputs = self._outputs(package, match[1]) or ()
                same = [path for path in outputs if posixpath.basename(path) == base]
                if len(same) == 1:
                    return same[0][len(package.folder) :].lstrip("/")
        return ""

    def _outputs(self, package: NodePackage, options: str) -> frozenset[str] | None:
        """The files that ``tsc OPTIONS`` writes; None where that is not known."""
        if re.search(r"--(?:outDir|rootDir|build|outFile)\b|\s-b\b", options):
            return None
        given = re.search(r"(?:-p|--project)\s+(\S+)", options)
        path = posixpath.normpath(posixpath.join(package.folder, given[1] if given else "."))
        if not path.endswith(".json"):
            path = posixpath.normpath(posixpath.join(path, "tsconfig.json"))
        config = self._config(path, 0)
        if config is None:
            return None
        compiler, folder = config.get("compilerOptions"), posixpath.dirname(path)
        if not isinstance(compiler, dict) or not isinstance(compiler.get("outDir"), str):
            return None
        if compiler.get("noEmit") or compiler.get("rootDirs") or compiler.get("outFile"):
            return None
        inputs = self._inputs(config, folder, posixpath.join(folder, compiler["outDir"]))
        if not inputs:
            return None
        root = compiler.get("rootDir")
        start = (
            posixpath.normpath(posixpath.join(folder, root))
            if isinstance(root, str)
            else folder
            if compiler.get("composite")
            else posixpath.commonpath([posixpath.dirname(path) or "." for path in inputs])
        )
        start = "" if start == "." else start
        target = posixpath.normpath(posixpath.join(folder, compiler["outDir"]))
        return frozenset(
            posixpath.normpath(
                posixpath.join(target, re.sub(r"tsx?$", "js", path[len(start) :].lstrip("/")))
            )
            for path in inputs
        )

    def _config(self, path: str, depth: int) -> dict[str, Any] | None:
        """A tsconfig with the options that it extends."""
        if path not in self._files or depth > 8:
            return None
        data = loads(self._model.tree, path)
        options = data.get("compilerOptions")
        own: dict[str, Any] = dict(options) if isinstance(options, dict) else {}
        parent = data.get("extends")
        if parent is None:
            return {**data, "compilerOptions": own} if data else None
        if not isinstance(parent, str) or not parent.startswith("."):
            # a package's configuration sets no folders of this project
            return {**data, "compilerOptions": own} if isinstance(parent, str) else None
        above = posixpath.normpath(posixpath.join(posixpath.dirname(path), parent))
        above = above if above.endswith(".json") else f"{above}.json"
        found = self._config(above, depth + 1)
        if found is None or posixpath.dirname(above) != posixpath.dirname(path):
            return None
        return {**found, **data, "compilerOptions": {**found["compilerOptions"], **own}}

    def _inputs(self, config: dict[str, Any], folder: str, output: str) -> list[str] | None:
        files, include = config.get("files"), config.get("include")
        if files is not None and include is None:
            return None
        starts = include if isinstance(include, list) else ["**/*"]
        excluded = config.get("exclude") if isinstance(config.get("exclude"), list) else []
        patterns = [glob(item) for item in starts if isinstance(item, str)]
        without = [glob(item) for item in excluded or [] if isinstance(item, str)]
        found: list[str] = []
        for path in self._files:
            if not _SOURCE.search(path) or path.startswith(posixpath.normpath(output) + "/"):
                continue
            if folder and not path.startswith(folder + "/"):
                continue
            below = path[len(folder) + 1 :] if folder else path
            if "node_modules/" in below or any(item.match(below) for item in without):
                continue
            if any(item.match(below) for item in patterns):
                found.append(path)
        return found


def glob(pattern: str) -> re.Pattern[str]:
    """A pattern of ``include``: a file, a folder, or with stars."""
    pattern = pattern.removeprefix("./").rstrip("/")
    out = ""
    for part in re.split(r"(\*\*/|\*\*|\*|\?)", pattern):
        out += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(
            part, re.escape(part)
        )  # fmt: skip
    return re.compile(rf"^{out}(?:/.*)?$")


def start_scripts(package: NodePackage) -> Iterator[tuple[int, str]]:
    """The commands that ``npm start`` runs, with their lines."""
    waiting, seen = ["start"], set()
    while waiting:
        name = waiting.pop()
        text = package.scripts.get(name)
        if text is None or name in seen:
            continue
        seen.add(name)
        yield package.line_of(name), text
        waiting += re.findall(r"\b(?:npm|yarn|pnpm) run ([\w:-]+)", text)
