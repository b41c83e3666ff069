const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const app = new Hono();

async function requireUser(c, next) {
  c.set('userId', Number(c.req.header('x-user')));
  await next();
}

app.get('/me', requireUser, (c) => c.json({ name: c.get('user').name })); // expect: framework/unset-variable

serve({ fetch: app.fetch, port: 3000 });
