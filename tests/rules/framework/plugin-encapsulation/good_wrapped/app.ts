import Fastify from 'fastify';
import fp from 'fastify-plugin';

const database = fp(async (fastify) => {
  fastify.decorate('db', {});
}, { name: 'db' });

const app = Fastify();
app.register(database);
app.register(async (inner) => {
  inner.get('/', async () => inner.db);
});

export default app;
