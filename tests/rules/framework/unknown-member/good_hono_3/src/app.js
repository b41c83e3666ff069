const { serve } = require('@hono/node-server');
const { Hono } = require('hono');

const app = new Hono();

app.get('/me', (c) => c.json({ agent: c.req.headers.get('user-agent') }));

serve({ fetch: app.fetch, port: 3000 });
