import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core'

export const shelves = pgTable('shelves', {
  id: serial('id').primaryKey(),
  label: text('label').notNull(),
})

export const volumes = pgTable('volumes', {
  id: serial('id').primaryKey(),
  shelfId: integer('shelf_id').references(() => shelves.id),
  title: text('title').notNull(),
})
