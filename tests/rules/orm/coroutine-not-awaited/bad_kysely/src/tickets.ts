import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) })

export async function close(id: number) {
  await db.updateTable('tickets').set({ closed: true }).where('id', '=', id) // expect: orm/coroutine-not-awaited
  db.insertInto('events').values({ ticket_id: id }) // expect: orm/coroutine-not-awaited
  await db.deleteFrom('drafts').where('ticket_id', '=', id).execute()
}
