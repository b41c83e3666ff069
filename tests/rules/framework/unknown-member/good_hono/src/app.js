const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const { listing } = require('./orders');

const app = new Hono();

app.get('/orders', listing);

app.get('/tags', (c) => {
  c.status(200);
  const read = c.req.query;
  return c.json({ tags: [], page: read.call(c.req, 'page'), to: c.res.headers.get('location') });
});

serve({ fetch: app.fetch, port: 3000 });
