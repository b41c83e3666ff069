import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

export function memberOf(c: Context) {
  const member = c.req.header('Authorization')?.replace('Bearer ', '');
  if (!member) {
    throw new HTTPException(401);
  }
  return member;
}
