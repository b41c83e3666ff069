import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core'

export const jobs = pgTable('jobs', { id: serial('id').primaryKey(), state: text('state'), done: integer('done') })
export const parcels = pgTable('parcels', { id: serial('id').primaryKey(), job: integer('job') })
