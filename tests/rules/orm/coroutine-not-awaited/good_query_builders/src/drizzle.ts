import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'

const tickets = sqliteTable('tickets', { id: integer('id').primaryKey() })
const db = drizzle(new Database('desk.db'))

export function add() {
  db.insert(tickets).values({}).run()
  const rows = db.select().from(tickets).all()
  return rows.length
}

export const first = db.select().from(tickets).limit(1).prepare()
