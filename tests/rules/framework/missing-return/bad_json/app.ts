import { Hono } from 'hono';
import { list } from './handlers';

const app = new Hono();
app.get('/', list);
app.get('/:id', async (c) => {
  const id = c.req.param('id');
  if (id === '0') {
    c.json({ error: 'not found' }, 404); // expect: hono/missing-return
  }
  return c.json({ id });
});

export default app;
