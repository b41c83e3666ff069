const knex = require('knex')

const db = knex({ client: 'pg' })

exports.all = async () => await db('invoices').select('id')
exports.authors = async () => await db('authors').select('id')
