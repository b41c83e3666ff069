exports.up = (knex) =>
  knex.schema
    .createTable('links', (t) => t.increments('id'))
    .createTable('plans', (t) => t.increments('id'))
    .createTable('users', (t) => t.increments('id'))
