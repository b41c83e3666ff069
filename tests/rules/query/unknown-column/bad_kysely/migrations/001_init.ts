import { Kysely, sql } from 'kysely'

export async function up(db: Kysely<any>): Promise<void> {
  await db.schema
    .createTable('owner')
    .addColumn('id', 'serial', (col) => col.primaryKey())
    .addColumn('full_name', 'varchar', (col) => col.notNull())
    .execute()
  await db.schema
    .createTable('pet')
    .addColumn('id', 'serial', (col) => col.primaryKey())
    .addColumn('name', 'varchar', (col) => col.notNull())
    .addColumn('owner_id', 'integer', (col) => col.references('owner.id').onDelete('cascade'))
    .addColumn('born_at', 'timestamp', (col) => col.defaultTo(sql`now()`))
    .execute()
  await db.schema.createIndex('pet_owner').on('pet').column('owner_id').execute()
}

export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.dropTable('pet').execute()
}
