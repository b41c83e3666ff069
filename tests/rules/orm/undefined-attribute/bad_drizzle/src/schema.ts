import { pgTable, serial, text } from 'drizzle-orm/pg-core'
import { stamps } from './columns'

export const readers = pgTable('readers', {
  id: serial('id').primaryKey(),
  fullName: text('full_name').notNull(),
  ...stamps(),
})
