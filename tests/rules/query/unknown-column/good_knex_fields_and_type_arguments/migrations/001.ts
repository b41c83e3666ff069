import type { Knex } from 'knex'

export const up = async (knex: Knex) => {
  await knex.schema.createTable('links', (t) => {
    t.increments('id')
    t.string('url')
  })
  await knex.schema.createTable('plans', (t) => {
    t.increments('id')
    t.string('label')
    t.integer('link_id').references('links.id')
  })
}
