import { Hono } from 'hono';

const app = new Hono();
app.use(async (c, next) => {
  c.set('started', Date.now());
  c.header('x-shop', '1');
  await next();
  c.res = c.json({ wrapped: true });
});
app.get('/', (c) => c.json([]));
app.get('/:id', async (c) => {
  const answer = c.text('ok');
  c.status(200);
  return answer;
});

export default app;
