import { integer, pgTable, serial } from 'drizzle-orm/pg-core'

export const readers = pgTable('readers', { id: serial('id').primaryKey() })
export const volumes = pgTable('volumes', { id: serial('id').primaryKey() })
export const loans = pgTable('loans', {
  id: serial('id').primaryKey(),
  readerId: integer('reader_id').references(() => readers.id),
  volumeId: integer('volume_id').references(() => volumes.id),
})
