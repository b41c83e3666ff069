import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.schema.createTable('tasks', (table) => {
    table.increments('id')
    table.string('name')
    table.integer('owner_id')
  })
