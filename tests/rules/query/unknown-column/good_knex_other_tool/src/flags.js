const knex = require('knex')

const db = knex({ client: 'pg' })

exports.ofProject = async (project) => await db('flags').where({ project }).select('name')
