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
  return c.json(toView(find(c.req.param('title'))));
});

app.post('/books', known, zValidator('json', book), async (c) => {
  const { title } = c.req.valid('json');
  save({ title });
  return c.json({ title }, 201);
});

app.delete('/books/:title', known, (c) => c.body(null, 204));

const answering = (handler) => async (c) => c.json(await handler(c));

app.get('/shelf', answering(async (c) => {
  return { reader: c.get('reader') };
}));

export default app;
