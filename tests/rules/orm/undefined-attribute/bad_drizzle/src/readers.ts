import { desc, eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'
import { readers } from './schema'

const db = drizzle(process.env.DATABASE_URL!, { schema })

export const byName = async (name: string) =>
  db.select().from(readers).where(eq(readers.name, name)) // expect: orm/undefined-attribute

export const newest = async () => db.select().from(readers).orderBy(desc(schema.readers.created)) // expect: orm/undefined-attribute

export async function register(input: { name: string; email: string }) {
  const [row] = await db
    .insert(readers)
    .values({
      fullName: input.name,
      email: input.email, // expect: orm/undefined-attribute
    })
    .returning()
  return row
}

export const names = async () =>
  db.query.readers.findMany({
    columns: { id: true, full_name: true }, // expect: orm/undefined-attribute
  })
