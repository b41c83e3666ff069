import { Kysely } from 'kysely'
import { stamps } from './stamps'

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema.createTable('owner').addColumn('id', 'serial').addColumn('full_name', 'text').execute()
  await db.schema.createTable('pet').addColumn('id', 'serial').addColumn('owner_id', 'integer').$call(stamps).execute()
  await db.schema.alterTable('owner').renameColumn('full_name', 'name').execute()
}
