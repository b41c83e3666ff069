import { pgTable, pgTableCreator, serial, text } from 'drizzle-orm/pg-core'
import { shared } from '@library/columns'

const createTable = pgTableCreator((name) => `lib_${name}`)

export const readers = pgTable('readers', {
  id: serial('id').primaryKey(),
  ...shared,
})

export const desks = createTable('desks', (d) => ({
  id: d.serial().primaryKey(),
  label: d.text(),
}))

export type Reader = typeof readers.$inferSelect
export type Desk = typeof desks.$inferInsert

export const tables = { readers, desks }
