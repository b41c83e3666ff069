exports.up = (knex) =>
  knex.schema
    .createTable('authors', (t) => {
      t.increments('id')
    })
    .createTable('posts', (t) => {
      t.increments('id')
    })
