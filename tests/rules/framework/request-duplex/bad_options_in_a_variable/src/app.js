import { Hono } from 'hono';

export const app = new Hono();

app.post('/signals', async (c) => c.json(await c.req.json(), 201));
