import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { loans, readers, volumes } from './schema'

const db = drizzle(process.env.DATABASE_URL!)

export const all = async () =>
  db
    .select()
    .from(loans)
    .innerJoin(readers, eq(readers.id, loans.readerId))
    .innerJoin(volumes, eq(loans.readerId, volumes.id)) // expect: query/wrong-join-column
