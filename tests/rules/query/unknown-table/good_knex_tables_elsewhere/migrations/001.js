const names = require('../src/tables')

exports.up = async (knex) => {
  await knex.schema.createTable('authors', (t) => t.increments('id'))
  for (const name of names) {
    await knex.schema.createTable(name, (t) => t.increments('id'))
  }
}
