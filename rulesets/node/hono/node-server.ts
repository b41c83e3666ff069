import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import express from 'express';

const app = new Hono();
app.get('/', (c) => c.text('ok'));
// ruleid: hono-node-server
app.listen(3000);
// ok: hono-node-server
serve({ fetch: app.fetch, port: 3000 });

export function start(port: number) {
  const api = new Hono<{ Variables: { user: string } }>();
  // ruleid: hono-node-server
  api.listen(port);
  const old = express();
  // ok: hono-node-server
  old.listen(port);
}
