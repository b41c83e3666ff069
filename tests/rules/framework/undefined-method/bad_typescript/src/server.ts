import Fastify from 'fastify'
import { TreeService } from './service'
import { TreeStore } from './store'

const app = Fastify()
const service = new TreeService(new TreeStore())

app.get('/trees/:id', (request) => service.one((request.params as { id: string }).id))
app.listen({ port: 3000 })
