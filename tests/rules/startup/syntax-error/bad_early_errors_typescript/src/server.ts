import Fastify from 'fastify'

import { register } from './trees'
import { Store } from './store'

const app = Fastify()
register(app, new Store())
app.listen({ port: 3000 })
