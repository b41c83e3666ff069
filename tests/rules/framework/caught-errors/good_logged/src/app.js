const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const { answerErrors } = require('./errors');

const app = new Hono();
app.use('*', answerErrors);
app.get('/orders/:id', (c) => {
  if (c.req.param('id') === '0') {
    throw new Error('no such order');
  }
  return c.json({});
});

serve({ fetch: app.fetch, port: 3000 });
