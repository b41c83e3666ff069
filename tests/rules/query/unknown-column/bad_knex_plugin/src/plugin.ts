import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import knex from 'knex'

export default fp(async (fastify: FastifyInstance) => {
  fastify.decorate('knex', knex({ client: 'mysql2' }))
})
