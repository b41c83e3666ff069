import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core'

export const films = pgTable('films', { id: serial('id').primaryKey(), title: text('title') })
export const tickets = pgTable('tickets', {
  id: serial('id').primaryKey(),
  filmId: integer('film_id').references(() => films.id),
})
