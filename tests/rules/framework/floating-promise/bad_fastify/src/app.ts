import Fastify from 'fastify'
import { ring, tones } from './bells'

const app = Fastify()

app.post<{ Params: { id: string } }>('/bells/:id', async (request, reply) => {
  ring(request.params.id).then(() => reply.code(204).send()) // expect: framework/floating-promise
})

app.get('/tones', (request, reply) => {
  tones().then((found) => { // expect: framework/floating-promise
    reply.send(found)
  })
})

app.listen({ port: 3000 })
