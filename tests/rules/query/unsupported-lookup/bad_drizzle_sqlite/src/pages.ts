import Database from 'better-sqlite3'
import { and, eq, ilike, like } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

const pages = sqliteTable('pages', { id: integer('id').primaryKey(), title: text('title') })
const db = drizzle(new Database('wiki.db'))

export const search = (term: string) =>
  db
    .select()
    .from(pages)
    .where(and(eq(pages.id, 1), ilike(pages.title, term))) // expect: query/unsupported-lookup
    .all()

export const plain = (term: string) => db.select().from(pages).where(like(pages.title, term)).all()
