const knex = require('knex')

module.exports = knex({ client: process.env.DB_CLIENT, connection: process.env.DATABASE_URL })
