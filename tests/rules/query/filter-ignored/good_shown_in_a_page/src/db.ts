import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, serial, text } from 'drizzle-orm/pg-core'

export const db = drizzle(process.env.DATABASE_URL!)
export const boxes = pgTable('boxes', { id: serial('id').primaryKey(), label: text('label') })
