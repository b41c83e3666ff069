import Fastify from 'fastify';

const app = Fastify();
app.get('/:id', async (request, reply) => {
  try {
    if (request.params.id === '0') {
      reply.code(404).send({ error: 'not found' }); // expect: framework/reply-twice
    }
    return reply.send({ id: request.params.id });
  } catch (error) {
    return reply.code(500).send(error);
  }
});

export default app;
