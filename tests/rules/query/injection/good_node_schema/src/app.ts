import { Hono } from 'hono'
import { zValidator } from '@hono/zod-validator'
import { list } from './books'
import { checked, free, narrow, reshaped, words } from './schemas'
import { parsePage } from './paging'

const app = new Hono()

app.get('/narrow', zValidator('query', narrow), (c) => c.json(list(c.req.valid('query').sort)))
app.get('/words', zValidator('query', words), (c) => c.json(list(c.req.valid('query').sort)))
app.get('/checked', zValidator('query', checked), (c) => c.json(list(c.req.valid('query').sort)))
app.get('/reshaped', (c) => c.json(list(reshaped.parse(c.req.query()).sort)))
app.get('/page', (c) => c.json(list(parsePage(c.req.query()).sort)))
app.get('/picked', zValidator('query', free), (c) => {
  const { sort } = c.req.valid('query')
  return c.json(list(sort === 'title' ? 'title' : 'id'))
})

export default app
