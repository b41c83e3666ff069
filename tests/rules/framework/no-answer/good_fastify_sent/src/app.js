const fastify = require('fastify');

const orders = new Map();
const app = fastify();

app.delete('/orders/:id', async (request, reply) => {
  orders.delete(request.params.id);
  reply.code(204);
});

app.put('/orders/:id', async (request, reply) => {
  orders.set(request.params.id, request.body);
  reply.code(200).send({});
});

app.get('/orders', async (request, reply) => {
  reply.code(200);
  reply.raw.end('[]');
});

app.listen({ port: 3000 });
