const knex = require('knex')

const db = knex({ client: 'pg' })

exports.comments = async () =>
  await db('comments as c')
    .join('posts as p', 'p.id', '=', 'c.author_id') // expect: query/wrong-join-column
    .select('c.id', 'p.id as post')

exports.authors = async () =>
  await db('posts')
    .leftJoin('authors', function () {
      this.on('authors.id', '=', 'posts.id') // no foreign key says what these are
    })
    .leftJoin('comments', { 'comments.post_id': 'posts.id' })
    .select('posts.id')
