import { Hono } from 'hono';
import { ferries } from './ferries.js';

const app = new Hono();
app.delete('/ferries/:id', async (c) => {
  await ferries.remove(c.req.param('id'));
  return c.body(null, 204);
});
export default app;
