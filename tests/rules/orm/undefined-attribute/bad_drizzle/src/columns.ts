import { timestamp } from 'drizzle-orm/pg-core'

export const stamps = () => ({
  createdAt: timestamp('created_at').defaultNow(),
})
