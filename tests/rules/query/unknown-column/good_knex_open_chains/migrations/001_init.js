const { addAudit } = require('./helpers')

exports.up = async function up(knex) {
  await knex.schema.createTable('customers', (t) => {
    t.increments()
    t.string('full_name')
    addAudit(t)
  })
  const hasOrders = await knex.schema.hasTable('orders')
  if (!hasOrders) {
    await knex.schema.createTable('orders', (t) => {
      t.increments()
      t.integer('customer_id').references('customers.id')
      t.integer('amount')
      t.timestamps(false, true, true)
    })
  }
  if (await knex.schema.hasColumn('orders', 'amount')) {
    await knex.schema.alterTable('orders', (t) => t.dropColumn('amount'))
  }
  await knex.schema.createTable('events', (t) => {
    for (const name of ['kind', 'source']) t.string(name)
    t.jsonb('payload')
  })
}

exports.down = async (knex) => {
  await knex.schema.alterTable('customers', (t) => t.dropColumn('full_name'))
}
