import { integer, sqliteTable } from 'drizzle-orm/sqlite-core' // expect: database/wrong-engine

export const orders = sqliteTable('orders', { id: integer('id').primaryKey() })
