exports.up = function (knex) {
  return knex.schema.alterTable('orders', function (table) {
    table.renameColumn('amount', 'total_cents')
    table.text('note')
  })
}
