exports.up = (knex) => knex.schema.renameTable('posts', 'articles')
exports.down = (knex) => knex.schema.renameTable('articles', 'posts')
