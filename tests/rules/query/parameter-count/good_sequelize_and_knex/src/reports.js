const knex = require('knex')({ client: 'pg' });

async function columns(state) {
  await knex.raw('SELECT ?? FROM ?? WHERE ?? = ?', ['id', 'orders', 'state', state]);
  await knex.raw('SELECT :column: FROM orders WHERE id = :id', { column: 'state', id: 1 });
  return knex.raw("SELECT id FROM orders WHERE data \\? 'state' AND id = ?", [1]);
}

module.exports = { columns };
