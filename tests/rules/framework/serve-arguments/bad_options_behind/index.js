import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const app = new Hono();
app.get('/loans', (c) => c.json([]));

serve(app, { port: 3000 }); // expect: hono/serve-arguments
serve({ fetch: app.fetch }, 3000); // expect: hono/serve-arguments
