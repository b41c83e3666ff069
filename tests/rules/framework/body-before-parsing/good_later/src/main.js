import Fastify from 'fastify';

const app = Fastify();

async function throttle(request, reply) {
  if (request.body.address === '') return reply.code(429).send({ error: 'wait' });
}

app.addHook('preHandler', async (request) => { request.log.info({ size: request.body?.text?.length }); });
app.post('/letters', { preValidation: throttle }, async (request) => ({ text: request.body.text }));
app.listen({ port: 3000 });
