const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const app = new Hono();

app.post('/orders', async (c) => {
  const order = c.req.body; // expect: framework/unknown-member
  return c.status(201).json(order); // expect: framework/unknown-member
});

app.get('/orders/:id', (c) => c.json({ id: c.req.params.id })); // expect: framework/unknown-member

app.get('/orders', (c) => {
  const page = Number(c.req.query.page); // expect: framework/unknown-member
  return c.json({ page });
});

serve({ fetch: app.fetch, port: 3000 });
