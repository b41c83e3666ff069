export default async function orders(app) {
  app.post('/orders', async (request, reply) => reply.code(201).send(request.body));
  app.post('/orders/:id/star', async (request) => ({ id: request.params.id, starred: true }));
}
