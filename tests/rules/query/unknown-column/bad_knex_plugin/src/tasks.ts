import type { FastifyInstance } from 'fastify'
import type { Knex } from 'knex'

export function tasks(fastify: FastifyInstance) {
  const knex = fastify.knex
  return {
    async byOwner(id: number, trx?: Knex) {
      return (trx ?? knex)('tasks').where({ owner: id }).first() // expect: query/unknown-column
    },
    async named(name: string) {
      return await fastify.knex('tasks').where('title', name) // expect: query/unknown-column
    },
    async add(name: string) {
      const [id] = await knex('tasks').insert({ name, owner_id: 1 })
      return id
    },
  }
}
