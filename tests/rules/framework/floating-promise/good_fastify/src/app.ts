import Fastify from 'fastify'
import { ring, tones } from './bells'

const app = Fastify()

app.post<{ Params: { id: string } }>('/bells/:id', async (request, reply) => {
  await ring(request.params.id)
  return reply.code(204).send()
})

app.get('/tones', (request, reply) => {
  return tones().then((found) => reply.send(found))
})

app.get('/all', async (request, reply) => {
  await tones().then((found) => reply.send(found))
})

app.listen({ port: 3000 })
