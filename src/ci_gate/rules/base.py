"""What a rule is: one module, one class, one defect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, TypeVar

from ci_gate.findings import GROUP_LEVEL, Finding, Position, Related, Replacement, Severity

if TYPE_CHECKING:
    from ci_gate.architecture.model import Architecture
    from ci_gate.codemodel.answers import Answers
    from ci_gate.codemodel.builders.statements import Builders
    from ci_gate.codemodel.certain import Certain
    from ci_gate.codemodel.connections import Connections
    from ci_gate.codemodel.dataaccess import DataAccess
    from ci_gate.codemodel.dataflow.flows import Flows
    from ci_gate.codemodel.dependencies.environment import Environments
    from ci_gate.codemodel.entities import Entities
    from ci_gate.codemodel.model import CodeModel
    from ci_gate.codemodel.openapi import Description
    from ci_gate.codemodel.openapi.served import Served
    from ci_gate.codemodel.requestdata import RequestData
    from ci_gate.codemodel.schema import Schema
    from ci_gate.codemodel.sqldrivers import Dialect
    from ci_gate.codemodel.sqlstatements import SqlStatements
    from ci_gate.codemodel.syntax import Node
    from ci_gate.config import Config
    from ci_gate.stack.model import Stack

Answer = TypeVar("Answer")


@dataclass(eq=False)
class Facts:
    """All that a rule may look at.

    ``base`` holds the same facts of the merge base where there is one: a rule may measure a
    convention there, so that a pull request cannot break a habit and withdraw it in one go.
    ``jobs``: processes that may work at a time.
    """

    model: CodeModel
    stack: Stack
    architecture: Architecture
    access: DataAccess
    config: Config
    base: Facts | None = None
    jobs: int = 1
    _once: dict[Callable[[Facts], object], object] = field(default_factory=dict)

    def once(self, work: Callable[[Facts], Answer]) -> Answer:
        """``work(self)``, done when first asked for: what rules work out from the facts and other
        rules ask for too."""
        if work not in self._once:
            self._once[work] = work(self)
        found: Answer = self._once[work]  # type: ignore[assignment]
        return found

    @cached_property
    def entities(self) -> Entities:
        """What the ORM maps; worked out when first asked for."""
        from ci_gate.codemodel.entities import Entities  # noqa: PLC0415  only where needed

        return Entities(self.model)

    @cached_property
    def environments(self) -> Environments:
        """What is installed where the program's Python modules run."""
        from ci_gate.codemodel.dependencies.environment import Environments  # noqa: PLC0415

        return Environments(self.model.tree, self.model.modules)

    @cached_property
    def schema(self) -> Schema:
        """The tables that the database has; worked out when first asked for."""
        from ci_gate.codemodel.schema import build_schema  # noqa: PLC0415  only where needed

        return build_schema(self.model, self.entities)

    @cached_property
    def sql(self) -> SqlStatements:
        """The SQL texts that the program runs; worked out when first asked for."""
        from ci_gate.codemodel.sqlstatements import SqlStatements  # noqa: PLC0415  only if needed

        return SqlStatements(self.model, self.dialect)

    @property
    def dialect(self) -> Dialect | None:
        """The SQL dialect of the database that the configuration names, else of the only one that
        the services name."""
        dialects: dict[str, Dialect] = {
            "postgresql": "postgres", "sqlite": "sqlite", "mysql": "mysql",
        }  # fmt: skip
        if self.config.database is not None:
            return dialects[self.config.database]
        named = {name for service in self.stack.services for name in service.databases} or {
            schema.provider or "" for schema in self.entities.prisma.schemas.all
        }
        return dialects.get(named.pop()) if len(named) == 1 else None

    @cached_property
    def flows(self) -> Flows:
        """What requests do with data, followed through the program; worked out when asked for."""
        from ci_gate.codemodel.dataflow.flows import Flows  # noqa: PLC0415  only where needed

        return Flows(self.model, self.entities, self.access, self.jobs)

    @cached_property
    def certain(self) -> Certain:
        """What expressions of Python code surely are; what is written of types is believed."""
        from ci_gate.codemodel.certain import Certain  # noqa: PLC0415  only where needed

        return Certain(self.model)

    @cached_property
    def doubting(self) -> Certain:
        """As ``certain``; a parameter that is said to be an entity needs a call that passes one."""
        from ci_gate.codemodel.certain import Certain  # noqa: PLC0415  only where needed

        entity_of = self.entities.of_class
        return Certain(self.model, lambda cls: entity_of(cls) is not None)

    @cached_property
    def builders(self) -> Builders:
        """The statements that chains of Knex, Kysely and Drizzle make."""
        from ci_gate.codemodel.builders.statements import Builders  # noqa: PLC0415  if needed

        entities = self.entities
        origins = entities.sequelize.origins
        return Builders(self.model, origins, entities.drizzle)

    @cached_property
    def requests(self) -> RequestData:
        """Which data of a request an expression of a JavaScript program holds."""
        from ci_gate.codemodel.requestdata import RequestData  # noqa: PLC0415  only if needed

        return RequestData(self.model)

    @cached_property
    def description(self) -> Description | None:
        """The contract's OpenAPI description; None where there is none, or none that is clear."""
        from ci_gate.codemodel.openapi import find_description  # noqa: PLC0415  only if needed

        return find_description(self.model.tree, self.config.openapi)

    @cached_property
    def served(self) -> tuple[Served, ...]:
        """The OpenAPI descriptions that are this program's own, against its routes."""
        from ci_gate.codemodel.openapi import find_descriptions  # noqa: PLC0415  only if needed
        from ci_gate.codemodel.openapi.served import Served  # noqa: PLC0415

        found = find_descriptions(self.model.tree, self.config.openapi)
        given = [Served(item, self.model) for item in found if item.readable]
        return tuple(item for item in given if item.in_use)

    @cached_property
    def answers(self) -> Answers:
        """What the routes' handlers answer; worked out when first asked for."""
        from ci_gate.codemodel.answers import Answers  # noqa: PLC0415  only where needed

        return Answers(self.model)

    @cached_property
    def connections(self) -> Connections:
        """Where the program opens databases; worked out when first asked for."""
        from ci_gate.codemodel.connections import Connections  # noqa: PLC0415  only if needed

        return Connections(self.model)


