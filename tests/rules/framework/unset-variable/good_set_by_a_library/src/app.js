const { serve } = require('@hono/node-server');
const { Hono } = require('hono');
const { timing } = require('hono/timing');

const app = new Hono();

async function requireUser(c, next) {
  c.set('userId', Number(c.req.header('x-user')));
  await next();
}

app.use(timing());
app.get('/me', requireUser, (c) => c.json({ name: c.get('metric').name }));

serve({ fetch: app.fetch, port: 3000 });
