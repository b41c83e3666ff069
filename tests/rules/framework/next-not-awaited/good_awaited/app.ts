import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';

const app = new Hono();
app.use((c, next) => next());
app.use(async (c, next) => {
  await next();
  c.header('X-Service', 'library');
});
app.use(createMiddleware(async (c, next) => {
  if (c.req.method === 'GET') return next();
  const rest = next();
  c.set('started', Date.now());
  await rest;
}));
app.get('/loans', (c) => c.json([]));

export default app;
