import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'

const db = drizzle(process.env.DATABASE_URL!, { schema })

export const withReaders = async () =>
  db.query.loans.findMany({
    with: { readers: true }, // expect: orm/association-mismatch
  })

export const reader = async (id: number) =>
  db.query.readers.findFirst({
    where: (readers, { eq }) => eq(readers.id, id),
    with: {
      loans: {
        columns: { id: true },
        with: { fines: true }, // expect: orm/association-mismatch
      },
    },
  })

export const fines = async () =>
  db.query.fines.findMany({
    with: { loan: true }, // expect: orm/association-mismatch
  })
