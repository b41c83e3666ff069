import type { Context } from 'hono';

export async function list(c: Context) {
  c.json([]); // expect: hono/missing-return
}
