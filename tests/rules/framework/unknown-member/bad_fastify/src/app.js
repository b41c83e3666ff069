const fastify = require('fastify');

const { signIn } = require('./session');

const app = fastify();

app.get('/orders/:id', async (request, reply) => {
  if (request.params.id === '0') {
    return reply.status(404).json({ error: 'no such order' }); // expect: framework/unknown-member
  }
  return { id: request.params.id };
});

app.post('/session', async (request, reply) => signIn(request, reply));

app.listen({ port: 3000 });
