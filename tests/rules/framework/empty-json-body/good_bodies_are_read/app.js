import Fastify from 'fastify';
import { save } from './save.js';

const app = Fastify();
app.get('/orders', async () => []);
app.post('/orders', async ({ body }) => body);
app.put('/orders/:id', async (request) => save(request));
app.patch('/orders/:id', async (request) => {
  const { note } = request.body;
  return { note };
});

export default app;
