import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { listening } from './listening.js';

const app = new Hono();
app.get('/loans', (c) => c.json([]));

serve(app);
serve({ fetch: app.fetch, port: 3001 });
serve({ fetch: app.fetch, port: 3002 }, (info) => console.log(info.port));
serve({ fetch: (request) => app.fetch(request), port: 3003 }, listening);
