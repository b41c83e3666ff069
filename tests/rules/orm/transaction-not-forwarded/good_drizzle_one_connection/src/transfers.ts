import Database from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core'

const entries = sqliteTable('entries', { id: integer('id').primaryKey(), amount: integer('amount') })
const db = drizzle(new Database('bank.db'))

export function deposit(amount: number) {
  db.transaction((tx) => {
    tx.insert(entries).values({ amount }).run()
    db.insert(entries).values({ amount: -amount }).run()
  })
}
