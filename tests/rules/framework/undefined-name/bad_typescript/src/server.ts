import Fastify from 'fastify'
import { TreeStore } from './store'

const app = Fastify()
const store = new TreeStore()

app.get('/trees/:id', async (request, reply) => {
  const { id } = request.params as { id: string }
  const tree = store.one(id)
  if (!tree) throw new NotFound(`tree ${id}`) // expect: any/undefined-name
  return reply.send(tree)
})
app.listen({ port: 3000 })
