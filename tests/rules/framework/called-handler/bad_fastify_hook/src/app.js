const fastify = require('fastify');

const app = fastify();

async function requireUser(request) {
  if (!request.headers.authorization) {
    throw new Error('signed out');
  }
}

app.get('/orders', { preHandler: requireUser() }, async () => []); // expect: framework/called-handler

app.listen({ port: 3000 });
