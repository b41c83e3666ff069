import Fastify from 'fastify';

const app = Fastify();
app.get<{ Params: { id: string } }>('/orders/:slug', async (request) => ({ id: request.params.id })); // expect: framework/path-parameter

export default app;
