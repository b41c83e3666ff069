import { Hono } from 'hono';
import { ferries } from './ferries.js';

const app = new Hono();
app.delete('/ferries/:id', async (c) => {  // expect: framework/no-answer
  await ferries.remove(c.req.param('id'));
});
export default app;
