import { drizzle } from 'drizzle-orm/node-postgres'
import { relations } from './schema'

const db = drizzle(process.env.DATABASE_URL!, { relations })

export const loans = async () => db.query.loans.findMany({ with: { reader: true } })
