import { relations } from 'drizzle-orm'
import { integer, pgTable, serial } from 'drizzle-orm/pg-core'
import { shared } from './relations'

export const readers = pgTable('readers', { id: serial('id').primaryKey() })
export const loans = pgTable('loans', {
  id: serial('id').primaryKey(),
  readerId: integer('reader_id').references(() => readers.id),
})

export const readersRelations = relations(readers, ({ many }) => ({ loans: many(loans), ...shared(many) }))
export const loansRelations = relations(loans, ({ one }) => ({
  reader: one(readers, { fields: [loans.readerId], references: [readers.id] }),
}))
