import { alias } from 'drizzle-orm/sqlite-core'
import { eq, exists, inArray, sql } from 'drizzle-orm'
import { db } from './db'
import { shelves, volumes } from './schema'

const upper = alias(shelves, 'upper')

export function labelled(label: string) {
  return db
    .select({ id: volumes.id, count: sql<number>`(select count(*) from shelves where ${shelves.id} = 1)` })
    .from(volumes)
    .where(inArray(volumes.shelfId, db.select({ id: shelves.id }).from(shelves).where(eq(shelves.label, label))))
    .all()
}

export function existing() {
  return db
    .select()
    .from(volumes)
    .where(exists(db.select().from(shelves).where(eq(shelves.id, volumes.shelfId))))
    .all()
}

export function above() {
  return db.select().from(volumes).innerJoin(upper, eq(upper.id, volumes.shelfId)).where(eq(upper.label, 'x')).all()
}

export function listed(filter?: string) {
  let query = db.select().from(volumes).$dynamic()
  if (filter) {
    query = query.innerJoin(shelves, eq(shelves.id, volumes.shelfId)).where(eq(shelves.label, filter))
  }
  return query.all()
}
