import { Hono } from 'hono';
import { requireMember } from './auth';

const app = new Hono();
app.use('/api/*', async (c, next) => {
  c.header('X-Service', 'library');
  next(); // expect: hono/next-not-awaited
});
app.get('/api/loans', requireMember, async (c) => c.json(await Promise.resolve([])));

export default app;
