import { Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import type { Database } from './types'

const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: new Pool() }) })

export const named = (name: string) =>
  db
    .selectFrom('owner')
    .selectAll()
    .where('owner.fullname', '=', name) // expect: query/unknown-column
    .orderBy('created_at desc')
    .execute()
