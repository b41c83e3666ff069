import { Kysely, PostgresDialect, sql } from 'kysely'
import { Pool } from 'pg'

const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) })

export const counted = () =>
  db
    .selectFrom('owner')
    .leftJoin('pet', 'pet.owner_id', 'owner.id')
    .select(['owner.id', 'owner.name', (eb) => eb.fn.count('pet.id').as('pets')])
    .groupBy('owner.id')
    .orderBy('pets', 'desc')
    .execute()

export const recent = () =>
  db
    .with('fresh', (q) => q.selectFrom('pet').select(['id', 'owner_id as keeper']).where('created_at', '>', new Date()))
    .selectFrom('fresh')
    .select('fresh.keeper')
    .where('keeper', 'is not', null)
    .execute()

export const search = (name?: string) =>
  db
    .selectFrom('pet')
    .$if(name !== undefined, (q) => q.innerJoin('owner', 'owner.id', 'pet.owner_id'))
    .select(['pet.id'])
    .where('name', '=', name)
    .where(sql<boolean>`true`)
    .execute()
