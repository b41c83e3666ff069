import Fastify from 'fastify';
import failures from './failures.js';
import text from './text.js';

async function berths(fastify) {
  fastify.get('/', async () => []);
  fastify.post('/', async (request) => request.body);
}

export function build() {
  const app = Fastify();
  app.register(failures);
  app.register(text);
  app.register(berths, { prefix: '/berths' });
  return app;
}
