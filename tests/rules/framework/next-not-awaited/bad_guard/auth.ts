import { createMiddleware } from 'hono/factory';

export const requireMember = createMiddleware(async (c, next) => {
  if (!c.req.header('authorization')) {
    return c.json({ error: 'sign in first' }, 401);
  }
  next(); // expect: hono/next-not-awaited
});
