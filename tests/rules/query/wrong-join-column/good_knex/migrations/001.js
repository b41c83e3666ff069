exports.up = (knex) =>
  knex.schema
    .createTable('authors', (t) => {
      t.increments('id')
    })
    .createTable('posts', (t) => {
      t.increments('id')
      t.integer('author_id').references('id').inTable('authors')
    })
    .createTable('likes', (t) => {
      t.integer('post_id').references('posts.id')
      t.integer('author_id').references('authors.id')
    })
