export default async function routes(app) {
  app.get('/orders', async (request, reply) => {
    reply.send({ orders: [] });
    // ruleid: fastify-reply-after-return
    return { orders: [] };
  });
  app.post('/orders', async (request, reply) => {
    reply.code(201).send({ id: 1 });
    // ruleid: fastify-reply-after-return
    return { id: 1 };
  });
  app.get('/members', async (request, reply) => {
    reply.send({ members: [] });
    // ok: fastify-reply-after-return
    return reply;
  });
  app.get('/health', async (request, reply) => {
    if (!app.ready) {
      return reply.code(503).send({ ok: false });
    }
    // ok: fastify-reply-after-return
    return { ok: true };
  });
}
