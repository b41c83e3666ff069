import { and, eq } from 'drizzle-orm'
import { db } from './db'
import { shelves, volumes } from './schema'

export async function onShelf(label: string) {
  return db
    .select({ id: volumes.id, title: volumes.title })
    .from(volumes)
    .where(eq(shelves.label, label)) // expect: query/unknown-column
}

export async function titled(title: string) {
  return db
    .select({ id: volumes.id, shelf: shelves.label })
    .from(volumes)
    .leftJoin(shelves, eq(volumes.shelfId, shelves.id))
    .where(and(eq(volumes.title, title), eq(shelves.label, 'A')))
}
