const knex = require('knex')
const { knexSnakeCaseMappers } = require('objection')

module.exports = knex({ client: 'pg', ...knexSnakeCaseMappers() })
