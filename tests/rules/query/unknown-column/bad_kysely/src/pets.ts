import { db } from './db'

export async function pets(owner: string) {
  return db
    .selectFrom('pet as p')
    .innerJoin('owner as o', 'o.id', 'p.owner_id')
    .select(['p.id', 'p.name', 'o.name as owner']) // expect: query/unknown-column
    .where('o.full_name', '=', owner)
    .orderBy('p.birthday', 'desc') // expect: query/unknown-column
    .execute()
}

export async function rename(id: number, name: string) {
  await db.updateTable('pet').set({ nick_name: name }).where('id', '=', id).execute() // expect: query/unknown-column
}

export async function add(name: string, ownerId: number) {
  return db.insertInto('pet').values({ name, owner_id: ownerId }).returning(['id', 'born_at']).executeTakeFirstOrThrow()
}
