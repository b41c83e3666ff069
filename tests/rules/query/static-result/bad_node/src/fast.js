const fastify = require('fastify')();

fastify.get('/v2/ships', async (request, reply) => {
  return []; // expect: query/static-result
});

fastify.listen({ port: 3000 });
