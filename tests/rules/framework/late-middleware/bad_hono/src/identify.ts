import { createMiddleware } from 'hono/factory'

export const identify = createMiddleware(async (c, next) => {
  c.set('owner', c.req.header('x-owner') ?? null)
  await next()
})
