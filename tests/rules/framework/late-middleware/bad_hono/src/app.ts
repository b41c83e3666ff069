import { Hono } from 'hono'
import { logger } from 'hono/logger'
import { identify } from './identify'
import { notes } from './notes'

export function createApp() {
  const app = new Hono()
  app.use(logger())
  app.route('/api/notes', notes)
  app.use('/api/*', identify) // expect: framework/late-middleware
  app.get('/health', (c) => c.text('ok'))
  return app
}
