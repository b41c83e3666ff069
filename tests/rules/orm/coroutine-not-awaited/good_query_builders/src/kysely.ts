import { Kysely, SqliteDialect } from 'kysely'
import Database from 'better-sqlite3'

const db = new Kysely<any>({ dialect: new SqliteDialect({ database: new Database('desk.db') }) })

export async function page(title?: string) {
  let query = db.selectFrom('tickets').select(['id'])
  if (title) {
    query = query.where('title', '=', title)
  }
  const rows = await query.execute()
  void db.insertInto('events').values({ kind: 'paged' }).execute()
  return rows.length
}
