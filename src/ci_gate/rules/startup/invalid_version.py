from __future__ import annotations

from collections.abc import Iterable, Iterator

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.dependencies.node import NodePackages
from ci_gate.findings import Finding, Severity
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.startup import _interpreters, _node_versions, _python_versions
from ci_gate.rules.startup._refused import Refused


class InvalidVersion(Rule):
    """A version is asked for that no installer can give.

    Two requirements for one package that exclude each other (`Flask==2.3.3` in `requirements.txt`
    and `flask>=3` in what it includes, or in what limits it), a requirement that contradicts itself
    (`>=3,<2`), one that is not written as the installer reads it (`flask==3.x.1`, `flask=3.0`,
    `"express": "5.0.0.1"`), a version of a well-known package that lies between those that were
    released (`Flask==2.9.0`), one that asks itself for something else (`Flask==3.0.0` beside
    `Werkzeug==2.3.7`) or cannot be loaded with what is installed beside it (`Flask==2.0.1` alone,
    which takes the newest Werkzeug), `overrides` of npm that contradict the dependency. An image
    whose Python or Node the project does not allow, where the command that installs it checks that.
    A `package.json` that asks for what `package-lock.json` does not have, or no such file, where
    `npm ci` installs.

    ## Why is this bad?
    The installation ends with an error in every fresh environment: the image is not built, the next
    machine has no service. Where the packages are installed already, as on the machine of whoever
    wrote the line, all tests pass.

    ## Fix
    Ask for a version that exists, once; bring the lock file up to date with the manifest.

    ## Silent on
    What only the registry could tell: versions that are newer than those known, conflicts between
    what less known packages ask for. Requirements under a condition (markers), overridden ones, and
    those from a URL or path; templates; `engines` where npm only warns.

    ## Source
    PEP 440 and PEP 508; node-semver; npm, "npm ci".
    """

    id = "startup/invalid-version"
    group = "startup"

    def check(self, facts: Facts) -> Iterable[Finding]:
        for item in _all(facts):
            yield self.finding(
                item.path,
                s.Node((item.line, 1, item.line, 1)),
                message=item.message,
                why=item.why,
                fix=item.fix,
                subject=item.subject,
                related=item.related,
                severity=Severity.WARNING if item.warning else None,
                repository_wide=True,
            )


def _all(facts: Facts) -> Iterator[Refused]:
    tree = facts.model.tree
    environments, packages = facts.environments, NodePackages(tree)
    yield from _python_versions.refused(environments, tree)
    yield from _node_versions.refused(packages, tree)
    yield from _interpreters.refused(environments, packages, tree)
