import { serve } from 'hono/node-server' // expect: startup/unresolved-import
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Settings } from 'hono/zod-openapi'

const app = new Hono()
app.use(cors())
app.get('/', (c) => c.text('ding'))
export const settings: Partial<Settings> = {}
serve(app)
