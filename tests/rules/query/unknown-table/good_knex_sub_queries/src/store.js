const knex = require('knex')

const db = knex({ client: 'pg' })

exports.trim = async () =>
  await db
    .with('newest', (q) => q.select('id').from('links').orderBy('id', 'desc').limit(10))
    .from('links')
    .whereNotIn('id', db.select('id').from('newest'))
    .delete()
exports.plans = async () => await db('plans').select('id')
exports.users = async () => await db('users').select('id')
