import Fastify from 'fastify';

const app = Fastify();
app.addHook('onRequest', async (request) => {
  if (request.headers['content-length'] === '0') delete request.headers['content-type'];
});
app.post('/orders/:id/star', async (request) => ({ id: request.params.id }));

export default app;
