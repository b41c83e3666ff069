const knex = require('knex')

const db = knex({ client: 'pg' })

exports.all = async () => await db('articles').select('id')
exports.authors = async () => await db('authors').select('id')
exports.migrated = async () => await db('knex_migrations').select('name')
