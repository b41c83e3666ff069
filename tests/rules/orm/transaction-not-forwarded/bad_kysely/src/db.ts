import { Generated, Kysely, PostgresDialect } from 'kysely'
import { Pool } from 'pg'

interface Accounts {
  id: Generated<number>
  balance: number
}

export interface Database {
  accounts: Accounts
}

export const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool: new Pool() }) })
