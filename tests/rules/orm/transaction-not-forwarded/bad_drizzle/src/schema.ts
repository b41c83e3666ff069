import { integer, pgTable, serial } from 'drizzle-orm/pg-core'

export const accounts = pgTable('accounts', { id: serial('id').primaryKey(), balance: integer('balance') })
export const entries = pgTable('entries', { id: serial('id').primaryKey(), amount: integer('amount') })
