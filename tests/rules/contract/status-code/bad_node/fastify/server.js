const fastify = require('fastify')();

fastify.get('/ports', async () => []);
fastify.post('/ports', async (request, reply) => {
  reply.code(200);
  return { name: request.body.name }; // expect: contract/status-code
});
