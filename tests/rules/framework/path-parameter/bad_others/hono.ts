import { Hono } from 'hono';

const app = new Hono();
app.get('/orders/:id', (c) => c.json({ slug: c.req.param('slug') })); // expect: framework/path-parameter

export default app;
