from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from ci_gate.codemodel import syntax as s
from ci_gate.codemodel.builders.transactions import BuilderTransactions
from ci_gate.codemodel.prisma.transactions import Outside as OutsidePrisma
from ci_gate.codemodel.prisma.transactions import Transactions as PrismaTransactions
from ci_gate.codemodel.sequelize.transactions import Outside, Transactions
from ci_gate.codemodel.typeorm.transactions import TypeormTransactions
from ci_gate.findings import Finding, Related, Severity
from ci_gate.rules._places import spot
from ci_gate.rules.base import Facts, Rule
from ci_gate.rules.orm._pool_transactions import writes_beside


class TransactionNotForwarded(Rule):
    """A write inside a transaction is not given it, so it runs on its own.

    From `sequelize.transaction(async (t) => …)` on, `knex.transaction(async (trx) => …)`, Kysely's
    `db.transaction().execute(async (trx) => …)`, Drizzle's `db.transaction(async (tx) => …)`,
    TypeORM's `dataSource.transaction(async (manager) => …)` and `queryRunner.startTransaction()`,
    and Prisma's `$transaction(async (tx) => …)`, also through wrappers of the project, services and
    repositories. With node-postgres and mysql2: a write on the pool between `BEGIN` and `COMMIT` of
    a client.

    ## Why is this bad?
    Sequelize runs a query without `{ transaction: t }` on another connection, and so do Knex,
    Kysely, Drizzle and Prisma with a statement that begins with the database or the client instead
    of the transaction. A rollback leaves the write in place, the write does not see the rows that
    the transaction has made (a foreign key to one of them fails), and on SQLite it waits for a lock
    that its own caller holds: SQLITE_BUSY.

    ## Fix
    Hand the transaction on to the function that writes, and put `transaction` into the query's
    options; begin a statement of a builder or of Prisma with the transaction (Knex: or call
    `.transacting(trx)`).

    ## Silent on
    Reads (but, as a warning, those of a model of Sequelize that the function has written with its
    transaction before, and for SQLite in Knex and Kysely, where they wait for ever); drivers of
    Drizzle that have one connection for all; programs that use `Sequelize.useCLS`; options that are
    not all visible; functions that could not be followed; unmanaged transactions that are committed
    elsewhere. TypeORM: packages that carry the transaction along with the call
    (`typeorm-transactional`), repository classes of the project. Prisma: what handlers of errors
    write, clients that come out of a function or getter.

    ## Source
    Sequelize, "Transactions" (sequelize.org/docs/v6/other-topics/transactions): queries that should
    be part of the transaction must get it as an option; Prisma, "Transactions and batch queries"
    (prisma.io/docs/orm/prisma-client/queries/transactions); constraint decay, arXiv 2605.06445.
    """

    id = "orm/transaction-not-forwarded"
    group = "orm"
    languages: ClassVar = ("javascript", "typescript")

    def check(self, facts: Facts) -> Iterable[Finding]:
        models = facts.entities.sequelize
        sqlite = models.instances.dialect == "sqlite"
        seen: set[s.Node] = set()
        for item in Transactions(models).outside():
            node = item.given[0] if item.given is not None else item.call
            if node not in seen:
                seen.add(node)
                yield self._found(item, sqlite)
        for defect in writes_beside(facts.model):
            yield defect.finding(self)
        for of_client in PrismaTransactions(facts.entities.prisma).outside():
            node = of_client.called[0] if of_client.called is not None else of_client.query.call
            if node not in seen:
                seen.add(node)
                yield self._of_client(of_client, node)
        for item in TypeormTransactions(models, typeorm=facts.entities.typeorm).outside():
            if item.call not in seen:
                seen.add(item.call)
                yield self._of_data_source(item)
        for library in sorted(facts.builders.libraries):
            walk = BuilderTransactions(models, builders=facts.builders, library=library)
            for item in walk.outside():
                node = item.given[0] if item.given is not None else item.call
                if node not in seen:
                    seen.add(node)
                    yield self._built(item, walk)

    def _found(self, item: Outside, sqlite: bool) -> Finding:
        node, scope = item.given or (item.call, item.scope)
        opened = Related(
            item.opened_in.module.path, item.opened.line, "the transaction is opened here"
        )
        related = [opened]
        if item.given is not None:
            related.append(Related(item.scope.module.path, item.call.line, "the write"))
            message = (
                f"`{item.what}` takes a transaction, and this call, inside of one, gives it none."
            )
        else:
            message = f"`{item.what}` runs while a transaction is open and is not given it."
        if item.reads:
            return self._reads(item, related)
        lock = (
            "waits for the lock that the open transaction holds (SQLITE_BUSY), and it "
            if sqlite
            else ""
        )
        return self.finding(
            scope.module.path,
            spot(node),
            message=message,
            why=(
                f"The write goes to another connection: it {lock}does not see what the transaction "
                "has written, and a rollback leaves it in place."
            ),
            fix="Hand the transaction on, as `{ transaction: t }` in the query's options.",
            subject=f"{item.what} in {scope.function.name}",
            related=related,
        )

    def _reads(self, item: Outside, related: list[Related]) -> Finding:
        return self.finding(
            item.scope.module.path,
            spot(item.call),
            message=(
                f"`{item.what}` reads what the open transaction has written, and is not given it."
            ),
            why=(
                "The query goes to another connection, which does not see the new rows before the "
                "transaction is committed: it gives the old ones, or none."
            ),
            fix="Put `{ transaction: t }` into the query's options.",
            subject=f"{item.what} in {item.scope.function.name}",
            related=related,
            severity=Severity.WARNING,
        )

    def _of_client(self, item: OutsidePrisma, node: s.Call) -> Finding:
        query = item.query
        scope = item.called[1] if item.called is not None else query.scope
        related = [
            Related(item.opened_in.module.path, item.opened.line, "the transaction is opened here")
        ]
        if item.called is not None:
            related.append(Related(query.path, query.call.line, "the write"))
            message = (
                f"This call, inside of a transaction, leads to `{query.label}` on the client "
                "itself."
            )
            fix = "Give the function the transaction's client (`tx`), and write through that."
        else:
            message = f"`{query.label}` is asked of the client itself while a transaction is open."
            fix = f"Write `tx.{query.label}(…)`, with the client that the transaction gives."
        return self.finding(
            scope.module.path,
            spot(node),
            message=message,
            why=(
                "The write goes to another connection: it does not see what the transaction has "
                "written, waits for rows that the transaction holds, and a rollback leaves it in "
                "place."
            ),
            fix=fix,
            subject=f"{query.label} in {scope.function.name}",
            related=related,
        )

    def _of_data_source(self, item: Outside) -> Finding:
        """A write of TypeORM."""
        return self.finding(
            item.scope.module.path,
            spot(item.call),
            message=f"`{item.what}` runs on the data source while a transaction is open.",
            why=(
                "The write goes to another connection: it does not see what the transaction has "
                "written, waits for rows that the transaction holds, and a rollback leaves it in "
                "place."
            ),
            fix=(
                "Write through the manager that the transaction gives: "
                "`manager.getRepository(…)`, or `manager.withRepository(…)`; hand it on where "
                "another function writes."
            ),
            subject=f"{item.what} in {item.scope.function.name}",
            related=[
                Related(
                    item.opened_in.module.path, item.opened.line, "the transaction is opened here"
                )
            ],
        )

    def _built(self, item: Outside, walk: BuilderTransactions) -> Finding:
        """A statement of a query builder."""
        node, scope = item.given or (item.call, item.scope)
        related = [
            Related(item.opened_in.module.path, item.opened.line, "the transaction is opened here")
        ]
        if item.given is not None:
            related.append(Related(item.scope.module.path, item.call.line, "the statement"))
            message = (
                f"The {item.what} takes its database from the caller, and this call, inside of a "
                "transaction, does not give it the transaction."
            )
        else:
            message = f"The {item.what} runs while a transaction is open, and not on it."
        return self.finding(
            scope.module.path,
            node,
            message=message,
            why=(
                "It waits for the one connection, which the open transaction holds until it is "
                "over: neither ever ends."
                if walk.waits
                else "The statement goes to another connection: it does not see what the "
                "transaction has written, and a rollback leaves what it writes in place."
            ),
            fix="Begin the chain with the transaction that the callback is given, and hand it on.",
            subject=f"{item.what} in {scope.function.name}",
            related=related,
        )
