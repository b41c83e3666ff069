import { Hono } from 'hono';

const app = new Hono();
app.post('/', async (c) => {
  const { title } = c.req.json(); // expect: hono/body-not-awaited
  return c.json({ title }, 201);
});
app.put('/', async (c) => {
  const title = c.req.json().title; // expect: hono/body-not-awaited
  return c.json({ title });
});

export default app;
