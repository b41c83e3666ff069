const knex = require('knex')

const db = knex({ client: 'pg' })

exports.search = async (term) => db('pages').where('title', 'ilike', `%${term}%`).distinctOn('author_id')
exports.add = async (title) => {
  const [row] = await db('pages').insert({ title }).returning('*')
  return row
}
