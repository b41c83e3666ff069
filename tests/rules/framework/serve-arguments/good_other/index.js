import { serve } from 'bun';
import { Hono } from 'hono';

const app = new Hono();
app.get('/loans', (c) => c.json([]));

serve({ fetch: app.fetch, port: 3000 }, { name: 'library' });
