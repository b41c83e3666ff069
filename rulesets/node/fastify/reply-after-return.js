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
  app.get('/basket', { schema: {} }, async function (request, reply) {
    reply.status(404).send({ error: 'none' });
    // ruleid: fastify-reply-after-return
    return await app.basket(request);
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
  app.get('/ready', async (request, reply) => {
    if (!app.ready) {
      reply.code(503).send({ ok: false });
      // ok: fastify-reply-after-return
      return;
    }
    // ok: fastify-reply-after-return
    return { ok: true };
  });
  app.get('/status', async (request, reply) => {
    reply.code(202);
    // ok: fastify-reply-after-return
    return { ok: true };
  });
  app.get('/inner', async (request, reply) => {
    const check = () => {
      reply.send({ ok: false });
      // ok: fastify-reply-after-return
      return 'sent';
    };
    if (!app.ready && check() === 'sent') {
      return reply;
    }
    return { ok: true };
  });
  app.get('/awaited', async (request, reply) => {
    reply.send({ ok: true });
    // ok: fastify-reply-after-return
    return await reply;
  });
  app.get('/stream', async (request, reply) => {
    reply.hijack();
    reply.raw.end('x');
    // ok: fastify-reply-after-return
    return {};
  });
  app.get('/plain', (request, reply) => {
    reply.send({ ok: true });
    // ok: fastify-reply-after-return
    return 'sent';
  });
  app.get('/events', async (request, reply) => {
    request.socket.on('close', function () {
      reply.send({});
      // ok: fastify-reply-after-return
      return 'closed';
    });
    return reply;
  });
  app.get('/then', async (request, reply) => {
    app.basket(request).then((basket) => {
      reply.send(basket);
      // ok: fastify-reply-after-return
      return [basket];
    });
    await reply;
  });
}

// another library's reply
export function listen(bus) {
  bus.get('orders', async (message, reply) => {
    reply.send({ orders: [] });
    // ok: fastify-reply-after-return
    return { handled: true };
  });
}
