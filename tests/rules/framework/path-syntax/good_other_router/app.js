import { Hono } from 'hono';
import Fastify from 'fastify';

const app = new Hono();
app.get('/orders/:id{[0-9]+}', (c) => c.json({ id: c.req.param('id') }));
app.all('*', (c) => c.notFound());

const fastify = Fastify();
fastify.get('/files/*', async () => []);
fastify.get('/page/:number?', async () => []);

export { app, fastify };
