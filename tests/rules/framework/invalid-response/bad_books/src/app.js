import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { zValidator } from '@hono/zod-validator';
import { z } from 'zod';
import { find, save, toView } from './books.js';

const book = z.object({ title: z.string() });
const known = createMiddleware(async (c, next) => {
  c.set('reader', c.req.header('X-Reader'));
  await next();
});

const app = new Hono();
app.use('*', cors());

app.get('/books/:title', known, async (c) => {
  return toView(find(c.req.param('title'))); // expect: hono/invalid-response
});

app.post('/books', known, async (c) => {
  const { title } = c.req.valid('json'); // expect: hono/invalid-response
  save({ title });
  return c.json({ title }, 201);
});

app.put('/books/:title', known, zValidator('query', book), async (c) => {
  save(c.req.valid('json')); // expect: hono/invalid-response
  return c.body(null, 204);
});

app.delete('/books/:title', known, async (c) => {
  return c.json({ deleted: true }, 204); // expect: hono/invalid-response
});

export default app;
