import { Kysely, MysqlDialect } from 'kysely'
import { createPool } from 'mysql2'

const db = new Kysely<any>({ dialect: new MysqlDialect({ pool: createPool({}) }) })

export const add = (title: string) =>
  db.insertInto('pages').values({ title }).returning('id').executeTakeFirstOrThrow() // expect: query/unsupported-lookup
