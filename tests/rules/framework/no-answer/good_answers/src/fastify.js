import Fastify from 'fastify';
import { ferries } from './ferries.js';

const app = Fastify();
app.delete('/ferries/:id', async (request, reply) => {
  await ferries.remove(request.params.id);
  reply.code(204).send();
});
app.listen({ port: 3000 });
