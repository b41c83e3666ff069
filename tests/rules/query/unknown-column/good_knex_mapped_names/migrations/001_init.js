exports.up = (knex) =>
  knex.schema.createTable('customers', (table) => {
    table.increments('id')
    table.string('full_name')
  })
