import type { FastifyInstance } from 'fastify'

import type { Store } from './store'

export function register(app: FastifyInstance, store: Store) {
  app.get('/trees/:id', (request) => {
    const { id } = request.params as { id: string }
    const tree = await store.one(id) // expect: startup/syntax-error
    return { tree }
  })
}
