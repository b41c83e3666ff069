import { Hono } from 'hono'

export function makeRouter(version: string) {
  const router = new Hono()
  router.use('*', async (c, next) => {
    c.header('x-version', version)
    await next()
  })
  return router
}
