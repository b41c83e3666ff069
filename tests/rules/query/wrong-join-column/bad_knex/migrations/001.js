exports.up = (knex) =>
  knex.schema
    .createTable('authors', (t) => {
      t.increments('id')
      t.string('handle')
    })
    .createTable('posts', (t) => {
      t.increments('id')
      t.integer('author_id').references('id').inTable('authors')
    })
    .createTable('comments', (t) => {
      t.increments('id')
      t.integer('post_id').references('posts.id')
      t.integer('author_id')
      t.foreign('author_id').references('id').inTable('authors')
    })
