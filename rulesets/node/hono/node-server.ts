import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { OpenAPIHono } from '@hono/zod-openapi';
import express from 'express';
import { createServer } from 'node:http';
import { Hono as Server } from './framework';
import { listening } from './server';

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

export function chained(port: number) {
  const documented = new OpenAPIHono().basePath('/api');
  // ok: hono-node-server
  documented.listen(port);
  const other = listening(new Hono());
  // ok: hono-node-server
  other.listen(port);
}

// another value by then, or a method that was added
export function replaced(port: number) {
  let server = new Hono();
  server = listening(server);
  // ok: hono-node-server
  server.listen(port);
}

export function extended(port: number) {
  const server = Object.assign(new Hono(), { listen: () => port });
  // ok: hono-node-server
  server.listen();
  const own = new Hono();
  own.listen = () => port;
  // ok: hono-node-server
  own.listen();
}

export function shadowed(port: number) {
  const api = new Hono();
  // ok: hono-node-server
  const run = (api) => api.listen(port);
  // ok: hono-node-server
  return createServer((req, res) => res.end()).listen(port, () => run(api));
}

export function framework(port: number) {
  const own = new Server();
  // ok: hono-node-server
  own.listen(port);
}
