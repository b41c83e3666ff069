import type { Context, Next } from 'hono';

export async function requireMember(c: Context, next: Next) {
  const header = c.req.header('Authorization') ?? '';
  if (!/^Bearer \S+$/.test(header)) {
    return c.json({ error: 'sign in' }, 401);
  }
  return next();
}
