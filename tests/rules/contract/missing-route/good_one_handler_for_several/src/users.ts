import { Hono } from 'hono';

export const users = new Hono();
users.get('/', (c) => c.json([]));
users.get('/:id', (c) => {
  const id = c.req.param('id') === 'me' ? c.get('userId') : c.req.param('id');
  return c.json({ id });
});
