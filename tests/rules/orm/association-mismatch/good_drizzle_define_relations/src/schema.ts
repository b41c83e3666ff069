import { defineRelations } from 'drizzle-orm'
import { integer, pgTable, serial } from 'drizzle-orm/pg-core'

export const readers = pgTable('readers', { id: serial('id').primaryKey() })
export const loans = pgTable('loans', { id: serial('id').primaryKey(), readerId: integer('reader_id') })

export const relations = defineRelations({ readers, loans }, (r) => ({
  loans: { reader: r.one.readers({ from: r.loans.readerId, to: r.readers.id }) },
}))
