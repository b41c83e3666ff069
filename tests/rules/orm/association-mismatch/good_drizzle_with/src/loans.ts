import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from './schema'

const db = drizzle(process.env.DATABASE_URL!, { schema })

export const loans = async () => db.query.loans.findMany({ with: { reader: { with: { fines: true } } }, limit: 5 })
