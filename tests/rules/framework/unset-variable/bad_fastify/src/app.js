const fastify = require('fastify');

const app = fastify();

app.decorateRequest('userId', null);

async function requireUser(request) {
  request.userId = Number(request.headers['x-user']);
}

app.get('/me', { preHandler: requireUser }, async (request) => ({ id: request.userId }));

app.post('/orders', async (request, reply) => {
  reply.code(201);
  return { by: request.userId }; // expect: framework/unset-variable
});

app.listen({ port: 3000 });
