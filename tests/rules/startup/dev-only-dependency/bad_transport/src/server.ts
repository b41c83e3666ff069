import Fastify from 'fastify';

const app = Fastify({
  logger: {
    transport: { target: 'pino-pretty' }, // expect: startup/dev-only-dependency
  },
});
app.get('/loans', async () => ({ loans: [] }));
await app.listen({ port: 3000 });
