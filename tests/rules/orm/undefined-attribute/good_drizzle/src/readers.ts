import { eq, getTableColumns } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { desks, readers, tables } from './schema'

const db = drizzle(process.env.DATABASE_URL!)

export const byMail = async (mail: string) => db.select().from(readers).where(eq(readers.mail, mail))
export const labelled = async (label: string) => db.select(getTableColumns(desks)).from(desks).where(eq(desks.label, label))
export const add = async (row: typeof desks.$inferInsert) => db.insert(desks).values({ ...row, label: row.label }).returning()

export type ReaderRow = typeof tables.readers.$inferSelect
export type DeskRow = Partial<typeof tables.desks.$inferInsert>
export const within = (column: typeof tables.desks.label | typeof tables.readers.mail, word: string) => eq(column, word)
