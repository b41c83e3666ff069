import { Hono } from 'hono';

const app = new Hono();
app.post('/', async (c) => {
  const body = c.req.json();
  const { title } = await body;
  return c.json({ title, json: c.req.header('content-type') }, 201);
});

export default app;
