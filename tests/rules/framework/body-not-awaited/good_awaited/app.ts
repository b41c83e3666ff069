import { Hono } from 'hono';

const app = new Hono();
app.post('/', async (c) => {
  const { title } = await c.req.json();
  return c.json({ title }, 201);
});
app.put('/', (c) => c.req.json().then((body) => c.json(body)));

export default app;