class Rule(ABC):
    """Base of all AST rules. The class docstring is the rule's page.

    Its first line is the summary. The rest has, under headings of their own (``Why is this bad?``,
    ``Fix``, ``Source``; optional ``Silent on``), what ``ci-gate explain`` and the docs show; the
    examples in the docs come from the rule's fixtures.
    """

    id: ClassVar[str]
    group: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    languages: ClassVar[tuple[str, ...]] = ("python", "javascript", "typescript")
    #: the rule runs only where the stack has one of these frameworks or ORMs (empty: everywhere)
    needs: ClassVar[tuple[str, ...]] = ()
    #: the rule asks what requests do with data (``Facts.flows``)
    follows: ClassVar[bool] = False
    #: it asks who calls whom, though its group does not
    asks_callers: ClassVar[bool] = False
    #: it takes as long as all others that follow requests
    heavy: ClassVar[bool] = False

    @abstractmethod
    def check(self, facts: Facts) -> Iterable[Finding]:
        """Every place where the defect is; nothing where a part of it cannot be resolved."""

    @classmethod
    def load(cls) -> type[Rule]:
        """The rule itself: what :class:`~ci_gate.rules.declarations.Declaration` has for it."""
        return cls

    @classmethod
    def level(cls) -> int:
        return GROUP_LEVEL[cls.group]

    def finding(
        self,
        path: str,
        node: Node,
        *,
        message: str,
        why: str,
        fix: str,
        subject: str,
        related: Iterable[Related] = (),
        severity: Severity | None = None,
        repository_wide: bool = False,
        replacement: Replacement | None = None,
    ) -> Finding:
        """A finding of this rule at ``node`` of ``path``."""
        line, column, end_line, end_column = node.span
        return Finding(
            rule=self.id,
            group=self.group,
            severity=self.severity if severity is None else severity,
            path=path,
            start=Position(line, column),
            end=Position(end_line, end_column),
            message=message,
            why=why,
            fix=fix,
            subject=subject,
            related=tuple(related),
            repository_wide=repository_wide,
            replacement=replacement,
        )
