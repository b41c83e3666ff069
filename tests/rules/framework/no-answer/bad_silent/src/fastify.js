import Fastify from 'fastify';
import { ferries } from './ferries.js';

const app = Fastify();
app.delete('/ferries/:id', async (request) => {  // expect: framework/no-answer
  await ferries.remove(request.params.id);
});
app.listen({ port: 3000 });
