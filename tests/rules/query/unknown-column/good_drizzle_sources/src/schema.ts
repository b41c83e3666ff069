import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const shelves = sqliteTable('shelves', {
  id: integer('id').primaryKey(),
  label: text('label').notNull(),
})

export const volumes = sqliteTable('volumes', {
  id: integer('id').primaryKey(),
  shelfId: integer('shelf_id').references(() => shelves.id),
})
