const app = require('fastify')(); // expect: fastify/empty-json-body warning

app.put('/orders/:id/star', async (request) => ({ id: request.params.id, starred: true }));
