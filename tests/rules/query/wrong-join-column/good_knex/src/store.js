const knex = require('knex')

const db = knex({ client: 'pg' })

exports.own = async () =>
  await db('posts as p')
    .join('likes as l', (j) => j.on('l.post_id', 'p.id').andOn('l.author_id', 'p.author_id'))
    .join('authors as a', 'a.id', 'l.author_id')
    .select('p.id')
