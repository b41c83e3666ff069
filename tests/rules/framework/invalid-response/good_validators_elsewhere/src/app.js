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

const checked = (schema) => zValidator('json', schema);

app.use('/books/*', zValidator('query', book));

app.post('/books', checked(book), async (c) => {
  save(c.req.valid('json'));
  return c.text('saved', 201);
});

app.get('/books', async (c) => {
  const { title } = c.req.valid('query');
  const found = find(title);
  return found ?? c.notFound();
});

export default app;
