import Fastify from 'fastify';

async function inner(fastify) {
  fastify.get('/', async () => fastify.rates);
}
async function outer(fastify) {
  fastify.decorate('rates', [1]);
  fastify.register(inner);
}
async function other(fastify) {
  fastify.get('/other', async () => (fastify.hasDecorator('rates') ? fastify.rates : []));
}
async function raw(fastify) {
  fastify.decorate('clock', () => Date.now());
}
raw[Symbol.for('skip-override')] = true;
async function timed(fastify) {
  fastify.get('/time', async () => fastify.clock());
}

const app = Fastify();
app.register(outer);
app.register(other);
app.register(raw);
app.register(timed);

export default app;
