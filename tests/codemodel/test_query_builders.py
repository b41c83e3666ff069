"""Tables that query builders make, and statements that their chains are."""

from __future__ import annotations

from ci_gate.codemodel.builders.facts import Statement
from ci_gate.codemodel.builders.statements import Builders
from ci_gate.codemodel.entities import Entities
from ci_gate.codemodel.schema import Schema, Table, build_schema
from support.programs import Program

KNEX = "const knex = require('knex')\nmodule.exports = knex({ client: 'pg' })\n"


def schema(files: dict[str, str]) -> Schema:
    model = Program(files).model
    return build_schema(model, Entities(model))


def table(found: Schema, name: str) -> Table:
    known = found.table(name)
    assert known is not None
    return known


def builders(files: dict[str, str]) -> Builders:
    model = Program(files).model
    entities = Entities(model)
    return Builders(model, entities.sequelize.origins, entities.drizzle)


def only(found: Builders) -> Statement:
    (statement,) = found.statements
    return statement


def test_migrations_of_knex_in_their_order() -> None:
    found = schema({
        "migrations/001.js": """
            exports.up = (knex) => knex.schema
              .createTable('users', (t) => {
                t.increments()
                t.string('nick').notNullable()
                t.timestamps(true, true, true)
              })
              .createTable('posts', function () {
                this.uuid('id').primary()
                this.integer('user_id').references('id').inTable('users')
                this.integer('editor')
                this.foreign('editor').references('users.id')
              })
            exports.down = (knex) => knex.schema.dropTable('posts').renameTable('users', 'gone')
        """,
        "migrations/002.ts": """
            import type { Knex } from 'knex'
            export async function up(knex: Knex) {
              await knex.schema.alterTable('users', (t) => {
                t.renameColumn('nick', 'name')
                t.dropColumns('createdAt')
                t.string('email', 80)
              })
            }
            export async function down(knex: Knex) {
              await knex.schema.alterTable('users', (t) => t.dropColumn('email'))
            }
        """,
    })  # fmt: skip
    assert found.complete
    assert found.names() == ["posts", "users"]
    users, posts = table(found, "users"), table(found, "posts")
    assert sorted(users.columns) == ["email", "id", "name", "updatedAt"]
    assert users.complete
    assert posts.columns["user_id"].references == "users.id"
    assert posts.columns["editor"].references == "users.id"
    assert posts.columns["id"].primary_key


def test_what_cannot_be_read_leaves_the_table_open() -> None:
    found = schema({
        "migrations/001.js": """
            const { audited, names } = require('./helpers')
            exports.up = async (knex) => {
              await knex.schema.createTable('helped', (t) => { t.increments(); audited(t) })
              await knex.schema.createTable('looped', (t) => { for (const n of names) t.string(n) })
              await knex.schema.createTable('taken', builder)
              await knex.schema.createTable('plain', (t) => t.string('a').unique())
            }
        """,
    })  # fmt: skip
    assert {name: table(found, name).complete for name in found.names()} == {
        "helped": False, "looped": False, "taken": False, "plain": True,
    }  # fmt: skip
    assert found.complete
    unnamed = "exports.up = (knex) => knex.schema.createTable(process.env.T, (t) => t.increments())"
    assert not schema({"migrations/001.js": unnamed}).complete


def test_migrations_of_kysely() -> None:
    found = schema({
        "migrations/001.ts": """
            import { Kysely } from 'kysely'
            export async function up(db: Kysely<any>) {
              await db.schema.createTable('pet')
                .addColumn('id', 'serial', (c) => c.primaryKey())
                .addColumn('owner', 'integer', (c) => c.references('person.id').notNull())
                .execute()
              await db.schema.alterTable('pet').renameColumn('owner', 'owner_id').execute()
              await db.schema.createTable('open').addColumn('id', 'serial').$call(more).execute()
            }
        """,
    })  # fmt: skip
    pet = table(found, "pet")
    assert list(pet.columns) == ["id", "owner_id"]
    assert pet.columns["owner_id"].nullable is False
    assert not table(found, "open").complete


def test_a_chain_that_goes_on_is_one_statement() -> None:
    found = builders({
        "db.js": KNEX,
        "app.js": """
            const db = require('./db')
            async function list(filter) {
              let query = db('users as u').select('u.id', { who: 'u.name' })
              if (filter.posts) query = query.join('posts as p', { 'p.user_id': 'u.id' })
              query.where((q) => q.where('u.age', '>', 3).orWhere({ 'u.admin': true }))
              return await query.orderBy('who')
            }
        """,
    })  # fmt: skip
    statement = only(found)
    assert [(item.name, item.table) for item in statement.sources] == [
        ("u", "users"), ("p", "posts"),
    ]  # fmt: skip
    assert {use.written for use in statement.uses} == {
        "u.id", "u.name", "u.age", "u.admin", "p.user_id", "who",
    }  # fmt: skip
    assert len(statement.pairs) == 1
    assert not statement.open
    assert found.dialect_of("knex") == "postgres"


def test_a_chain_that_is_handed_on_is_open() -> None:
    text = """
        const db = require('./db')
        exports.list = async (filter) => {
          const query = db('users').where({ id: 1 })
          filter(query)
          return await query
        }
    """
    assert only(builders({"db.js": KNEX, "app.js": text})).open


def test_tables_of_drizzle() -> None:
    model = Program({
        "schema.ts": """
            import { relations } from 'drizzle-orm'
            import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core'
            const stamps = { createdAt: integer('created_at') }
            export const users = pgTable('users', { id: serial('id').primaryKey(), ...stamps })
            export const posts = pgTable('posts', (t) => ({
              id: t.serial().primaryKey(),
              userId: t.integer('user_id').references(() => users.id),
            }))
            export const open = pgTable('open', { ...unknown })
            export const usersRelations = relations(users, ({ many }) => ({ posts: many(posts) }))
        """,
    }).model  # fmt: skip
    entities = Entities(model)
    users, posts, unread = (entities.drizzle.named(n) for n in ("users", "posts", "open"))
    assert users is not None
    assert posts is not None
    assert unread is not None
    assert [item.column for item in users.columns.values()] == ["id", "created_at"]
    assert posts.columns["userId"].foreign_key == "users.id"
    assert users.targets["posts"] is posts
    assert not unread.known
    assert build_schema(model, entities).names() == ["open", "posts", "users"]
