exports.up = (knex) =>
  knex.schema
    .createTable('customers', (table) => {
      table.increments('id')
      table.string('full_name').notNullable()
      table.string('email').unique()
      table.timestamps(true, true)
    })
    .createTable('orders', (table) => {
      table.increments('id')
      table.integer('customer_id').references('id').inTable('customers')
      table.integer('amount')
    })

exports.down = (knex) => knex.schema.dropTable('orders').dropTable('customers')
