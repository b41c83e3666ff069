import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('authors', (table) => {
    table.increments('id')
    table.string('name')
  })
  await knex.schema.createTable('posts', (table) => {
    table.increments('id')
    table.integer('author_id').references('id').inTable('authors')
  })
  await knex.schema.createTable('post_tags', (table) => {
    table.integer('post_id').references('id').inTable('posts')
    table.string('tag')
  })
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('post_tags')
}
