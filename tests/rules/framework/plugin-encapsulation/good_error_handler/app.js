import Fastify from 'fastify';
import { failures, shared, spare } from './failures.js';

async function berths(fastify) {
  fastify.setErrorHandler((error, request, reply) => reply.code(400).send({ problem: error.message }));
  fastify.get('/', async () => []);
}

async function outer(fastify) {
  fastify.setErrorHandler((error, request, reply) => reply.code(500).send({}));
  fastify.register(berths, { prefix: '/berths' });
}

async function files(fastify, options) {
  fastify.addContentTypeParser('*', (request, payload, done) => done(null, payload));
  options.routes(fastify);
}

export function build(routes) {
  const app = Fastify();
  failures(app);
  app.register(shared);
  app.register(spare);
  app.register(outer);
  app.register(files, { routes });
  return app;
}
