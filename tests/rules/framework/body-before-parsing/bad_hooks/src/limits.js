import fp from 'fastify-plugin';

export default fp(async (app) => {
  const seen = new Map();
  app.decorate('throttle', async (request, reply) => {
    const key = request.body?.address; // expect: fastify/body-before-parsing
    if (seen.has(key)) return reply.code(429).send({ error: 'wait' });
    seen.set(key, Date.now());
  });
});
