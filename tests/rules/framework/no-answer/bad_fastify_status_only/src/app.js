const fastify = require('fastify');

const orders = new Map();
const app = fastify();

app.delete('/orders/:id', async (request, reply) => { // expect: framework/no-answer
  orders.delete(request.params.id);
  reply.code(200).header('x-orders', String(orders.size));
});

app.listen({ port: 3000 });
