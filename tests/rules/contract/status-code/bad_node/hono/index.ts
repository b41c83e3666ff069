import { Hono } from 'hono';

const app = new Hono();
app.get('/tides', (c) => c.json([]));
app.post('/tides', async (c) => {
  const tide = await c.req.json();
  return c.json(tide, 200); // expect: contract/status-code
});

export default app;
