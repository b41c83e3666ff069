import { Hono } from 'hono';
import { z } from 'zod';

const loan = z.object({ copy: z.string() });
const app = new Hono();
app.post('/loans', (c) => {
  const { copy } = loan.parse(c.req.json()); // expect: hono/body-not-awaited
  return c.json({ copy }, 201);
});
app.put('/loans', async (c) => c.json(loan.parse(await c.req.json())));
app.patch('/loans', async (c) => c.json(await c.req.json().then((body) => loan.parse(body))));

export default app;
