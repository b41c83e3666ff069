import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { boolean, pgTable, serial } from 'drizzle-orm/pg-core'

export const tickets = pgTable('tickets', { id: serial('id').primaryKey(), closed: boolean('closed') })

const db = drizzle(process.env.DATABASE_URL!)

export async function close(id: number) {
  db.update(tickets).set({ closed: true }).where(eq(tickets.id, id)) // expect: orm/coroutine-not-awaited
}
