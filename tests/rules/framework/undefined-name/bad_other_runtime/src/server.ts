import { Hono } from 'hono'

const app = new Hono()
app.get('/', (c) => c.json({}))

Bun.serve({ fetch: app.fetch, port: 3000 }) // expect: any/undefined-name
